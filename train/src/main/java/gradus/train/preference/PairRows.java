package gradus.train.preference;

import gradus.layers.loss.alignment.SequenceLogProbs;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Indices;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import gradus.train.task.Examples;
import java.util.Arrays;

/// N pairs as 2N rows of one batch: all better answers, then all worse ones, each behind its prompt and filled
/// up with 0 to T places. One pass reads both, so that both are computed in the same way.
///
/// @param ids     (2N, T)
/// @param answer  1 at the ids of the answers, else 0; (2N, T)
/// @param lengths how many ids each row has without padding
record PairRows(Indices ids, double[] answer, int[] lengths) {

    /// @param which   the numbers of the pairs
    /// @param atLeast places that a row has even if all are shorter
    static PairRows of(PreferencePairs pairs, int[] which, int atLeast) {
        int rows = 2 * which.length;
        int[] lengths = new int[rows];
        for (int i = 0; i < rows; i++) {
            lengths[i] = side(pairs, i, which).length(which[i % which.length]);
        }
        int time = Math.max(atLeast, Arrays.stream(lengths).max().orElseThrow());
        int[] ids = new int[rows * time];
        double[] answer = new double[rows * time];
        for (int i = 0; i < rows; i++) {
            Examples side = side(pairs, i, which);
            int pair = which[i % which.length];
            System.arraycopy(side.ids(pair), 0, ids, i * time, lengths[i]);
            for (int place = 0; place < lengths[i]; place++) {
                answer[i * time + place] = side.learned(pair, place) ? 1 : 0;
            }
        }
        return new PairRows(Indices.of(Shape.of(rows, time), ids), answer, lengths);
    }

    private static Examples side(PreferencePairs pairs, int row, int[] which) {
        return row < which.length ? pairs.chosen() : pairs.rejected();
    }

    /// How many ids each answer has.
    double[] answerLengths() {
        double[] sums = new double[lengths.length];
        int time = answer.length / sums.length;
        for (int i = 0; i < answer.length; i++) {
            sums[i / time] += answer[i];
        }
        return sums;
    }

    /// The log-probability of each answer. Place t of the logits speaks of the id at place t + 1, so the marks
    /// are those of places 1 to T-1.
    ///
    /// **Shapes** → (2N)
    Tensor logProbs(LanguageModel model) {
        int rows = lengths.length;
        int time = answer.length / rows;
        int[] inputs = new int[rows * (time - 1)];
        int[] targets = new int[inputs.length];
        double[] mask = new double[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            int at = i / (time - 1) * time + i % (time - 1);
            inputs[i] = ids.get(at);
            targets[i] = ids.get(at + 1);
            mask[i] = answer[at + 1];
        }
        Tensor logits = model.forward(Indices.of(Shape.of(rows, time - 1), inputs)); // (2N, T-1, V)
        Tensor perToken = logits.logSoftmax(-1)
                .gather(2, Indices.of(Shape.of(rows, time - 1, 1), targets)) // (2N, T-1, 1)
                .reshape(rows, time - 1); // (2N, T-1)
        return SequenceLogProbs.of(perToken, Tensor.of(mask, rows, time - 1).to(logits.dtype())); // (2N)
    }
}
