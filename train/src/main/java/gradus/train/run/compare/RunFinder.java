package gradus.train.run.compare;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.error.UsageException;
import gradus.train.run.RunFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Finds the runs' folders that paths mean.
public final class RunFinder {
    private static final int DEEPEST = 3; // a sweep holds cells, and those seeds

    private RunFinder() {}

    /// A run's folder means itself, any other folder all runs below it, in the order of their names.
    ///
    /// @throws UsageException if a path means none, or a run is named twice
    public static List<Path> find(List<Path> paths) {
        Set<Path> all = new LinkedHashSet<>();
        for (Path path : paths) {
            List<Path> found = isRun(path) ? List.of(path) : below(path);
            if (found.isEmpty()) {
                throw new UsageException(
                        path + (Files.isDirectory(path) ? " holds no run" : " is no folder; a run's folder is needed"));
            }
            for (Path each : found) {
                if (!all.add(each.normalize())) {
                    throw new UsageException(each + " was named twice");
                }
            }
        }
        return List.copyOf(all);
    }

    private static boolean isRun(Path path) {
        RunFolder folder = new RunFolder(path);
        return Files.isRegularFile(folder.config()) && Files.isRegularFile(folder.metrics());
    }

    private static List<Path> below(Path path) {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.walk(path, DEEPEST)) {
            return folders.filter(RunFinder::isRun).sorted().toList();
        } catch (IOException e) {
            throw new ResourceException(path + " cannot be read: " + FileReason.of(e), e);
        } catch (UncheckedIOException e) {
            throw new ResourceException(path + " cannot be read: " + FileReason.of(e.getCause()), e);
        }
    }
}
