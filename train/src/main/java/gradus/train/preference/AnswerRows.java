package gradus.train.preference;

import gradus.layers.loss.alignment.SequenceLogProbs;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.task.Examples;
import java.util.Arrays;

/// R answers as the rows of one batch, each behind its prompt and filled up to T places. One pass reads all of
/// them, so that all are computed in the same way.
///
/// @param ids     (R, T)
/// @param answer  1 at the ids of the answers, else 0; (R, T)
/// @param lengths how many ids each row has without padding
record AnswerRows(Indices ids, double[] answer, int[] lengths) {

    /// The answers of these numbers of a first list, then those of the same numbers of the next: of N pairs,
    /// all better ones and then all worse ones.
    ///
    /// @param which N numbers
    /// @param fill  what rows are filled up with
    /// @param sides S lists with as many answers each; R = S·N
    static AnswerRows of(int[] which, int fill, Examples... sides) {
        return of(which, fill, 0, sides);
    }

    /// @param atLeast places that a row has even if all are shorter
    static AnswerRows of(int[] which, int fill, int atLeast, Examples... sides) {
        int rows = sides.length * which.length;
        int[] lengths = new int[rows];
        for (int i = 0; i < rows; i++) {
            lengths[i] = sides[i / which.length].length(which[i % which.length]);
        }
        int time = Math.max(atLeast, Arrays.stream(lengths).max().orElseThrow());
        int[] ids = new int[rows * time];
        Arrays.fill(ids, fill);
        double[] answer = new double[rows * time];
        for (int i = 0; i < rows; i++) {
            Examples side = sides[i / which.length];
            int number = which[i % which.length];
            System.arraycopy(side.ids(number), 0, ids, i * time, lengths[i]);
            for (int place = 0; place < lengths[i]; place++) {
                answer[i * time + place] = side.learned(number, place) ? 1 : 0;
            }
        }
        return new AnswerRows(Indices.of(Shape.of(rows, time), ids), answer, lengths);
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

    /// The log-probability of each answer, without dropout: a policy is to differ from its reference by what it
    /// has learned. Place t of the logits speaks of the id at place t + 1, so the marks are those of places 1
    /// to T-1.
    ///
    /// **Shapes** → (R)
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
        Tensor logits = logits(model, Indices.of(Shape.of(rows, time - 1), inputs)); // (R, T-1, V)
        Tensor perToken = logits.logSoftmax(-1)
                .gather(2, Indices.of(Shape.of(rows, time - 1, 1), targets)) // (R, T-1, 1)
                .reshape(rows, time - 1); // (R, T-1)
        return SequenceLogProbs.of(perToken, Tensor.of(mask, rows, time - 1).to(logits.dtype())); // (R)
    }

    private static Tensor logits(LanguageModel model, Indices inputs) {
        boolean training = model.training();
        model.eval();
        try {
            return model.forward(inputs); // (R, T-1, V)
        } finally {
            if (training) {
                model.train();
            }
        }
    }
}
