package gradus.train.cli;

import gradus.error.UsageException;
import gradus.train.cli.terminal.Console;
import gradus.train.run.Line;
import gradus.train.run.compare.Interval;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;

/// The same run with several seeds: how much of a difference between two settings is chance.
record Seeds(List<Long> seeds, Path folder, Console console) {
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
        Interval over = Interval.of(losses);
        console.err()
                .println(Line.format(
                        "%d seeds: validation loss %.4f ± %.4f (mean and its 95 %% interval)",
                        losses.size(), over.mean(), over.half()));
        return 0;
    }
}
