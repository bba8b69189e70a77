package gradus.train.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.config.Attentions;
import gradus.layers.model.config.CacheKind;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.model.config.Positions;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// What it writes is what [Generator], which begins anew with each prompt, writes.
class ContinuedGeneratorTest {
    private static final int VOCAB = 11;
    private static final int CONTEXT = 24;
    private static final Sampling DRAWN = Sampling.defaults();
    private static final List<LanguageModel> MODELS = models();

    private static List<LanguageModel> models() {
        GptConfig gpt = new GptConfig(VOCAB, CONTEXT, 2, 2, 8, 0.0);
        return List.of(
                new Gpt(gpt, Rng.of(1)),
                new Llama(
                        LlamaConfig.of(8, 2, 2)
                                .withVocabSize(VOCAB)
                                .withContext(CONTEXT)
                                .withHidden(12),
                        Rng.of(2)),
                new Gpt(gpt.withAttention(new Attentions.SlidingWindow(5, 2)).withCache(CacheKind.ROLLING), Rng.of(3)),
                new Gpt(gpt.withPosition(new Positions.DynamicNtk(10_000, 2, 12)), Rng.of(4))); // cannot be cached
    }

    private static int[] drawn(Rng rng, int length) {
        return IntStream.range(0, length).map(i -> rng.index(i, VOCAB)).toArray();
    }

    private static int[] joined(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }

    /// Prompts that go on, that begin in the same way, and that have nothing in common.
    @Property(tries = 200)
    void writesWhatAFreshGeneratorWrites(
            @ForAll @IntRange(max = 1_000_000) int seed, @ForAll @IntRange(max = 3) int which) {
        LanguageModel model = MODELS.get(which);
        model.eval();
        Rng rng = Rng.of(seed);
        try (ContinuedGenerator continued = new ContinuedGenerator(model, id -> id != 7)) {
            int[] text = drawn(rng.at("first"), 1 + rng.index(0, 4));
            for (int turn = 0; turn < 5; turn++) {
                Rng own = rng.at(turn);
                int limit = own.index(1, Math.min(7, CONTEXT - text.length + 2));
                int[] expected = new Generator(model, DRAWN)
                        .drawing(id -> id != 7)
                        .generate(text, limit, own.at("draws"), id -> id != 3);
                int[] added = continued.generate(text, DRAWN, limit, own.at("draws"), id -> id != 3);
                assertThat(added).containsExactly(expected);
                int[] more = drawn(own.at("more"), 1 + own.index(2, 4));
                int kept = own.uniform(3) < 0.3 ? own.index(4, text.length) : text.length;
                text = joined(Arrays.copyOf(text, kept), kept == text.length ? added : new int[0], more);
                text = Arrays.copyOf(text, Math.min(text.length, CONTEXT));
            }
        }
    }

    @Test
    void readsOnlyWhatIsNew() {
        LanguageModel model = MODELS.getFirst();
        try (ContinuedGenerator continued = new ContinuedGenerator(model, id -> true)) {
            int[] added = continued.generate(new int[] {1, 2, 3}, DRAWN, 4, Rng.of(1), id -> true);
            assertThat(continued.read()).isEqualTo(6); // the prompt, and three of the four that it added
            continued.generate(joined(new int[] {1, 2, 3}, added, new int[] {5}), DRAWN, 1, Rng.of(1), id -> true);
            assertThat(continued.read()).isEqualTo(2);
            continued.generate(new int[] {1, 2, 4}, DRAWN, 1, Rng.of(1), id -> true);
            assertThat(continued.read()).isEqualTo(1);
            continued.generate(new int[] {1, 2, 4}, DRAWN, 1, Rng.of(1), id -> true);
            assertThat(continued.read()).isEqualTo(1); // the last one again, for its logits
        }
    }

    @Test
    void endsWhereTheContextDoes() {
        for (LanguageModel model : MODELS) {
            try (ContinuedGenerator continued = new ContinuedGenerator(model, id -> true)) {
                int[] added = continued.generate(new int[] {1, 2}, DRAWN, 1000, Rng.of(1), id -> true);
                assertThat(added).hasSize(CONTEXT - 2 + 1); // the last one needs no place
            }
        }
    }

    @Test
    void goesOnAfterAFault() {
        LanguageModel model = MODELS.getFirst();
        try (ContinuedGenerator continued = new ContinuedGenerator(model, id -> true)) {
            assertThatThrownBy(() -> continued.generate(new int[0], DRAWN, 1, Rng.of(1), id -> true))
                    .isInstanceOf(ConfigException.class);
            List<Integer> heard = new ArrayList<>();
            assertThatThrownBy(() -> continued.generate(new int[] {1}, DRAWN, 9, Rng.of(1), id -> {
                        heard.add(id);
                        throw new IllegalStateException("a listener's own");
                    }))
                    .hasMessage("a listener's own");
            int[] again = continued.generate(new int[] {1}, DRAWN, 1, Rng.of(1), id -> true);
            assertThat(again).containsExactly(heard.getFirst());
        }
    }
}
