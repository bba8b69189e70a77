package gradus.train.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TokenScoresTest {
    private static final int VOCAB = 7;
    private static final Rng RNG = Rng.of(5);
    private static final List<int[]> PROMPTS = List.of(new int[] {1, 2, 3}, new int[] {4}, new int[] {6, 5});
    private static final List<int[]> COMPLETIONS = List.of(new int[] {0, 6}, new int[] {3, 3, 1, 2}, new int[] {5});

    private static Gpt model() {
        Gpt gpt = new Gpt(new GptConfig(VOCAB, 12, 2, 2, 8, 0), RNG);
        gpt.parameters().forEach(p -> p.copyFrom(p.mul(5)));
        return gpt.to(DType.FLOAT64);
    }

    private static CompletionRows rows() {
        return CompletionRows.of(PROMPTS, COMPLETIONS);
    }

    private static List<int[]> draw(long seed, String name, int longest) {
        List<int[]> drawn = new ArrayList<>();
        Rng rng = Rng.of(seed).at(name);
        for (int i = 0; i < 4; i++) {
            int[] ids = new int[1 + rng.at(i).index(0, longest)];
            Rng own = rng.at(i);
            Arrays.setAll(ids, t -> own.index(1 + t, VOCAB));
            drawn.add(ids);
        }
        return drawn;
    }

    /// Row by row, without padding, by a whole pass and a softmax over all of the vocabulary.
    @Property(tries = 200)
    void areThoseOfAPlainForward(@ForAll long seed) {
        Gpt gpt = model();
        List<int[]> prompts = draw(seed, "prompts", 5);
        List<int[]> completions = draw(seed, "completions", 7);
        CompletionRows rows = CompletionRows.of(prompts, completions);
        double[][] found = rows.ragged(TokenScores.of(gpt, rows, 0.7).logProbs());
        for (int b = 0; b < found.length; b++) {
            int[] prompt = prompts.get(b);
            int[] own = completions.get(b);
            int[] ids = Arrays.copyOf(prompt, prompt.length + own.length);
            System.arraycopy(own, 0, ids, prompt.length, own.length);
            Tensor logP =
                    gpt.forward(Indices.of(ids).reshape(1, ids.length)).div(0.7).logSoftmax(); // (1, P + L, V)
            assertThat(found[b]).hasSize(own.length);
            for (int t = 0; t < own.length; t++) {
                assertThat(found[b][t]).isEqualTo(logP.get(0, prompt.length - 1 + t, own[t]), within(1e-12));
            }
        }
    }

    @Test
    void behindTheEndStandsZero() {
        Tensor logProbs = TokenScores.of(model(), rows(), 1).logProbs();
        assertThat(logProbs.shape().dims()).containsExactly(3, 4);
        double[] all = logProbs.toArray();
        assertThat(new double[] {all[2], all[3], all[9], all[10], all[11]}).containsOnly(0);
        assertThat(rows().mask(logProbs).toArray()).containsExactly(1, 1, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0);
    }

    /// A prompt's own tokens, but for what they say of the completion, have no part in the sum: its gradient
    /// with respect to the logits has M rows and no more.
    @Test
    void promptsAreNotCounted() {
        TokenScores scores = TokenScores.of(model(), rows(), 1);
        assertThat(scores.logits().shape().dims()).containsExactly(7, VOCAB); // M = 2 + 4 + 1
        assertThat(rows().tokens()).isEqualTo(7);
        assertThat(rows().targets().values()).containsExactly(0, 6, 3, 3, 1, 2, 5);
    }

    /// The table is also the head, so it moves the tokens read, those rated and all they are compared with.
    @Test
    void gradients() {
        Gpt gpt = new Gpt(new GptConfig(VOCAB, 8, 1, 2, 4, 0), RNG);
        for (String table : List.of("wte.weight", "wpe.weight")) { // far from where norms bend within a step
            Tensor weight = gpt.namedParameters().get(table);
            weight.copyFrom(weight.mul(40));
        }
        gpt.to(DType.FLOAT64);
        Map<String, Tensor> all = gpt.namedParameters();
        Map<String, Tensor> some =
                Map.of("wte", all.get("wte.weight"), "bias", all.get("ln_f.bias"), "fc", all.get("h.0.mlp.c_fc.bias"));
        GradientCheck.ofSmooth(() -> TokenScores.of(gpt, rows(), 1.3).logProbs(), some)
                .requirePass();
    }

    @Test
    void rowsThereAndBack() {
        Tensor like = Tensor.full(DType.FLOAT64, Shape.of(1), 0);
        double[][] ragged = {{1, 2}, {3, 4, 5, 6}, {7}};
        Tensor laidOut = rows().layOut(ragged, like);
        assertThat(laidOut.toArray()).containsExactly(1, 2, 0, 0, 3, 4, 5, 6, 7, 0, 0, 0);
        assertThat(rows().ragged(laidOut)).isDeepEqualTo(ragged);
        assertThat(rows().spread(Tensor.of(new double[] {1, 2, 3, 4, 5, 6, 7}, 7))
                        .toArray())
                .containsExactly(laidOut.toArray());
        assertThat(rows().ids().shape().dims()).containsExactly(3, 4);
        assertThat(rows().ids().values()).containsExactly(1, 2, 3, 0, 4, 3, 3, 1, 6, 5, 0, 0);
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> TokenScores.of(model(), rows(), 0))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("temperature");
    }
}
