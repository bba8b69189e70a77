package gradus.layers.model.prompt;

import static gradus.layers.model.prompt.SoftPromptSamples.CONTEXT;
import static gradus.layers.model.prompt.SoftPromptSamples.VOCAB;
import static gradus.layers.model.prompt.SoftPromptSamples.ids;
import static gradus.layers.model.prompt.SoftPromptSamples.model;
import static gradus.layers.model.prompt.SoftPromptSamples.quietly;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.config.Attentions;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Positions;
import gradus.layers.model.prompt.SoftPromptSamples.Kind;
import gradus.layers.prompt.PrefixProjection;
import gradus.layers.prompt.PromptTable;
import gradus.layers.prompt.SoftPrompt;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Prefix tuning.
class PrefixTunedTest extends SoftPromptLaws {
    @Override
    PrefixTuned put(LanguageModel base, SoftPrompt prompt) {
        return new PrefixTuned(base, prompt);
    }

    @Override
    int width(LanguageModel base) {
        return PrefixTuned.width(base);
    }

    /// The keys and values of the text, those that rotary positions have rotated too.
    @Override
    Tensor ofText(LanguageModel base, int... text) {
        return PrefixTuned.ofTokens(base, text); // (n, L·2·K·D)
    }

    @Override
    List<SoftPrompt> encoders(LanguageModel base, Rng rng) {
        return List.of(new PrefixProjection(3, new PrefixProjection.Sizes(4, 5, width(base)), rng));
    }

    /// K key heads of size 2 in each of 2 blocks, where Llama has 4 heads in all.
    @Test
    void widthIsThatOfTheKeyHeads() {
        assertThat(PrefixTuned.width(model("gpt2", 1))).isEqualTo(2 * 2 * 8);
        assertThat(PrefixTuned.width(model("multi-query", 1))).isEqualTo(2 * 2 * 4);
        for (String kind : new String[] {"llama", "qwen2", "mixtral"}) {
            assertThat(PrefixTuned.width(model(kind, 1))).isEqualTo(2 * 2 * 2 * 2);
        }
    }

    /// Keys are used as they are, so that it does not matter which comes first, unless attention itself looks at
    /// distances. Were they rotated, it would.
    @Property(tries = 100)
    void theOrderOfAPrefixDoesNotMatter(
            @ForAll("kinds") Kind kind, @ForAll @IntRange(min = 2, max = 5) int count, @ForAll long seed) {
        if (kind.name().equals("alibi") || kind.name().equals("shaw")) {
            return;
        }
        Indices ids = ids(Rng.of(seed), 2, 4);
        LanguageModel base = kind.model(seed); // a prefix leaves it as it is
        SoftPrompted tuned = random(base, count, seed).eval();
        Tensor turned = tuned.prompt().rows().detach().flip(0);
        SoftPrompted other = new PrefixTuned(base, new PromptTable(turned)).eval();
        assertThat(quietly(other, ids).toArray())
                .containsExactly(quietly(tuned, ids).toArray(), within(kind.rounding()));
    }

    /// Positions count on after the prefix: the first token has the position n, and nobody has those before it.
    @Property(tries = 200)
    void tokensHavePositionsBehindThePrefix(@ForAll @IntRange(min = 1, max = 5) int count, @ForAll long seed) {
        LanguageModel base = new Kind("gpt2", DType.FLOAT32).model(seed);
        Tensor wpe = base.namedParameters().get("wpe.weight");
        SoftPrompted tuned = random(base, count, seed).eval();
        Indices ids = ids(Rng.of(seed), 1, 3);
        double[] before = quietly(tuned, ids).toArray();
        Tensor seen = wpe.clone();
        wpe.setSlice(0, 0, Tensor.zeros(count, 8)); // positions of the prefix, which nobody uses
        wpe.setSlice(0, count + 3, Tensor.zeros(CONTEXT - count - 3, 8));
        assertThat(quietly(tuned, ids).toArray()).isEqualTo(before);
        wpe.copyFrom(seen);
        wpe.setSlice(0, count, Tensor.zeros(1, 8));
        assertThat(quietly(tuned, ids).toArray()).isNotEqualTo(before);
    }

    /// Dropout does not touch the text that becomes a prefix, and a model goes on as it was.
    @Test
    void aTextIsReadInEvaluation() {
        GptConfig size = new GptConfig(VOCAB, CONTEXT, 2, 2, 8, 0);
        LanguageModel never = new Gpt(size, Rng.of(1)).eval();
        LanguageModel drops = new Gpt(size.withDropout(0.5), Rng.of(1));
        drops.train();
        assertThat(PrefixTuned.ofTokens(drops, 1, 2, 3).toArray())
                .isEqualTo(PrefixTuned.ofTokens(never, 1, 2, 3).toArray());
        assertThat(drops.training()).isTrue();
        assertThat(never.training()).isFalse();
    }

    @Test
    void badInput() {
        LanguageModel base = model("llama", 1);
        for (int width : new int[] {8, 15, 17}) {
            assertThatThrownBy(() -> new PrefixTuned(base, new PromptTable(2, width, Rng.of(1))))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("prefix: a row must hold the keys and values of all blocks, 16 numbers; got " + width);
        }
        SoftPrompted tuned = random(base, 2, 1);
        assertThatThrownBy(() -> tuned.caches(1, 0))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("cannot be padded on the left");
        assertThatThrownBy(() -> PrefixTuned.ofTokens(base, new int[CONTEXT + 1]))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("longer than the context of 12");
        GptConfig gpt = new GptConfig(VOCAB, CONTEXT, 2, 2, 8, 0);
        Gpt byLength = new Gpt(gpt.withPosition(new Positions.DynamicNtk(100, 2, 3)), Rng.of(1));
        assertThatThrownBy(() -> PrefixTuned.width(byLength))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("prefix: Gpt computes the keys and values of earlier tokens anew");
        Gpt bigBird = new Gpt(gpt.withAttention(new Attentions.BigBird(2, 1, 0)), Rng.of(1));
        assertThatThrownBy(() -> PrefixTuned.width(bigBird)).isInstanceOf(ConfigException.class);
    }
}
