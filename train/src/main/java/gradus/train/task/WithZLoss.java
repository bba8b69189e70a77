package gradus.train.task;

import static gradus.error.ConfigException.require;

import gradus.layers.loss.ZLoss;
import gradus.tensor.Indices;
import gradus.tensor.Tensor;
import gradus.tensor.op.CrossEntropy;
import java.util.stream.IntStream;

/// Another loss plus `w·`[ZLoss] of the logits, which keeps them from drifting. Chowdhery et al. 2022
/// (PaLM), arXiv:2204.02311, section 5, with w = 1e-4.
///
/// @param loss   the loss to add to
/// @param weight w, at least 0
public record WithZLoss(Loss loss, double weight) implements Loss {
    /// @throws gradus.error.ConfigException if w is negative or not finite, or there is no loss
    public WithZLoss {
        require(loss != null, "WithZLoss: a loss must be given; got null");
        require(weight >= 0 && Double.isFinite(weight), "WithZLoss: weight must be at least 0; got %s", weight);
    }

    @Override
    public Tensor of(Tensor logits, Batch batch) {
        int[] targets = batch.targets().values();
        int[] counted = IntStream.range(0, targets.length)
                .filter(row -> targets[row] != CrossEntropy.IGNORE_INDEX)
                .toArray();
        Tensor value = loss.of(logits, batch); // ()
        if (counted.length == 0) {
            return value;
        }
        Tensor rows = logits.reshape(-1, logits.dim(-1)); // (B·T, V)
        Tensor those = counted.length == targets.length ? rows : rows.indexSelect(0, Indices.of(counted)); // (n, V)
        return value.add(ZLoss.of(those).mul(weight)); // ()
    }
}
