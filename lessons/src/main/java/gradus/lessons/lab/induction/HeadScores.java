package gradus.lessons.lab.induction;

import gradus.layers.inspect.AttentionWeights;
import gradus.layers.model.Gpt;
import gradus.lessons.lab.induction.Repeats.Rows;
import java.util.ArrayList;
import java.util.List;

/// What the heads of a model look at.
///
/// @param prefix   of each layer and head: the weight that a token of the second occurrence gives the one behind its
///                 earlier occurrence, the mean over all of them
/// @param previous of each layer and head: the weight that a token gives the one before it
record HeadScores(double[][] prefix, double[][] previous) {

    /// Of a model in evaluation.
    static HeadScores of(Gpt model, Rows rows) {
        int layers = model.config().layers();
        int heads = model.config().heads();
        double[][] prefix = new double[layers][heads];
        double[][] previous = new double[layers][heads];
        for (int row = 0; row < rows.tokens().length; row++) {
            Rows one = new Rows(new int[][] {rows.tokens()[row]}, new int[] {rows.periods()[row]});
            List<float[][][]> weights =
                    new ArrayList<>(AttentionWeights.of(model, heads, () -> model.forward(one.inputs()))
                            .values());
            for (int layer = 0; layer < layers; layer++) {
                for (int head = 0; head < heads; head++) {
                    float[][] attention = weights.get(layer)[head];
                    prefix[layer][head] += prefix(attention, rows.periods()[row]) / rows.tokens().length;
                    previous[layer][head] += previous(attention) / rows.tokens().length;
                }
            }
        }
        return new HeadScores(prefix, previous);
    }

    /// At the places p to 2p - 2, whose next token is known.
    static double prefix(float[][] attention, int period) {
        double sum = 0;
        for (int t = period; t < 2 * period - 1; t++) {
            sum += attention[t][t - period + 1];
        }
        return sum / (period - 1);
    }

    static double previous(float[][] attention) {
        double sum = 0;
        for (int t = 1; t < attention.length; t++) {
            sum += attention[t][t - 1];
        }
        return sum / (attention.length - 1);
    }

    /// A head.
    record Head(int layer, int head) {}

    /// The one with the greatest score.
    static Head best(double[][] scores) {
        Head best = new Head(0, 0);
        for (int layer = 0; layer < scores.length; layer++) {
            for (int head = 0; head < scores[layer].length; head++) {
                if (scores[layer][head] > scores[best.layer][best.head]) {
                    best = new Head(layer, head);
                }
            }
        }
        return best;
    }

    /// The greatest score.
    static double greatest(double[][] scores) {
        Head best = best(scores);
        return scores[best.layer][best.head];
    }
}
