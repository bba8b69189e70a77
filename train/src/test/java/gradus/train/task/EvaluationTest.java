package gradus.train.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    private static final int CONTEXT = 4;
    private static final Rng RNG = Rng.of(4);

    private final Gpt gpt = new Gpt(new GptConfig(7, CONTEXT, 1, 2, 8, 0.5), RNG);

    private static int[] tokens(int n) {
        int[] tokens = new int[n];
        Arrays.setAll(tokens, i -> RNG.at("tokens").index(i, 7));
        return tokens;
    }

    /// Each token but the first by itself, from those before it in its window.
    @Property(tries = 200)
    void equalsTheLoop(@ForAll @IntRange(min = 2, max = 25) int n, @ForAll @IntRange(min = 1, max = 4) int batchSize) {
        int[] tokens = tokens(n);
        gpt.eval();
        double sum = 0;
        for (int next = 1; next < n; next++) {
            int start = (next - 1) / CONTEXT * CONTEXT;
            int[] seen = Arrays.copyOfRange(tokens, start, next);
            Tensor logits = gpt.lastLogits(Indices.of(seen).reshape(1, seen.length)); // (1, V)
            sum += logits.crossEntropy(Indices.of(tokens[next])).item();
        }
        gpt.train();
        double loss = new Evaluation(gpt, Loss.crossEntropy(), batchSize).whole(tokens);
        assertThat(loss).isCloseTo(sum / (n - 1), within(2e-6)); // float32, losses near 2
    }

    @Test
    void leavesTheModelInTraining() {
        new Evaluation(gpt, Loss.crossEntropy(), 3).whole(tokens(20));
        assertThat(gpt.training()).isTrue();
        gpt.eval();
        new Evaluation(gpt, Loss.crossEntropy(), 3).whole(tokens(20));
        assertThat(gpt.training()).isFalse();
    }

    @Test
    void aPartIsSpreadEvenly() {
        Evaluation evaluation = new Evaluation(gpt, Loss.crossEntropy(), 2);
        int[] tokens = tokens(8 * 10 + 1); // ten batches
        double first = evaluation.whole(Arrays.copyOfRange(tokens, 0, 9));
        double sixth = evaluation.whole(Arrays.copyOfRange(tokens, 40, 49));
        assertThat(evaluation.part(tokens, 2)).isCloseTo((first + sixth) / 2, within(2e-6));
        assertThat(evaluation.part(tokens, 10)).isEqualTo(evaluation.whole(tokens));
        assertThat(evaluation.part(tokens, 99)).isEqualTo(evaluation.whole(tokens));
    }

    @Test
    void isTheSameEveryTime() {
        Evaluation evaluation = new Evaluation(gpt, Loss.crossEntropy(), 3);
        assertThat(evaluation.whole(tokens(30))).isEqualTo(evaluation.whole(tokens(30)));
    }

    /// Asked for as many whole batches as there are, it takes the rest behind them too, and so it does where one
    /// token more would make a further batch.
    @Test
    void t5_allBatchesAreEverything() {
        Evaluation evaluation = new Evaluation(gpt, Loss.crossEntropy(), 2);
        for (int size : new int[] {8 * 5, 8 * 5 + 1, 8 * 5 + 4}) {
            int all = (size - 1) / 8;
            assertThat(evaluation.part(tokens(size), all)).isEqualTo(evaluation.whole(tokens(size)));
            double firsts = 0; // one batch fewer: those at 0, 1·all/(all - 1), …
            for (int i = 0; i < all - 1; i++) {
                int from = 8 * (i * all / (all - 1));
                firsts += evaluation.whole(Arrays.copyOfRange(tokens(size), from, from + 9));
            }
            // float32, losses near 2
            assertThat(evaluation.part(tokens(size), all - 1)).isCloseTo(firsts / (all - 1), within(2e-6));
        }
    }

    @Test
    void aLossThatFailsLeavesTheModelInTraining() {
        Loss failing = (logits, batch) -> {
            throw new IllegalStateException("no loss");
        };
        assertThatThrownBy(() -> new Evaluation(gpt, failing, 2).whole(tokens(9)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(gpt.training()).isTrue();
        gpt.eval();
        assertThatThrownBy(() -> new Evaluation(gpt, failing, 2).whole(tokens(9)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(gpt.training()).isFalse();
    }
}
