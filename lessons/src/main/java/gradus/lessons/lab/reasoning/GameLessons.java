package gradus.lessons.lab.reasoning;

import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.List;

/// What the player of the game of 24 learns: of each state a next thought that is allowed, of which three in
/// ten are drawn from those that lead on, and the others from all; and of each state whether 24 can still be
/// made.
final class GameLessons {
    private static final double LEADS = 0.3; // of the thoughts are drawn from those behind which 24 can be made
    private static final double STAYS = 0.6; // of the states lead on, so that y and n come alike often

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
                String thought =
                        taught.get(draw.at(depth).index(0, taught.size())).thought();
                lessons.add(new Lesson(SmallGame.thoughtPrompt(state), thought + "\n"));
                boolean stays = !good.isEmpty() && draw.at(depth).uniform(1) < STAYS;
                List<WholeNumbers.Move> from = stays ? good : moves;
                state = from.get(draw.at(depth).index(2, from.size())).left();
                String verdict = rules.isReachable(state) ? SmallGame.YES : SmallGame.NO;
                lessons.add(new Lesson(SmallGame.valuePrompt(state), verdict + "\n"));
            }
        }
        return lessons.subList(0, batch);
    }
}
