package gradus.lessons.lab.align.kl;

import gradus.layers.loss.alignment.KlEstimator;
import gradus.lessons.sampling.Categorical;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.util.Arrays;

/// An estimator of `KL(π‖ref)` at one policy: what it says of each answer if that is the one that is drawn, and
/// how hard it then pulls as a loss. Both by the library's [KlEstimator] and its gradient.
///
/// With `x = ln ref - ln π`, the derivative by ln π is `1` for k1, `-x` for k2 and `1 - eˣ` for k3: for an
/// answer that π has nearly given up, k3's grows as ref/π, k2's as its logarithm.
///
/// @param probs π of each answer
/// @param value the estimate, if this answer is drawn
/// @param pull  its derivative by ln π
record EstimatorAtPolicy(double[] probs, double[] value, double[] pull) {

    static EstimatorAtPolicy of(KlEstimator estimator, double[] probs, double[] reference) {
        int n = probs.length;
        try (var scope = Scope.open()) {
            Tensor own = logs(probs).requireGrad(); // (N, 1)
            Tensor estimate = estimator.of(own, logs(reference)); // (N, 1)
            estimate.sum().backward();
            return new EstimatorAtPolicy(probs, estimate.toArray(), own.grad().toArray());
        }
    }

    private static Tensor logs(double[] probs) {
        return Tensor.of(Arrays.stream(probs).map(Math::log).toArray(), probs.length, 1);
    }

    /// `E_π` of the estimate.
    double mean() {
        return mean(value);
    }

    /// The standard deviation of the estimate of one draw.
    double deviation() {
        return deviation(value);
    }

    /// The standard deviation of the pull of one draw.
    double pullDeviation() {
        return deviation(pull);
    }

    private double mean(double[] numbers) {
        double mean = 0;
        for (int i = 0; i < probs.length; i++) {
            mean += probs[i] * numbers[i];
        }
        return mean;
    }

    private double deviation(double[] numbers) {
        double mean = mean(numbers);
        double squares = 0;
        for (int i = 0; i < probs.length; i++) {
            squares += probs[i] * (numbers[i] - mean) * (numbers[i] - mean);
        }
        return Math.sqrt(squares);
    }

    /// The mean estimate of so many drawn answers.
    double drawn(int draws, Rng rng) {
        double sum = 0;
        for (int i = 0; i < draws; i++) {
            sum += value[Categorical.draw(probs, rng.uniform(i))];
        }
        return sum / draws;
    }

    /// The expected gradient by the logits of the answers, `π·(pull - E_π[pull])`.
    double[] gradient() {
        double mean = mean(pull);
        double[] gradient = new double[probs.length];
        Arrays.setAll(gradient, i -> probs[i] * (pull[i] - mean));
        return gradient;
    }

    /// The cosine of the angle between two vectors.
    static double cosine(double[] a, double[] b) {
        double dot = 0;
        double own = 0;
        double other = 0;
        for (int i = 0; i < a.length; i++) {
            dot += a[i] * b[i];
            own += a[i] * a[i];
            other += b[i] * b[i];
        }
        return dot / Math.sqrt(own * other);
    }
}
