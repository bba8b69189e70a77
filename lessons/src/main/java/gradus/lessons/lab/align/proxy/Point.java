package gradus.lessons.lab.align.proxy;

import java.util.List;
import java.util.function.ToDoubleFunction;

/// A policy on its way from the reference.
///
/// @param kl    its divergence from the reference, in nats
/// @param proxy its mean of the reward that is optimised, less that of the reference
/// @param gold  its mean of the true reward, less that of the reference
record Point(double kl, double proxy, double gold) {

    /// Of a policy, exactly.
    static Point of(double[] probs, double[] reference, double[] proxy, double[] gold) {
        return new Point(
                AnswerSpace.divergence(probs, reference),
                AnswerSpace.mean(probs, proxy) - AnswerSpace.mean(reference, proxy),
                AnswerSpace.mean(probs, gold) - AnswerSpace.mean(reference, gold));
    }

    /// The value at a divergence, by a line between the points where a way first comes there; NaN if it never
    /// does.
    static double at(List<Point> way, double kl, ToDoubleFunction<Point> value) {
        for (int i = 1; i < way.size(); i++) {
            Point from = way.get(i - 1);
            Point to = way.get(i);
            if (from.kl <= kl && kl <= to.kl && from.kl < to.kl) {
                double share = (kl - from.kl) / (to.kl - from.kl);
                return value.applyAsDouble(from) + share * (value.applyAsDouble(to) - value.applyAsDouble(from));
            }
        }
        return Double.NaN;
    }

    /// The point of a way where the gold reward is highest.
    static Point peak(List<Point> way) {
        Point best = way.getFirst();
        for (Point each : way) {
            best = each.gold > best.gold ? each : best;
        }
        return best;
    }
}
