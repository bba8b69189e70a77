package gradus.train.cli;

import gradus.error.UsageException;
import gradus.train.cli.terminal.Console;
import gradus.train.run.Line;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;

/// The same run with several seeds: how much of a difference between two settings is chance.
record Seeds(List<Long> seeds, Path folder, Console console) {
    /// The 97.5 % points of Student's t with 1, 2, … degrees of freedom: means of few runs are less certain
    /// than the normal distribution makes believe.
    private static final double[] T = {
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
        2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042
    };

    private static final double NORMAL = 1.960;

    /// @throws UsageException if there are fewer than two, or one twice
    Seeds {
        if (seeds.size() < 2 || new HashSet<>(seeds).size() < seeds.size()) {
            throw new UsageException("--seeds must be at least two different numbers; got " + seeds);
        }
    }

    /// One training with a seed, in a folder.
    interface Run {
        TrainCommand.Ended with(long seed, Path folder);
    }

    /// @return the exit code: that of the first run that was stopped, or 0
    int run(Run run) {
        List<Double> losses = new ArrayList<>();
        for (long seed : seeds) {
            TrainCommand.Ended outcome = run.with(seed, folder.resolve("seed-" + seed));
            if (outcome.exitCode() != 0) {
                return outcome.exitCode();
            }
            OptionalDouble loss = outcome.result().validationLoss();
            loss.ifPresent(losses::add);
            console.err().println(Line.format("seed %d: validation loss %.4f", seed, loss.orElse(Double.NaN)));
        }
        console.err()
                .println(Line.format(
                        "%d seeds: validation loss %.4f ± %.4f (mean and its 95 %% interval)",
                        losses.size(), mean(losses), halfWidth(losses)));
        return 0;
    }

    static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }

    /// `t·s/√n` with the standard deviation `s = √(Σ(x - mean)²/(n - 1))`. Student 1908.
    static double halfWidth(List<Double> values) {
        int n = values.size();
        double mean = mean(values);
        double squares =
                values.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum();
        double t = n - 2 < T.length ? T[n - 2] : NORMAL;
        return t * Math.sqrt(squares / (n - 1) / n);
    }
}
