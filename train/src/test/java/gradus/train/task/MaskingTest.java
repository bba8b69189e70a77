package gradus.train.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.tensor.op.CrossEntropy;
import gradus.tensor.random.Rng;
import gradus.tokenizer.CharTokenizer;
import gradus.train.corpus.ControlTokens;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/// What is hidden, and what it becomes.
class MaskingTest {
    private static final EncoderTokens TOKENS = ControlTokens.of(MaskedTexts.TOKENIZER);

    /// Words and control tokens mixed, by a plain generator of their own.
    private static int[] sequence(int length, long seed) {
        java.util.Random random = new java.util.Random(seed);
        return IntStream.range(0, length)
                .map(i -> random.nextInt(4) == 0
                        ? random.nextInt(5) // the five control tokens come first
                        : TOKENS.words()[random.nextInt(TOKENS.words().length)])
                .toArray();
    }

    @Property(tries = 200)
    void controlTokensStayAndTheRightNumberOfOthersIsHidden(
            @ForAll @IntRange(min = 0, max = 60) int length,
            @ForAll @DoubleRange(min = 0.01, max = 1) double share,
            @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        int[] ids = sequence(length, seed);
        int[] before = ids.clone();
        Masking.Masked masked = new Masking(TOKENS, share).of(ids, Rng.of(seed));
        assertThat(ids).isEqualTo(before);
        long free = Arrays.stream(ids).filter(id -> id >= 5).count();
        long hidden = Arrays.stream(masked.labels())
                .filter(label -> label != CrossEntropy.IGNORE_INDEX)
                .count();
        assertThat(hidden).isEqualTo(free == 0 ? 0 : Math.max(1, (long) Math.floor(share * free + 0.5)));
        for (int i = 0; i < length; i++) {
            if (masked.labels()[i] == CrossEntropy.IGNORE_INDEX) {
                assertThat(masked.inputs()[i]).isEqualTo(ids[i]);
            } else {
                assertThat(ids[i]).isGreaterThanOrEqualTo(5);
                assertThat(masked.labels()[i]).isEqualTo(ids[i]);
                assertThat(masked.inputs()[i] == TOKENS.mask() || masked.inputs()[i] >= 5)
                        .isTrue();
            }
        }
    }

    @Property(tries = 200)
    void theSameNumbersHideTheSame(@ForAll @LongRange(min = 0, max = 1000) long seed) {
        int[] ids = sequence(40, seed);
        Masking masking = new Masking(TOKENS);
        assertThat(masking.of(ids, Rng.of(seed)).inputs())
                .isEqualTo(masking.of(ids, Rng.of(seed)).inputs());
    }

    /// Of 20,000 hidden tokens 80 % become [MASK]; four standard deviations are 4·√(0.8·0.2/20000) = 0.0113,
    /// and for 10 % 0.0085. A token by chance is the old one once in as many as there are words.
    @Test
    void eightyTenTen() {
        int words = TOKENS.words().length;
        int[] ids = IntStream.range(0, 100).map(i -> TOKENS.words()[i % words]).toArray();
        int[] counts = new int[3];
        int total = 0;
        Set<Integer> places = new HashSet<>();
        Set<Integer> drawn = new HashSet<>();
        for (int draw = 0; draw < 1000; draw++) {
            Masking.Masked masked = new Masking(TOKENS, 0.2).of(ids, Rng.of(7).at(draw));
            for (int i = 0; i < ids.length; i++) {
                if (masked.labels()[i] >= 0) {
                    places.add(i);
                    total++;
                    int kind = masked.inputs()[i] == TOKENS.mask() ? 0 : masked.inputs()[i] == ids[i] ? 2 : 1;
                    counts[kind]++;
                    if (kind == 1) {
                        drawn.add(masked.inputs()[i]);
                    }
                }
            }
        }
        assertThat(total).isEqualTo(20_000);
        assertThat((double) counts[0] / total).isCloseTo(0.8, within(0.0113));
        double same = 0.1 / words;
        assertThat((double) counts[1] / total).isCloseTo(0.1 - same, within(0.0085));
        assertThat((double) counts[2] / total).isCloseTo(0.1 + same, within(0.0085));
        assertThat(places).hasSize(100);
        assertThat(drawn).hasSize(words);
    }

    /// Every place is as likely: of 1,000 draws of 20 in 100 each is chosen 200 times; five standard
    /// deviations are 5·√(1000·0.2·0.8) = 63.
    @Test
    void everyPlaceIsAsLikely() {
        int[] ids = new int[100];
        Arrays.fill(ids, TOKENS.words()[0]);
        int[] counts = new int[100];
        for (int draw = 0; draw < 1000; draw++) {
            int[] labels = new Masking(TOKENS, 0.2).of(ids, Rng.of(3).at(draw)).labels();
            for (int i = 0; i < 100; i++) {
                counts[i] += labels[i] >= 0 ? 1 : 0;
            }
        }
        assertThat(Arrays.stream(counts).allMatch(count -> Math.abs(count - 200) <= 63))
                .isTrue();
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new Masking(TOKENS, 0)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new Masking(TOKENS, 1.1)).hasMessageContaining("(0, 1]");
        assertThatThrownBy(() -> ControlTokens.of(CharTokenizer.of("abc")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("[CLS]");
    }

    @Test
    void aFrameKeepsTheLength() {
        int[] words = {10, 11, 12, 13};
        assertThat(TOKENS.frame(words, 5)).containsExactly(TOKENS.cls(), 10, 11, 12, TOKENS.sep());
        assertThat(TOKENS.frame(words, 9)).containsExactly(TOKENS.cls(), 10, 11, 12, 13, TOKENS.sep());
        assertThat(TOKENS.isWord(TOKENS.mask())).isFalse();
        assertThat(TOKENS.isWord(10)).isTrue();
    }
}
