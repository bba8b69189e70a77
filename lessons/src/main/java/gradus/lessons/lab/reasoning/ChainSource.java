package gradus.lessons.lab.reasoning;

import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.generate.Sampling;
import gradus.train.task.Batch;

/// Texts of few tokens in which the next one depends on the last two: what target and draft of the part
/// `speculative` learn.
///
/// @param tokens V
/// @param rng    decides the probabilities
record ChainSource(int tokens, Rng rng) {
    private static final double SHARP = 2; // how far apart logits are

    private double[] following(int first, int second) {
        double[] p = new double[tokens];
        double sum = 0;
        for (int i = 0; i < tokens; i++) {
            p[i] = Math.exp(SHARP * rng.at(first).at(second).gaussian(i));
            sum += p[i];
        }
        for (int i = 0; i < tokens; i++) {
            p[i] /= sum;
        }
        return p;
    }

    /// Texts to learn from.
    ///
    /// **Shapes** → inputs and targets (count, time)
    Batch batch(int count, int time, Rng draws) {
        int[] inputs = new int[count * time];
        int[] targets = new int[inputs.length];
        for (int i = 0; i < count; i++) {
            Rng draw = draws.at(i);
            int[] ids = new int[time + 1];
            ids[0] = draw.index(0, tokens);
            ids[1] = draw.index(1, tokens);
            for (int t = 2; t <= time; t++) {
                ids[t] = Sampling.pick(following(ids[t - 2], ids[t - 1]), draw.uniform(t));
            }
            System.arraycopy(ids, 0, inputs, i * time, time);
            System.arraycopy(ids, 1, targets, i * time, time);
        }
        Shape shape = Shape.of(count, time);
        return new Batch(Indices.of(shape, inputs), Indices.of(shape, targets));
    }
}
