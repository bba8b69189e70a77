package gradus.lessons.accumulation;

import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import java.util.List;

/// The gradient of a large batch, a small batch at a time.
public final class AccumulatedLoss {
    private AccumulatedLoss() {}

    /// The model is `logits = x·W`. Leaves in `weight.grad()` the gradient of the mean loss over all counted
    /// tokens of all small batches together, as if they had been one batch, and returns that mean loss. A
    /// target of -100 is not counted; `logits.crossEntropy(targets)` is the mean over a small batch's own
    /// counted tokens. The small batches have different numbers of counted tokens, some have none and add
    /// nothing; at least one token is counted.
    ///
    /// Every `backward()` adds to `weight.grad()`. It is empty when you get it; call `backward()` on each
    /// small batch by itself, so that only one of them is in memory at a time.
    ///
    /// **Shapes** weight (C, V), each of inputs (N, C), each of targets (N), where N differs
    public static double accumulate(Tensor weight, List<Tensor> inputs, List<Indices> targets) {
        // --- your answer
        int total = 0;
        for (Indices each : targets) {
            for (int target : each.values()) {
                total += target == -100 ? 0 : 1;
            }
        }
        double mean = 0;
        for (int i = 0; i < inputs.size(); i++) {
            int counted = 0;
            for (int target : targets.get(i).values()) {
                counted += target == -100 ? 0 : 1;
            }
            if (counted > 0) {
                Tensor loss = inputs.get(i).matmul(weight).crossEntropy(targets.get(i));
                Tensor part = loss.mul((double) counted / total);
                part.backward();
                mean += part.item();
            }
        }
        return mean;
        // ---
    }
}
