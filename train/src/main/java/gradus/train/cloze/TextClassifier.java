package gradus.train.cloze;

import gradus.layers.Layer;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/// Tells classes of examples, each of one or several texts.
public interface TextClassifier {
    /// Examples that are computed at a time.
    int BATCH = 32;

    /// The model whose parameters training changes.
    Layer model();

    /// How many classes there are.
    int classes();

    /// A score for each class.
    ///
    /// **Shapes** → (B, K)
    ///
    /// @param examples B of them, the texts of each
    Tensor scores(List<List<String>> examples);

    /// How likely each class of each example is, in evaluation: the softmax of the scores.
    default double[][] probabilities(List<List<String>> examples) {
        double[][] all = new double[examples.size()][];
        boolean training = model().training();
        model().eval();
        try (var pause = Autograd.noGrad()) {
            for (int from = 0; from < all.length; from += BATCH) {
                int to = Math.min(from + BATCH, all.length);
                try (var scope = Scope.open()) {
                    double[] rows = scores(examples.subList(from, to)).softmax().toArray(); // (B, K)
                    for (int row = from; row < to; row++) {
                        int at = (row - from) * classes();
                        all[row] = Arrays.copyOfRange(rows, at, at + classes());
                    }
                }
            }
        } finally {
            if (training) {
                model().train();
            }
        }
        return all;
    }

    /// Which share of examples has the likeliest class as its label.
    static double accuracy(double[][] probabilities, List<Example> examples) {
        int right = 0;
        for (int i = 0; i < probabilities.length; i++) {
            int best = 0;
            for (int k = 1; k < probabilities[i].length; k++) {
                best = probabilities[i][k] > probabilities[i][best] ? k : best;
            }
            right += best == examples.get(i).label() ? 1 : 0;
        }
        return (double) right / probabilities.length;
    }
}
