package gradus.lessons.lab.reasoning;

import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.List;

/// What the player of the game of 24 learns: of states on the way to 24 a next thought, each of those that lead on
/// as often as the other; of all states whether 24 can still be made.
final class GameLessons {
    private static final double LEADS = Double.parseDouble(System.getProperty("leads", "0.3"));
    private final WholeNumbers rules;
    private final List<List<Integer>> puzzles;
    private final int batch;
    private final Rng rng;

    /// @param puzzles that it may learn from
    /// @param batch   lessons of a step
    GameLessons(WholeNumbers rules, List<List<Integer>> puzzles, int batch, Rng rng) {
        this.rules = rules;
        this.puzzles = puzzles;
        this.batch = batch;
        this.rng = rng;
    }

    List<Lesson> of(int step) {
        List<Lesson> lessons = new ArrayList<>();
        for (int i = 0; lessons.size() < batch; i++) {
            Rng draw = rng.at(step).at(i);
            List<Integer> state = puzzles.get(draw.index(0, puzzles.size()));
            for (int depth = 0; state.size() > 1; depth++) {
                List<WholeNumbers.Move> good = rules.good(state);
                List<WholeNumbers.Move> moves = WholeNumbers.moves(state);
                boolean leads = !good.isEmpty() && draw.at(depth).uniform(3) < LEADS;
                List<WholeNumbers.Move> taught = leads ? good : moves;
                String thought = taught.get(draw.at(depth).index(0, taught.size())).thought();
                lessons.add(new Lesson(SmallGame.thoughtPrompt(state), thought + "\n"));
                boolean stays = !good.isEmpty() && draw.at(depth).uniform(1) < 0.6; // so that y and n come alike often
                List<WholeNumbers.Move> from = stays ? good : moves;
                state = from.get(draw.at(depth).index(2, from.size())).left();
                String verdict = rules.isReachable(state) ? SmallGame.YES : SmallGame.NO;
                lessons.add(new Lesson(SmallGame.valuePrompt(state), verdict + "\n"));
            }
        }
        return lessons.subList(0, batch);
    }
}
