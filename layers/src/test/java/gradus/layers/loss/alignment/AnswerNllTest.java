package gradus.layers.loss.alignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ShapeException;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AnswerNllTest {

    @Property(tries = 200)
    void isTheMeanOverAllTokensTogether(
            @ForAll @IntRange(min = 1, max = 6) int n, @ForAll @IntRange(min = 1, max = 5) int t, @ForAll long seed) {
        Tensor perToken = Drawn.normal(seed, n, t);
        Tensor mask = Drawn.mask(seed, n, t);
        double sum = 0;
        int tokens = 0;
        for (int i = 0; i < n; i++) {
            for (int at = 0; at < t; at++) {
                if (mask.get(i, at) == 1) {
                    sum -= perToken.get(i, at);
                    tokens++;
                }
            }
        }
        Tensor loss = AnswerNll.of(SequenceLogProbs.of(perToken, mask), mask.sum(-1));
        assertThat(loss.item()).isCloseTo(tokens == 0 ? 0 : sum / tokens, within(1e-14));
    }

    /// So an answer twice as long has twice the weight.
    @Test
    void everyTokenHasTheSameGradient() {
        Tensor lengths = Tensor.of(new double[] {1, 4}, 2);
        double[] gradient = Drawn.gradient(Drawn.normal(1, 2), x -> AnswerNll.of(x, lengths));
        assertThat(gradient).containsExactly(-0.2, -0.2);
    }

    @Test
    void gradients() {
        Tensor lengths = Tensor.of(new double[] {3, 0, 2}, 3);
        GradientCheck.of(x -> AnswerNll.of(x[0], lengths), Drawn.normal(1, 3)).requirePass();
    }

    @Test
    void lengthsGetNoGradient() {
        Tensor lengths = Tensor.of(new double[] {3, 2}, 2).requireGrad();
        AnswerNll.of(Drawn.normal(1, 2).requireGrad(), lengths).backward();
        assertThat(lengths.grad()).isNull();
    }

    @Test
    void badInput() {
        Tensor two = Drawn.normal(1, 2);
        assertThatThrownBy(() -> AnswerNll.of(two, Drawn.normal(1, 3)))
                .isInstanceOf(ShapeException.class)
                .hasMessage("answerNll: logProbs and lengths must both be (N), N at least 1; got (2,) and (3,)");
        assertThatThrownBy(() -> AnswerNll.of(two, null)).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> AnswerNll.of(two, Tensor.of(new double[] {1, -1}, 2)))
                .isInstanceOf(ShapeException.class)
                .hasMessage("answerNll: a length must be at least 0; got -1.0");
    }
}
