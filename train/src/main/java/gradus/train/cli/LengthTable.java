package gradus.train.cli;

import gradus.error.ConfigException;
import gradus.error.UsageException;
import gradus.layers.model.Gpt;
import gradus.train.run.Line;
import gradus.train.run.RunConfig;
import gradus.train.run.RunFolder;
import gradus.train.run.SavedModel;
import gradus.train.run.compare.Interval;
import gradus.train.run.compare.TextTable;
import gradus.train.run.length.LongerModel;
import gradus.train.run.length.LossByPosition;
import gradus.train.run.length.PositionScale;
import gradus.train.task.Tokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The losses of a run's model at several lengths, each by how many tokens stand before the predicted one.
///
/// @param windows the most of each length
record LengthTable(Path run, SavedModel saved, List<Integer> lengths, Optional<String> scale, int windows) {

    /// @throws UsageException if lengths or positions do not fit the model
    LengthTable {
        lengths = lengths.stream().sorted().distinct().toList();
        if (lengths.getFirst() < 1 || windows < 1) {
            throw new UsageException(
                    "--lengths and --windows must be at least 1; got %s and %s".formatted(lengths.getFirst(), windows));
        }
        if (!Files.isDirectory(run) || saved.data() == null) {
            throw new UsageException("--lengths takes the folder of a run of gradus train; got " + run);
        }
    }

    /// A line for each length.
    String of(Tokens tokens) {
        RunConfig config = RunConfig.read(RunFolder.open(run));
        List<String> heading = new ArrayList<>(List.of("length", "windows", "loss"));
        int before = 0;
        for (int length : lengths) {
            heading.add(before + 1 == length ? "" + length : before + 1 + "–" + length);
            before = length;
        }
        TextTable table = new TextTable(heading);
        try {
            Optional<PositionScale> stretched = scale.map(PositionScale::of);
            Gpt model = LongerModel.of(saved.model(), config.model(), lengths.getLast(), stretched);
            for (int length : lengths) {
                LossByPosition losses = LossByPosition.of(model, tokens, length, windows);
                List<String> row = new ArrayList<>(List.of(
                        length + (length == config.model().context() ? " (trained)" : ""),
                        "" + losses.losses().length,
                        shown(losses, 0, length)));
                int from = 0;
                for (int to : lengths) {
                    row.add(to <= length ? shown(losses, from, to) : "");
                    from = to;
                }
                table.add(row);
            }
        } catch (ConfigException impossible) {
            throw new UsageException("--lengths: " + impossible.getMessage(), impossible);
        }
        return "nats per token by the number of tokens before it, with 95 % intervals over windows"
                + scale.map(text -> Line.format("; positions stretched by %s", text))
                        .orElse("")
                + "\n\n"
                + table;
    }

    private static String shown(LossByPosition losses, int from, int to) {
        Interval mean =
                Interval.of(Arrays.stream(losses.means(from, to)).boxed().toList());
        return Double.isNaN(mean.half())
                ? Line.format("%.3f", mean.mean())
                : Line.format("%.3f ± %.3f", mean.mean(), mean.half());
    }
}
