package gradus.lessons.lab.positions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Positions;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.train.task.Tokens;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LengthLossesTest {
    private static final int V = 5;
    private static final int T = 4;
    private static final int[] TEXT =
            IntStream.range(0, 90).map(i -> (i * i + i / 3) % V).toArray();
    private static final long[] STARTS = {0, 40};
    private static final LengthLosses LOSSES = new LengthLosses(Tokens.of(TEXT), STARTS, T);

    private static Gpt model(int context, boolean positions) {
        GptConfig config = new GptConfig(V, context, 2, 2, 8, 0);
        return new Gpt(config.withPosition(positions ? new Positions.Rope(100) : new Positions.None()), Rng.of(1))
                .eval();
    }

    /// The loss of one token, from the tokens of the text that its model reads before it.
    private static double loss(Gpt model, int from, int target) {
        int[] read = Arrays.copyOfRange(TEXT, from, target);
        double[] logits =
                model.forward(Indices.of(read).reshape(1, read.length)).toArray();
        double[] last = Arrays.copyOfRange(logits, logits.length - V, logits.length);
        double sum = Arrays.stream(last).map(Math::exp).sum();
        return Math.log(sum) - last[TEXT[target]];
    }

    @Test
    void theSameTokensAreReadWholeAndInPieces() {
        Gpt model = model(8 * T, true);
        double[] whole = LOSSES.whole(length -> model);
        double[] pieces = LOSSES.pieces(model);
        for (int f = 0; f < 4; f++) {
            int length = LengthPlan.FACTORS[f] * T;
            double inWhole = 0;
            double inPieces = 0;
            for (long start : STARTS) {
                for (int target = (int) start + length / 2 + 1; target <= start + length; target++) {
                    inWhole += loss(model, (int) start, target);
                    int place = (target - (int) start - 1) % 2; // 0 or 1 behind the half that is only read
                    inPieces += loss(model, target - T / 2 - 1 - place, target);
                }
            }
            assertThat(whole[f]).isCloseTo(inWhole / length, within(1e-5));
            assertThat(pieces[f]).isCloseTo(inPieces / length, within(1e-5));
        }
        assertThat(whole[0]).isEqualTo(pieces[0]);
        assertThat(whole[3]).isNotCloseTo(pieces[3], within(1e-6));
    }

    @Test
    void aLengthThatNobodyReadsHasNoLoss() {
        double[] whole = LOSSES.whole(length -> length > T ? null : model(T, true));
        assertThat(whole[0]).isPositive();
        assertThat(whole[1]).isNaN();
    }

    @Test
    void theCourseIsTheMeanOfEachStretch() {
        Gpt model = model(8, true);
        double[] course = LOSSES.course(model, 8, 2);
        assertThat(course).hasSize(4);
        double third = 0;
        for (long start : STARTS) {
            third += loss(model, (int) start, (int) start + 5) + loss(model, (int) start, (int) start + 6);
        }
        assertThat(course[2]).isCloseTo(third / 4, within(1e-5));
    }
}
