package gradus.lessons.lab.reasoning;

import static gradus.error.ConfigException.require;

import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.material.Training;
import gradus.lessons.lab.option.LabProgress;
import gradus.tensor.random.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.normalize.NoNormalizer;
import gradus.tokenizer.pretokenize.Qwen2PreTokenizer;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.tokenizer.train.HuggingFaceTies;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// A model that answers questions for products of numbers of three digits by turns of a thought and an action.
/// It learns what a teacher writes in the very prompts of [gradus.lessons.prompt.react.ReAct]: where the
/// calculator is among the tools, to use it; where not, the product at once. First come prompts without the
/// instruction in front, of which four are read in the time of a whole one: what is to be copied is learned
/// there.
///
/// @param size  of the model
/// @param first training on short prompts
/// @param then  training on whole ones, half of them without the calculator
/// @param batch lessons of a step of the first; of the second half as many
record ToolUserRecipe(PupilSize size, Training first, Training then, int batch) implements Recipe {
    private static final int VOCABULARY = 420;
    private static final int CORPUS = 60; // questions that the tokenizer sees
    private static final String BEGIN = "Question:";

    /// @throws gradus.error.ConfigException if there are fewer than 2 lessons
    ToolUserRecipe {
        require(batch >= 2, "batch must be at least 2; got %d", batch);
    }

    /// Two layers of 64 channels.
    static ToolUserRecipe standard() {
        return new ToolUserRecipe(new PupilSize(256, 2, 64), new Training(300, 4e-3), new Training(60, 3e-3), 32);
    }

    @Override
    public String name() {
        return "tool-user";
    }

    @Override
    public Map<String, ?> train(Path folder, long seed, Consumer<String> say) {
        Rng rng = Rng.of(seed).at(name());
        Products products = new Products(rng.at("lessons"));
        Pupil pupil = new Pupil(tokenizer(products), size, rng.at("weights"));
        pupil.learn(step -> brief(products, step), first, seed, new LabProgress(first.steps(), say));
        pupil.learn(step -> whole(products, step), then, seed, new LabProgress(then.steps(), say));
        pupil.save(folder);
        return Map.of();
    }

    /// Of the texts of some lessons; each digit is a token.
    private static Tokenizer tokenizer(Products products) {
        String corpus = LongStream.range(0, CORPUS)
                .mapToObj(products::lessons)
                .flatMap(List::stream)
                .map(lesson -> lesson.prompt() + lesson.answer())
                .collect(Collectors.joining("\n"));
        return new BpeTrainer(new BpeTrainerOptions(
                        VOCABULARY,
                        0,
                        List.of("<|endoftext|>"),
                        new Qwen2PreTokenizer(),
                        new NoNormalizer(),
                        new HuggingFaceTies()))
                .train(corpus);
    }

    private List<Lesson> brief(Products products, int step) {
        List<Lesson> lessons = new ArrayList<>();
        for (long i = (long) step * batch; lessons.size() < batch; i++) {
            for (Lesson lesson : products.lessons(2 * i)) {
                String prompt = lesson.prompt();
                lessons.add(new Lesson(prompt.substring(prompt.indexOf(BEGIN)), lesson.answer()));
            }
        }
        return lessons.subList(0, batch);
    }

    private List<Lesson> whole(Products products, int step) {
        List<Lesson> lessons = new ArrayList<>();
        for (long i = (long) step * batch; lessons.size() < batch / 2; i++) {
            lessons.addAll(products.lessons(i));
        }
        return lessons.subList(0, batch / 2);
    }
}
