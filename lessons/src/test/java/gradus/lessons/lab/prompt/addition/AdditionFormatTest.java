package gradus.lessons.lab.prompt.addition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.lessons.lab.prompt.addition.AdditionPairs.Pair;
import gradus.tensor.random.Rng;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AdditionFormatTest {
    @Test
    void byHand() {
        assertThat(AdditionFormat.PLAIN.answer(457, 268, 3)).isEqualTo("0725");
        assertThat(AdditionFormat.REVERSED.answer(457, 268, 3)).isEqualTo("5270");
        assertThat(AdditionFormat.SCRATCHPAD.answer(457, 268, 3)).isEqualTo("51 21 70 >0725");
        assertThat(AdditionFormat.SCRAMBLED.answer(457, 268, 3)).isEqualTo("7502");
        assertThat(AdditionFormat.PLAIN.answer(999, 999, 3)).isEqualTo("1998");
        assertThat(AdditionFormat.SCRATCHPAD.answer(999, 999, 3)).isEqualTo("81 91 91 >1998");
        assertThat(AdditionFormat.SCRAMBLED.answer(9999, 1, 4)).isEqualTo("00100");
    }

    @Test
    void ofAScratchpadTheSumCounts() {
        assertThat(AdditionFormat.SCRATCHPAD.isRight("what>0725", 457, 268, 3)).isTrue();
        assertThat(AdditionFormat.SCRATCHPAD.isRight("51 21 70 >0735", 457, 268, 3))
                .isFalse();
        assertThat(AdditionFormat.SCRATCHPAD.isRight("51 21 70", 457, 268, 3)).isFalse();
        assertThat(AdditionFormat.PLAIN.isRight("725", 457, 268, 3)).isFalse();
    }

    /// Each is of the length that is reserved for it with its end, holds the digits of the sum, and is right.
    @Property(tries = 200)
    void allHoldTheSum(
            @ForAll @IntRange(min = 1000, max = 9999) int a, @ForAll @IntRange(min = 1000, max = 9999) int b) {
        String sum = AdditionFormat.PLAIN.answer(a, b, 4);
        assertThat(Integer.parseInt(sum)).isEqualTo(a + b);
        assertThat(new StringBuilder(AdditionFormat.REVERSED.answer(a, b, 4)).reverse())
                .hasToString(sum);
        String scrambled = AdditionFormat.SCRAMBLED.answer(a, b, 4);
        assertThat("" + scrambled.charAt(2) + scrambled.charAt(0) + scrambled.charAt(3) + scrambled.charAt(1)
                        + scrambled.charAt(4))
                .isEqualTo(sum);
        String pad = AdditionFormat.SCRATCHPAD.answer(a, b, 4);
        assertThat("" + pad.charAt(10) + pad.charAt(9) + pad.charAt(6) + pad.charAt(3) + pad.charAt(0))
                .isEqualTo(sum); // the last carry is the first digit
        for (AdditionFormat format : AdditionFormat.values()) {
            assertThat(format.answer(a, b, 4)).hasSize(format.longest(4) - 1);
            assertThat(format.isRight(format.answer(a, b, 4), a, b, 4)).isTrue();
            assertThat(format.isRight(format.answer(a, b + 1, 4), a, b, 4)).isFalse();
        }
    }

    /// Of 10 seeds 5 have learned it: all of one format in 1 of C(10, 5) = 252 ways; 4 or more in 1 + 5 · 5.
    @Test
    void theChanceOfSeedsIsCounted() {
        assertThat(FormatPart.chance(5, 0, 5)).isCloseTo(1 / 252.0, within(1e-12));
        assertThat(FormatPart.chance(4, 1, 5)).isCloseTo(26 / 252.0, within(1e-12));
        assertThat(FormatPart.chance(0, 0, 5)).isCloseTo(1, within(1e-12));
    }

    @Test
    void whatIsMeasuredIsNeverLearned() {
        AdditionPairs pairs = new AdditionPairs(3);
        for (int i = 0; i < 300; i++) {
            Pair learned = pairs.pair(Rng.of(i), false);
            Pair measured = pairs.pair(Rng.of(i), true);
            assertThat((learned.a() + 3 * learned.b()) % 8).isNotZero();
            assertThat((measured.a() + 3 * measured.b()) % 8).isZero();
            assertThat(learned.a()).isBetween(100, 999);
            assertThat(learned.b()).isBetween(100, 999);
        }
    }
}
