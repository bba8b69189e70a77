package gradus.train.cli.sweep;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.error.UsageException;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.run.RunFolder;
import gradus.train.run.RunLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// The folder of a sweep:
///
/// | file | |
/// |---|---|
/// | `sweep.json` | what is trained, and with how many threads each |
/// | `base.json` | the settings of all cells |
/// | `cells/` | the run of each, as of any training |
/// | `logs/` | what each said |
/// | `table.md`, `table.csv` | what came of them |
record SweepFolder(Path path) {
    private static final String THREADS = "threads";
    private static final String SWEEP = "sweep";

    /// Makes the folder, or finds the one of the same sweep.
    ///
    /// @throws UsageException if it holds anything else
    static SweepFolder open(Path path, SweepFile file) {
        SweepFolder folder = new SweepFolder(path);
        if (Files.exists(folder.file())) {
            ObjectNode before = CheckpointJson.read(folder.file());
            if (!before.path(SWEEP).equals(file.root())) {
                throw new UsageException("%s holds the sweep of another file than %s; choose another --out"
                        .formatted(path, file.file()));
            }
            return folder;
        }
        RunFolder.requireWritable(path);
        try (Stream<Path> all = Files.list(path)) {
            if (!all.allMatch(RunLock::isLock)) {
                throw new UsageException(path + " is not empty and holds no sweep; choose another --out");
            }
        } catch (IOException e) {
            throw new UsageException(path + " cannot be read; choose another --out", e);
        }
        return folder;
    }

    /// Notes what is trained. A sweep that goes on keeps its number of threads, on which the last bits of a
    /// result may depend.
    ///
    /// @return with how many threads a cell is trained
    int begin(SweepFile file, int threads) {
        if (Files.exists(file())) {
            return CheckpointJson.read(file()).path(THREADS).asInt(threads);
        }
        CheckpointJson.write(base(), file.base());
        CheckpointJson.write(
                file(), CheckpointJson.object().put(THREADS, threads).set(SWEEP, file.root()));
        return threads;
    }

    private Path file() {
        return path.resolve("sweep.json");
    }

    Path base() {
        return path.resolve("base.json");
    }

    Path run(Cell cell) {
        return path.resolve("cells").resolve(cell.folder());
    }

    Path log(Cell cell) {
        return path.resolve("logs").resolve(cell.folder() + ".txt");
    }

    Path table() {
        return path.resolve("table.md");
    }

    Path csv() {
        return path.resolve("table.csv");
    }

    /// Writes a text in place of an earlier one.
    ///
    /// @throws ResourceException if it cannot be written
    static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new ResourceException(file + " cannot be written: " + FileReason.of(e), e);
        }
    }

    /// How a cell ended; nothing if it has not.
    Optional<CellOutcome> outcome(Cell cell) {
        return CellOutcome.of(run(cell));
    }
}
