package gradus.train.run.swap;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.train.run.RunFolder;
import gradus.train.run.plot.HeatMap;
import gradus.train.run.swap.SwapResult.Measure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Where a comparison of parts is kept: `matrix.md`, `matrix.csv`, and a heat map of each measure.
///
/// @param path of the folder
public record SwapFolder(Path path) {
    private static final List<String> PICTURES = List.of("loss.png", "time.png", "memory.png"); // as Measure.ALL
    private static final List<Integer> PLACES = List.of(3, 1, 1);

    /// Makes the folder unless it is there.
    ///
    /// @throws gradus.error.UsageException if it cannot be written to
    public SwapFolder {
        RunFolder.requireWritable(path);
    }

    /// Writes everything, over what an earlier comparison left.
    ///
    /// @throws ResourceException if that cannot be
    public void write(SwapResult result) {
        try {
            Files.writeString(path.resolve("matrix.md"), result.markdown());
            Files.writeString(path.resolve("matrix.csv"), result.csv());
            for (int i = 0; i < PICTURES.size(); i++) {
                draw(result, Measure.ALL.get(i), path.resolve(PICTURES.get(i)), PLACES.get(i));
            }
        } catch (IOException e) {
            throw new ResourceException(path + " cannot be written: " + FileReason.of(e), e);
        }
    }

    private static void draw(SwapResult result, Measure measure, Path file, int places) throws IOException {
        double[][] values = result.rows().stream()
                .map(row -> result.columns().stream()
                        .mapToDouble(column -> result.of(row, column, measure).mean())
                        .toArray())
                .toArray(double[][]::new);
        HeatMap.Labels labels = new HeatMap.Labels(measure.title(), result.columnKind(), result.rowKind(), places);
        HeatMap.draw(file, labels, result.rows(), result.columns(), values);
    }
}
