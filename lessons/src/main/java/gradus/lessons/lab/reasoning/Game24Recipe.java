package gradus.lessons.lab.reasoning;

import static gradus.error.ConfigException.require;

import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.material.Training;
import gradus.lessons.lab.option.LabProgress;
import gradus.tensor.random.Rng;
import gradus.tokenizer.CharTokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// A player of the game of 24: one model that writes a next thought behind `T 4 4 6 8:`, and behind `V 4 6 12:`
/// whether 24 can still be made. It learns from all puzzles that can be solved but those held out.
///
/// @param count    numbers of a puzzle
/// @param largest  of them
/// @param held     puzzles that are held out; other ones for each seed
/// @param size     of the model
/// @param training of it
/// @param batch    lessons of a step
record Game24Recipe(int count, int largest, int held, PupilSize size, Training training, int batch) implements Recipe {
    private static final String CHARACTERS = "TV 0123456789+-*/=:yn\n";

    /// @throws gradus.error.ConfigException if nothing is held out, or there is no lesson
    Game24Recipe {
        require(held >= 1 && batch >= 1, "held and batch must be at least 1; got %d and %d", held, batch);
    }

    /// Four numbers from 1 to 9: 397 puzzles, 60 of them held out.
    static Game24Recipe standard() {
        return new Game24Recipe(4, 9, 60, new PupilSize(48, 2, 64), new Training(500, 4e-3), 64);
    }

    @Override
    public String name() {
        return "game24";
    }

    /// The puzzles that a seed holds out, then all others.
    private List<List<Integer>> shuffled(WholeNumbers rules, long seed) {
        List<List<Integer>> puzzles = rules.puzzles(count, largest);
        require(held < puzzles.size(), "%d puzzles cannot be held out of the %d that there are", held, puzzles.size());
        Rng rng = Rng.of(seed).at("puzzles");
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < puzzles.size(); i++) {
            order.add(i);
        }
        order.sort(Comparator.comparingDouble((Integer i) -> rng.uniform(i)));
        return order.stream().map(puzzles::get).toList();
    }

    /// The puzzles that the model of a seed has not learned from.
    List<List<Integer>> heldOut(long seed) {
        return shuffled(new WholeNumbers(), seed).subList(0, held);
    }

    /// All other puzzles.
    List<List<Integer>> learned(long seed) {
        List<List<Integer>> puzzles = shuffled(new WholeNumbers(), seed);
        return puzzles.subList(held, puzzles.size());
    }

    @Override
    public Map<String, ?> train(Path folder, long seed, Consumer<String> say) {
        Rng rng = Rng.of(seed).at(name());
        List<List<Integer>> puzzles = learned(seed);
        GameLessons lessons = new GameLessons(new WholeNumbers(), puzzles, batch, rng.at("lessons"));
        Pupil pupil = new Pupil(CharTokenizer.of(CHARACTERS), size, rng.at("weights"));
        pupil.learn(lessons::of, training, seed, new LabProgress(training.steps(), say));
        pupil.save(folder);
        return Map.of("puzzles", puzzles.size());
    }
}
