package gradus.layers.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DividedFrequenciesTest {

    @Property(tries = 200)
    void eachPairTurnsSlowerByItsDivisor(
            @ForAll @DoubleRange(min = 1.5, max = 1e6) double base,
            @ForAll @Size(min = 1, max = 9) List<@DoubleRange(min = 0.01, max = 1e3) Double> divisors) {
        int headDim = 2 * divisors.size();
        double[] angles = new DividedFrequencies(base, divisors).angles(headDim, 7);
        assertThat(angles).hasSize(divisors.size());
        for (int i = 0; i < angles.length; i++) {
            double expected = 1 / (Math.pow(base, 2.0 * i / headDim) * divisors.get(i));
            // a power to an ulp, at most two further roundings on each side
            assertThat(angles[i]).isCloseTo(expected, within(1e-14 * expected));
        }
    }

    @Test
    void divisorsOfOneChangeNothing() {
        DividedFrequencies same = new DividedFrequencies(10_000, List.of(1.0, 1.0, 1.0));
        assertThat(same.angles(6, 1)).isEqualTo(new PlainFrequencies(10_000).angles(6, 1));
        assertThat(same.factor()).isEqualTo(1);
        assertThat(same.dependOnLength()).isFalse();
    }

    @Test
    void keepsACopyOfTheDivisors() {
        List<Double> given = new ArrayList<>(List.of(2.0));
        DividedFrequencies own = new DividedFrequencies(10_000, given);
        given.set(0, 3.0);
        assertThat(own.angles(2, 1)).containsExactly(0.5);
    }

    @Test
    void badInput() {
        refused(() -> new DividedFrequencies(0, List.of(1.0)), "base");
        refused(() -> new DividedFrequencies(10, null), "must be given");
        refused(() -> new DividedFrequencies(10, List.of()), "must be given");
        for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            refused(() -> new DividedFrequencies(10, List.of(1.0, wrong)), "above 0 and finite");
        }
        refused(() -> new DividedFrequencies(10, List.of(1.0)).angles(4, 1), "need 2 divisors; got 1");
        refused(() -> new DividedFrequencies(10, List.of(1.0)).angles(3, 1), "even");
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable action, String part) {
        assertThatThrownBy(action).isInstanceOf(ConfigException.class).hasMessageContaining(part);
    }
}
