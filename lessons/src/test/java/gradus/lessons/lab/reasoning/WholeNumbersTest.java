package gradus.lessons.lab.reasoning;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.lessons.prompt.tree.Game24;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class WholeNumbersTest {
    private final WholeNumbers rules = new WholeNumbers();

    /// [Game24] knows fractions and numbers below 0 too, so it solves a few more: 404 of 495.
    @Test
    void everyPuzzleCanBeSolvedWithFractionsToo() {
        List<List<Integer>> puzzles = rules.puzzles(4, 9);
        assertThat(puzzles).hasSize(397).doesNotHaveDuplicates();
        Set<List<Integer>> whole = new HashSet<>(puzzles);
        int all = 0;
        for (int a = 1; a <= 9; a++) {
            for (int b = a; b <= 9; b++) {
                for (int c = b; c <= 9; c++) {
                    for (int d = c; d <= 9; d++) {
                        boolean reachable =
                                Game24.of(a + " " + b + " " + c + " " + d).isReachable("");
                        all += reachable ? 1 : 0;
                        assertThat(reachable || !whole.contains(List.of(a, b, c, d)))
                                .isTrue();
                    }
                }
            }
        }
        assertThat(all).isEqualTo(404);
    }

    @Property(tries = 200)
    void everyMoveIsAllowedInTheGameAndLeavesWhatItSays(@ForAll long seed) {
        Rng rng = Rng.of(seed);
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            numbers.add(1 + rng.index(i, 12));
        }
        numbers.sort(null);
        SmallGame game = new SmallGame(SmallGame.joined(numbers));
        assertThat(WholeNumbers.moves(numbers)).isNotEmpty().doesNotHaveDuplicates();
        for (WholeNumbers.Move move : WholeNumbers.moves(numbers)) {
            List<String> next = game.next("", move.thought());
            assertThat(next).hasSize(1);
            assertThat(game.left(next.getFirst())).isEqualTo(SmallGame.joined(move.left()));
        }
    }

    @Property(tries = 200)
    void whatIsGoodLeadsToTheTarget(@ForAll long seed) {
        List<List<Integer>> puzzles = rules.puzzles(3, 9);
        List<Integer> state = puzzles.get(Rng.of(seed).index(0, puzzles.size()));
        for (int depth = 0; state.size() > 1; depth++) {
            List<WholeNumbers.Move> good = rules.good(state);
            assertThat(good).isNotEmpty();
            state = good.get(Rng.of(seed).at("depth").index(depth, good.size())).left();
        }
        assertThat(state).containsExactly(24);
    }
}
