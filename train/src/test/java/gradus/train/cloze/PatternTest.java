package gradus.train.cloze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.tokenizer.Tokenizer;
import gradus.train.corpus.ControlTokens;
import gradus.train.task.EncoderTokens;
import gradus.train.task.MaskedTexts;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Where a pattern puts its texts and its gap.
class PatternTest {
    private static final Tokenizer TOKENIZER = MaskedTexts.TOKENIZER;
    private static final EncoderTokens TOKENS = ControlTokens.of(TOKENIZER);

    /// The gap and the pattern's own words stay in their order, however long texts are and however short the
    /// cloze.
    @Property(tries = 200)
    void shorteningKeepsThePatternAndTheGap(
            @ForAll @IntRange(min = 0, max = 60) int first,
            @ForAll @IntRange(min = 0, max = 60) int second,
            @ForAll @IntRange(min = 9, max = 40) int length) {
        Pattern pattern = Pattern.of("{text} with [MASK] that {text2} animal", TOKENIZER);
        Pattern.Cloze cloze = pattern.fill(List.of("small ".repeat(first), "large ".repeat(second)), length);
        int small = id("small");
        int large = id("large");
        int[] own = Arrays.stream(cloze.ids())
                .filter(id -> id != small && id != large)
                .toArray();
        assertThat(own)
                .containsExactly(TOKENS.cls(), id("with"), TOKENS.mask(), id("that"), id("animal"), TOKENS.sep());
        assertThat(cloze.ids()[cloze.mask()]).isEqualTo(TOKENS.mask());
        assertThat(cloze.ids()).hasSize(Math.min(length, 6 + first + second));
        long kept = Arrays.stream(cloze.ids()).filter(id -> id == small).count();
        long keptToo = Arrays.stream(cloze.ids()).filter(id -> id == large).count();
        boolean cut = 6 + first + second > length;
        if (cut && Math.min(first, second) > (length - 6) / 2) {
            assertThat(kept - keptToo).isBetween(0L, 1L); // both are cut, the second first
        }
        if (!cut) {
            assertThat(List.of(kept, keptToo)).containsExactly((long) first, (long) second);
        }
    }

    private static int id(String word) {
        int[] ids = TOKENIZER.encode(word);
        assertThat(ids).as(word).hasSize(1);
        return ids[0];
    }

    /// By brute force: of all ways to keep so many, the one whose longest text is shortest.
    @Property(tries = 200)
    void theLongestTextIsCut(
            @ForAll @IntRange(min = 0, max = 12) int a,
            @ForAll @IntRange(min = 0, max = 12) int b,
            @ForAll @IntRange(min = 0, max = 24) int room) {
        int[] kept = Pattern.shortened(new int[] {a, b}, room);
        assertThat(kept[0] + kept[1]).isEqualTo(Math.min(room, a + b));
        int best = IntStream.rangeClosed(0, a)
                .flatMap(x -> IntStream.rangeClosed(0, b)
                        .filter(y -> x + y == Math.min(room, a + b))
                        .map(y -> Math.max(x, y)))
                .min()
                .orElseThrow();
        assertThat(Math.max(kept[0], kept[1])).isEqualTo(best);
    }

    @Test
    void aTextMayHoldTheWordsOfAPattern() {
        Pattern pattern = Pattern.of("[MASK] : {text}", TOKENIZER);
        Pattern.Cloze cloze = pattern.fill(List.of("a [MASK] plant"), 16);
        assertThat(cloze.mask()).isEqualTo(1);
        assertThat(Arrays.stream(cloze.ids()).filter(id -> id == TOKENS.mask()).count())
                .isOne(); // a text's [MASK] is text
    }

    @Test
    void aTextKeepsItsBeginningAndItsPlace() {
        Pattern pattern = Pattern.of("{text2} [MASK] {text}", TOKENIZER);
        assertThat(pattern.fill(List.of("small animal with leaves", "large plant"), 7)
                        .ids())
                .containsExactly(
                        TOKENS.cls(), id("large"), id("plant"), TOKENS.mask(), id("small"), id("animal"), TOKENS.sep());
    }

    @Test
    void badPatterns() {
        for (String wrong : List.of(
                "{text}",
                "[MASK]",
                "{text} [MASK] [MASK]",
                "{text2} [MASK]",
                "{text}{text} [MASK]",
                "{text0} [MASK]",
                "{text99999} [MASK]")) {
            assertThatThrownBy(() -> Pattern.of(wrong, TOKENIZER))
                    .as(wrong)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("pattern: ");
        }
        Pattern pattern = Pattern.of("{text} with [MASK]", TOKENIZER);
        assertThat(pattern.inputs()).isOne();
        assertThatThrownBy(() -> pattern.fill(List.of("a", "b"), 16)).hasMessageContaining("takes 1 texts; got 2");
        assertThatThrownBy(() -> pattern.fill(List.of("a"), 3)).hasMessageContaining("4 tokens by itself");
    }
}
