package gradus.train.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Positions;
import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.train.generate.Generator;
import gradus.train.generate.Sampling;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RolloutsTest {
    private static final int VOCAB = 6;
    private static final int END = 2;
    private static final int LIMIT = 7;
    private static final Rng RNG = Rng.of(11);
    private static final List<int[]> PROMPTS =
            List.of(new int[] {1, 3, 4}, new int[] {5}, new int[] {0, 2, 2, 1, 4}, new int[] {3, 3});

    private static Gpt model(DType type) {
        Gpt gpt = new Gpt(new GptConfig(VOCAB, 16, 2, 2, 8, 0.3), RNG);
        gpt.parameters().forEach(p -> p.copyFrom(p.mul(6))); // so that the tokens are not all alike likely
        return gpt.to(type);
    }

    private static Rollouts rollouts(Gpt gpt, Sampling sampling) {
        return new Rollouts(gpt, sampling, END, LIMIT);
    }

    /// log softmax(x/τ) of a token, from one whole forward pass over all that stands before it.
    private static double plain(Gpt gpt, int[] before, int token, double temperature) {
        try (var pause = Autograd.noGrad()) {
            Tensor logits = gpt.forward(Indices.of(before).reshape(1, before.length)); // (1, T, V)
            double[] last = logits.select(1, before.length - 1).toArray();
            double sum = 0;
            for (double x : last) {
                sum += Math.exp(x / temperature);
            }
            return last[token] / temperature - Math.log(sum);
        }
    }

    private static int[] joined(int[] prompt, int[] tokens, int count) {
        int[] all = Arrays.copyOf(prompt, prompt.length + count);
        System.arraycopy(tokens, 0, all, prompt.length, count);
        return all;
    }

    /// In double, where cached and whole passes differ by some 1e-15.
    @Test
    void logProbabilitiesAreThoseOfTheDistributionDrawnFrom() {
        Gpt gpt = model(DType.FLOAT64);
        for (double temperature : new double[] {1, 0.5}) {
            List<Completion> all = rollouts(gpt, Sampling.defaults().withTemperature(temperature))
                    .groups(PROMPTS, 2, RNG);
            gpt.eval();
            for (int i = 0; i < all.size(); i++) {
                int[] prompt = PROMPTS.get(i / 2);
                for (int t = 0; t < all.get(i).length(); t++) {
                    int[] before = joined(prompt, all.get(i).tokens(), t);
                    assertThat(all.get(i).logProbabilities()[t])
                            .isEqualTo(plain(gpt, before, all.get(i).tokens()[t], temperature), within(1e-12));
                }
            }
            gpt.train();
        }
    }

    /// What the loss will recompute: in float32 the two paths round differently, by some 1e-7 of logits of size
    /// 10.
    @Test
    void theyEqualTheRecomputedOnes() {
        for (DType type : DType.values()) {
            Gpt gpt = model(type);
            List<Completion> all =
                    rollouts(gpt, Sampling.defaults().withTemperature(0.8)).of(PROMPTS, RNG);
            CompletionRows rows = CompletionRows.of(
                    PROMPTS, all.stream().map(Completion::tokens).toList());
            gpt.eval();
            double[][] again = rows.ragged(TokenScores.of(gpt, rows, 0.8).logProbs());
            double eps = type == DType.FLOAT64 ? 1e-12 : 2e-5;
            for (int i = 0; i < again.length; i++) {
                assertThat(again[i]).containsExactly(all.get(i).logProbabilities(), within(eps));
            }
        }
    }

    /// With top-k the distribution is another one than the model's, and its log-probability is what is noted.
    @Test
    void truncationIsPartOfTheDistribution() {
        Gpt gpt = model(DType.FLOAT64);
        List<Completion> one = rollouts(gpt, Sampling.defaults().withTopK(1)).of(PROMPTS, RNG);
        one.forEach(each -> assertThat(each.logProbabilities()).containsOnly(0));
        List<Completion> two = rollouts(gpt, Sampling.defaults().withTopK(2)).of(PROMPTS, RNG);
        gpt.eval();
        for (int i = 0; i < two.size(); i++) {
            double whole = plain(gpt, PROMPTS.get(i), two.get(i).tokens()[0], 1);
            assertThat(two.get(i).logProbabilities()[0]).isGreaterThan(whole + 1e-6);
        }
    }

    @Test
    void aCompletionIsTheSameAloneAndAmongOthers() {
        GptConfig size = new GptConfig(VOCAB, 16, 2, 2, 8, 0.3);
        for (GptConfig each : List.of(
                size,
                size.withPosition(new Positions.Rope(100)),
                size.withPosition(new Positions.DualChunk(100, 3, 5)))) {
            Gpt gpt = new Gpt(each, RNG);
            gpt.to(DType.FLOAT64); // so that the rounding of other shapes cannot turn a pick
            Rollouts rollouts = rollouts(gpt, Sampling.defaults());
            List<Completion> together = rollouts.of(PROMPTS, RNG);
            for (int i = 0; i < PROMPTS.size(); i++) {
                int[] alone = new Generator(gpt, Sampling.defaults())
                        .generate(PROMPTS.get(i), LIMIT, RNG.at(i), token -> token != END);
                assertThat(together.get(i).tokens()).isEqualTo(alone);
            }
        }
    }

    /// A model whose head likes one token above all.
    private static Gpt always(int token) {
        Gpt gpt = new Gpt(new GptConfig(VOCAB, 16, 1, 1, 4, 0), RNG);
        Tensor wte = gpt.namedParameters().get("wte.weight");
        gpt.namedParameters().forEach((name, p) -> p.copyFrom(p.mul(0)));
        double[] rows = new double[VOCAB * 4];
        rows[token * 4] = 1;
        wte.set(rows);
        gpt.namedParameters().get("ln_f.bias").set(100, 0, 0, 0);
        return gpt;
    }

    @Test
    void anEmptyCompletionIsTheEndAlone() {
        Completion empty =
                rollouts(always(END), Sampling.defaults()).of(PROMPTS, RNG).getFirst();
        assertThat(empty.tokens()).containsExactly(END);
        assertThat(empty.ended()).isTrue();
        assertThat(empty.answer()).isEmpty();
        assertThat(empty.logProbabilities()).hasSize(1);
    }

    @Test
    void oneThatNeverEndsIsCut() {
        Completion endless =
                rollouts(always(4), Sampling.defaults()).of(PROMPTS, RNG).getFirst();
        assertThat(endless.tokens()).hasSize(LIMIT).containsOnly(4);
        assertThat(endless.ended()).isFalse();
        assertThat(endless.answer()).isEqualTo(endless.tokens());
    }

    @Test
    void theModelStaysInTraining() {
        Gpt gpt = model(DType.FLOAT32);
        rollouts(gpt, Sampling.defaults()).of(PROMPTS, RNG);
        assertThat(gpt.training()).isTrue();
    }

    @Test
    void badInput() {
        Gpt gpt = model(DType.FLOAT32);
        assertThatThrownBy(() -> new Rollouts(gpt, Sampling.defaults(), VOCAB, LIMIT))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("0..5")
                .hasMessageContaining("got 6");
        assertThatThrownBy(() -> new Rollouts(gpt, Sampling.defaults(), END, 0))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("maxCompletionLength");
        assertThatThrownBy(() -> rollouts(gpt, Sampling.defaults()).of(List.of(new int[10]), RNG))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("10 tokens")
                .hasMessageContaining("context of 16");
        assertThatThrownBy(() -> rollouts(gpt, Sampling.defaults()).groups(PROMPTS, 0, RNG))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("numGenerations");
        assertThatThrownBy(() -> new Completion(new int[0], new double[0], true))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new Completion(new int[1], new double[2], true))
                .isInstanceOf(ConfigException.class);
    }
}
