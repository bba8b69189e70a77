package gradus.lessons.lab.align;

import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import java.util.ArrayList;
import java.util.List;

/// Where an algorithm comes to rest: its expected gradient, computed by autograd in float64, is followed until
/// the policy no longer changes.
///
/// @param probs     of each answer
/// @param steps     how many it took
/// @param distances after each step, the largest difference of a probability from the closed form
public record FixedPoint(double[] probs, int steps, List<Double> distances) {
    /// A change of all probabilities below it is rest. What is left of the way is at most some thousand times
    /// longer.
    private static final double REST = 1e-10;
    /// Of each step, this share is added to the next (Polyak 1964), so that slow directions are gone five
    /// times as fast.
    private static final double MOMENTUM = 0.8;

    /// From the reference.
    ///
    /// @param tokens whether each token is a decision, or the whole answer is one
    /// @param most   how many steps at most
    public static FixedPoint of(ExactMethod method, EnumerableProblem problem, boolean tokens, int most) {
        double[] closed = method.closedForm(problem, tokens);
        Tensor logits = problem.reference().to(DType.FLOAT64).mul(1).detach().requireGrad();
        double[] probs = problem.referenceProbs();
        List<Double> distances = new ArrayList<>();
        double[] way = new double[logits.size()];
        boolean rests = false;
        while (!rests && distances.size() < most) {
            double[] table = logits.toArray();
            try (var scope = Scope.open()) {
                logits.zeroGrad();
                method.loss(problem, logits, tokens).backward();
                double[] step = method.step(problem, logits.grad().toArray(), probs);
                for (int i = 0; i < table.length; i++) {
                    way[i] = MOMENTUM * way[i] + step[i];
                    table[i] -= way[i];
                }
            }
            logits.set(table);
            double[] next = problem.outcomes().probs(logits.detach()).toArray();
            rests = distance(next, probs) < REST;
            probs = next;
            distances.add(distance(probs, closed));
        }
        return new FixedPoint(probs, distances.size(), List.copyOf(distances));
    }

    /// The largest difference of the policy from the closed form.
    public double distance() {
        return distances.isEmpty() ? Double.NaN : distances.getLast();
    }

    /// The largest difference of two distributions.
    public static double distance(double[] p, double[] q) {
        double largest = 0;
        for (int i = 0; i < p.length; i++) {
            largest = Math.max(largest, Math.abs(p[i] - q[i]));
        }
        return largest;
    }
}
