package gradus.lessons.lab.induction;

import gradus.layers.Layer.Hook;
import gradus.layers.Linear;
import gradus.layers.model.Gpt;
import gradus.lessons.lab.induction.HeadScores.Head;
import gradus.lessons.lab.induction.Repeats.Rows;
import gradus.tensor.Tensor;
import java.util.Arrays;

/// A model of which one head says nothing: its result is 0 before the output projection.
final class WithoutHead {
    private WithoutHead() {}

    /// The loss of the second occurrence then.
    static double loss(Gpt model, Head head, Rows rows) {
        Linear output = (Linear) model.layer("h." + head.layer() + ".attn.c_proj");
        int heads = model.config().heads();
        int width = output.in() / heads;
        float[] kept = new float[output.in()];
        Arrays.fill(kept, 1);
        Arrays.fill(kept, head.head() * width, (head.head() + 1) * width, 0);
        try (Hook hook = output.hookInput(x -> x.mul(Tensor.of(kept, output.in())))) { // (B, T, C)
            return RepeatLoss.of(model, rows).second();
        }
    }

    /// That of every head, by layer and head.
    static double[][] losses(Gpt model, Rows rows) {
        int heads = model.config().heads();
        double[][] losses = new double[model.config().layers()][heads];
        for (int layer = 0; layer < losses.length; layer++) {
            for (int head = 0; head < heads; head++) {
                losses[layer][head] = loss(model, new Head(layer, head), rows);
            }
        }
        return losses;
    }
}
