package gradus.train.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.layers.model.BertMaskedLm;
import gradus.layers.model.config.BertConfig;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.tokenizer.ByteTokenizer;
import gradus.tokenizer.Tokenizer;
import gradus.train.corpus.ControlTokens;
import gradus.train.generate.FillMask.Fill;
import gradus.train.task.EncoderTokens;
import gradus.train.task.MaskedTexts;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FillMaskTest {
    private static final Tokenizer TOKENIZER = MaskedTexts.TOKENIZER;
    private static final EncoderTokens TOKENS = ControlTokens.of(TOKENIZER);
    private static final BertConfig SIZE = new BertConfig(TOKENIZER.vocabularySize(), 12, 2, 1, 2, 8, 16, 0.0, 1e-12);

    /// With weights so large that what a token sees matters.
    private static BertMaskedLm model(long seed) {
        BertMaskedLm model = new BertMaskedLm(SIZE, Rng.of(seed));
        model.namedParameters()
                .forEach((name, each) -> each.copyFrom(each.detach()
                        .add(Tensor.randn(Rng.of(seed).at(name), each.shape().dims())
                                .mul(0.5))));
        return model.eval();
    }

    private static int word(int number) {
        return TOKENS.words()[number % TOKENS.words().length];
    }

    /// Every place has the softmax of its own logits, the words alone, the likeliest first.
    @Property(tries = 200)
    void eachPlaceHasItsLikeliestWords(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 6) int length,
            @ForAll @IntRange(min = 1, max = 31) int hidden,
            @ForAll @IntRange(min = 1, max = 5) int count) {
        BertMaskedLm model = model(seed);
        int[] text = new int[length];
        Arrays.setAll(
                text,
                i -> i == 0 || (hidden >> i & 1) == 1
                        ? TOKENS.mask()
                        : word(Rng.of(seed).index(i, 1000)));
        int[] framed = TOKENS.frame(text, length + 2);
        List<List<Fill>> fills = new FillMask(model, TOKENIZER).fill(framed, count);
        int[] places = IntStream.range(0, framed.length)
                .filter(i -> framed[i] == TOKENS.mask())
                .toArray();
        assertThat(fills).hasSize(places.length);
        double[] probabilities = model.forward(
                        Indices.of(Shape.of(1, framed.length), framed),
                        Indices.of(Shape.of(1, framed.length), new int[framed.length]),
                        KeyMask.full(),
                        Indices.of(places))
                .softmax()
                .toArray();
        int vocabulary = TOKENIZER.vocabularySize();
        for (int i = 0; i < places.length; i++) {
            int row = i * vocabulary;
            double[] sorted = Arrays.stream(TOKENS.words())
                    .mapToDouble(id -> probabilities[row + id])
                    .sorted()
                    .toArray();
            for (int k = 0; k < count; k++) {
                Fill fill = fills.get(i).get(k);
                assertThat(fill.probability()).isCloseTo(sorted[sorted.length - 1 - k], within(1e-6)); // float32
                assertThat(fill.probability()).isCloseTo(probabilities[row + fill.id()], within(1e-6));
                assertThat(fill.token()).isEqualTo(TOKENIZER.idToToken(fill.id()));
                assertThat(TOKENS.isWord(fill.id())).isTrue();
            }
        }
    }

    @Test
    void aTextIsFramedFirst() {
        FillMask fill = new FillMask(model(1), TOKENIZER);
        int[] ids = TOKENIZER.encode("cat : a [MASK] animal", Set.of("[MASK]"));
        assertThat(fill.fill("cat : a [MASK] animal", 3)).isEqualTo(fill.fill(TOKENS.frame(ids, 12), 3));
        assertThat(fill.fill("[MASK] [MASK]", 1000)).hasSize(2).allMatch(each -> each.size() == TOKENS.words().length);
    }

    @Test
    void badInput() {
        FillMask fill = new FillMask(model(1), TOKENIZER);
        assertThatThrownBy(() -> fill.fill("a cat", 3))
                .isInstanceOf(DataException.class)
                .hasMessage("the text hides nothing: it has no [MASK]");
        assertThat(fill.fill("[MASK]" + " a".repeat(9), 1)).hasSize(1); // 12 with [CLS] and [SEP]
        assertThatThrownBy(() -> fill.fill("[MASK]" + " a".repeat(10), 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("the text has 11 tokens", "context of 12");
        assertThatThrownBy(() -> fill.fill("[MASK]", 0))
                .isInstanceOf(ConfigException.class)
                .hasMessage("fill: count must be at least 1; got 0");
        assertThatThrownBy(() -> new FillMask(model(1), new ByteTokenizer()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("tokenizer has no [CLS]");
    }
}
