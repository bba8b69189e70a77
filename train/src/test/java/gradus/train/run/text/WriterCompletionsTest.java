package gradus.train.run.text;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tokenizer.CharTokenizer;
import gradus.tokenizer.Tokenizer;
import gradus.train.generate.Sampling;
import gradus.train.rl.Completion;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class WriterCompletionsTest {
    private static final Tokenizer TOKENIZER = CharTokenizer.of("abcd.\n");
    private static final Gpt MODEL = model();

    private static Gpt model() {
        Gpt model = new Gpt(new GptConfig(TOKENIZER.vocabularySize(), 16, 1, 2, 8, 0), Rng.of(1));
        model.parameters().forEach(p -> p.copyFrom(p.mul(4))); // so that tokens are not all alike likely
        return model.<Gpt>to(DType.FLOAT64).eval(); // many and one differ by rounding only
    }

    /// Text i is the one that is written alone with the same random numbers, whichever way it ends.
    @Property(tries = 200)
    void manyAtOnceAreThoseWrittenOneByOne(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 3) int count,
            @ForAll @IntRange(min = 1, max = 9) int limit,
            @ForAll boolean wholeLine,
            @ForAll boolean stops,
            @ForAll boolean ends) {
        Writer writer = new Writer(
                MODEL,
                ModelText.of(TOKENIZER),
                Sampling.defaults(),
                limit,
                wholeLine,
                stops ? List.of("ab", ".") : List.of(),
                ends ? Set.of(TOKENIZER.tokenToId("d")) : Set.of());
        List<Completion> drawn = writer.completions("ab", count, Rng.of(seed));
        assertThat(drawn).hasSize(count);
        for (int i = 0; i < count; i++) {
            Completion each = drawn.get(i);
            assertThat(writer.text("ab", each))
                    .isEqualTo(writer.write("ab", Rng.of(seed).at(i)));
            assertThat(each.length()).isBetween(1, limit);
            String before = TOKENIZER.decode(Arrays.copyOf(each.tokens(), each.length() - 1));
            assertThat(before).doesNotContain(stops ? "." : "?", wholeLine ? "\n" : "?", ends ? "d" : "?");
            assertThat(each.ended() || each.length() == limit).isTrue();
            assertThat(Arrays.stream(each.logProbabilities()).max().orElseThrow())
                    .isLessThanOrEqualTo(0);
        }
    }
}
