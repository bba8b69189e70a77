package gradus.lessons.prompt.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.lessons.prompt.react.tool.Calculator;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class Game24Test {
    /// Plain doubles, all pairs in both orders, all four operations.
    private static boolean oracle(List<Double> left) {
        if (left.size() == 1) {
            return Math.abs(left.getFirst() - 24) < 1e-6;
        }
        for (int i = 0; i < left.size(); i++) {
            for (int j = 0; j < left.size(); j++) {
                if (i != j) {
                    double a = left.get(i);
                    double b = left.get(j);
                    for (double result : new double[] {a + b, a - b, a * b, a / b}) {
                        List<Double> after = new ArrayList<>();
                        for (int k = 0; k < left.size(); k++) {
                            if (k != i && k != j) {
                                after.add(left.get(k));
                            }
                        }
                        after.add(result);
                        if (oracle(after)) {
                            return true;
                        }
                    }
                }
            }
        }
        return false;
    }

    @Property(tries = 200)
    void reachableIsWhatExhaustionFinds(@ForAll @Size(value = 4) List<@IntRange(min = 1, max = 13) Integer> numbers) {
        Game24 game = Game24.of(
                String.join(" ", numbers.stream().map(Object::toString).toList()));
        assertThat(game.isReachable(""))
                .isEqualTo(oracle(numbers.stream().map(Integer::doubleValue).toList()));
    }

    /// A walk along reachable states ends at 24, and its expression, reckoned by the calculator, is 24.
    @Property(tries = 200)
    void theOracleLeadsToTheEnd(@ForAll @Size(value = 4) List<@IntRange(min = 1, max = 13) Integer> numbers) {
        Game24 game = Game24.of(
                String.join(",", numbers.stream().map(Object::toString).toList()));
        String state = "";
        if (game.isReachable(state)) {
            for (int step = 0; step < game.steps(); step++) {
                state = game.all(state).stream()
                        .filter(game::isReachable)
                        .findFirst()
                        .orElseThrow();
            }
            assertThat(game.isSolved(state)).isTrue();
            String value = new Calculator().use(game.answer(state));
            assertThat(Double.parseDouble(value)).isCloseTo(24, within(1e-12)); // quotients have 20 digits
        }
    }

    /// Reachable after a step implies reachable before; solved states are reachable.
    @Property(tries = 200)
    void reachabilityComesFromBelow(@ForAll @Size(value = 3) List<@IntRange(min = 1, max = 30) Integer> numbers) {
        Game24 game = Game24.of(
                String.join(" ", numbers.stream().map(Object::toString).toList()));
        assertThat(game.all("").stream().anyMatch(game::isReachable)).isEqualTo(game.isReachable(""));
    }

    @Test
    void whatIsWrongIsNotAllowed() {
        Game24 game = Game24.of("4 9 10 13");
        assertThat(game.next("", """
                        10 - 4 = 6 (left: 1 2 3)
                        13 − 9 = 4
                        10 - 4 = 5
                        4 * 4 = 16
                        7 + 9 = 16
                        hello
                        9 / 0 = 9
                        13/4 = 13/4
                        """))
                .containsExactly(
                        "10 - 4 = 6 (left: 6 9 13)", "13 - 9 = 4 (left: 4 4 10)", "13 / 4 = 13/4 (left: 13/4 9 10)");
        assertThat(game.next("10 - 4 = 6 (left: 6 9 13)", "13 - 9 = 4"))
                .containsExactly("10 - 4 = 6 (left: 6 9 13)\n13 - 9 = 4 (left: 4 6)");
        String solved = game.next("10 - 4 = 6 (left: 6 9 13)\n13 - 9 = 4 (left: 4 6)", "4 * 6 = 24")
                .getFirst();
        assertThat(game.isSolved(solved)).isTrue();
        assertThat(game.answer(solved)).isEqualTo("(13 - 9) * (10 - 4)");
        assertThat(game.next(solved, "24 + 0 = 24")).isEmpty();
    }

    @Test
    void fractionsAreExact() {
        assertThat(Game24.of("8 8 3 3").isReachable("")).as("8 / (3 - 8 / 3)").isTrue();
        assertThat(Game24.of("1 1 1 1").isReachable("")).isFalse();
    }

    @Test
    void values() {
        Game24 game = Game24.of("4 9 10 13");
        assertThat(game.value("10 + 14 = 24\nsure")).isEqualTo(20);
        assertThat(game.value("likely.")).isEqualTo(1);
        assertThat(game.value("impossible")).isEqualTo(0.001);
        assertThat(game.value("sure, or not")).isZero();
        assertThat(game.value("")).isZero();
    }

    @Test
    void numbersThatAreNone() {
        for (String each : List.of("", "1", "1 2 3 4 5 6", "1 2 3 x", "1 2 3 -4", "1 2 3 1000")) {
            assertThatThrownBy(() -> Game24.of(each)).isInstanceOf(ConfigException.class);
        }
        assertThatThrownBy(() -> Game24.of("1 2").isSolved("1 + 1 = 2")).isInstanceOf(ConfigException.class);
    }
}
