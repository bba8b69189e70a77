package gradus.lessons.lab.finetune;

import java.util.Comparator;
import java.util.List;

/// What one fine-tuning gave.
///
/// @param method      its name
/// @param rate        the learning rate
/// @param seed        of the batches and of first values
/// @param newLoss     on the new text held out, in nats a token; NaN, which sorts behind all numbers, where the
///     training failed
/// @param oldLoss     on the old text held out
/// @param trained     how many numbers were trained
/// @param weights     bytes of all weights
/// @param gradients   bytes of gradients
/// @param optimizer   bytes that the optimiser keeps
/// @param resident    the peak of resident memory of the process, in bytes; 0 where the system does not tell
/// @param tokens      tokens a second, the median of the steps
/// @param saved       bytes of what was written
record Finding(
        String method,
        double rate,
        long seed,
        double newLoss,
        double oldLoss,
        long trained,
        long weights,
        long gradients,
        long optimizer,
        long resident,
        double tokens,
        long saved) {

    /// Those of the learning rate at which the new loss is lowest.
    static List<Finding> best(List<Finding> all) {
        double rate = all.stream()
                .min(Comparator.comparingDouble(Finding::newLoss))
                .orElseThrow()
                .rate();
        return all.stream().filter(each -> each.rate() == rate).toList();
    }

    /// Bytes of weights, gradients and optimiser.
    long memory() {
        return weights + gradients + optimizer;
    }
}
