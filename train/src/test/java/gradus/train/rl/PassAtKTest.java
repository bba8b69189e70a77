package gradus.train.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PassAtKTest {
    /// By counting: of all choices of k among n answers, those that contain one of the c right ones.
    @Property(tries = 200)
    void isTheShareOfChoicesWithARightAnswer(
            @ForAll @IntRange(min = 1, max = 10) int n,
            @ForAll @IntRange(max = 10) int right,
            @ForAll @IntRange(min = 1, max = 10) int chosen) {
        int c = Math.min(n, right);
        int k = Math.min(n, chosen);
        int all = 0;
        int good = 0;
        for (int set = 0; set < 1 << n; set++) {
            if (Integer.bitCount(set) == k) {
                all++;
                good += (set & (1 << c) - 1) != 0 ? 1 : 0;
            }
        }
        assertThat(PassAtK.of(n, c, k)).isEqualTo(good / (double) all, within(1e-12));
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> PassAtK.of(4, 1, 5))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("n=4");
        assertThatThrownBy(() -> PassAtK.of(4, 5, 1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> PassAtK.of(4, -1, 1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> PassAtK.of(4, 1, 0)).isInstanceOf(ConfigException.class);
    }
}
