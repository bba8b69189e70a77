package gradus.lessons.lab.ema;

import gradus.train.schedule.Schedule;

/// The mean squares of θ and of its debiased average s in a [NoisyBowl] that starts at 0, after the last step.
///
/// With `a = 1 - η` of a step, `θ' = a·θ - η·σ·ξ` and `s' = d·s + (1 - d)·θ'`:
/// `E[θ'²] = a²·E[θ²] + η²σ²`, `E[s'θ'] = d·a·E[sθ] + (1 - d)·E[θ'²]` and
/// `E[s'²] = d²·E[s²] + 2d(1 - d)·a·E[sθ] + (1 - d)²·E[θ'²]`, for any schedule.
///
/// @param raw      E[θ²]
/// @param averaged E[s²] over (1 - dᵗ)²
record ExactNoise(double raw, double averaged) {

    /// After so many steps.
    ///
    /// @param decay d
    /// @param noise σ
    static ExactNoise of(Schedule schedule, int steps, double decay, double noise) {
        double square = 0;
        double both = 0;
        double average = 0;
        for (int step = 0; step < steps; step++) {
            double rate = schedule.lrAt(step);
            double a = 1 - rate;
            average = decay * decay * average + 2 * decay * (1 - decay) * a * both;
            square = a * a * square + rate * rate * noise * noise;
            both = decay * a * both + (1 - decay) * square;
            average += (1 - decay) * (1 - decay) * square;
        }
        double correction = 1 - Math.pow(decay, steps);
        return new ExactNoise(square, average / (correction * correction));
    }

    /// Where it comes to rest at a constant rate: `v = ησ²/(2 - η)` of θ, and `v·(1 - d)/(1 + d)·(1 + a·d)/(1 - a·d)`
    /// of the average.
    static ExactNoise stationary(double rate, double decay, double noise) {
        double a = 1 - rate;
        double square = rate * noise * noise / (2 - rate);
        return new ExactNoise(square, square * (1 - decay) / (1 + decay) * (1 + a * decay) / (1 - a * decay));
    }
}
