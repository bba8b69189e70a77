package gradus.train.cli.sweep;

import gradus.error.FileReason;
import gradus.error.GradusException;
import gradus.error.ResourceException;
import gradus.layers.model.config.GptConfig;
import gradus.train.TrainConfig;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.run.Line;
import gradus.train.run.RunLock;
import gradus.train.run.compare.Measure;
import gradus.train.run.compare.RunRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.function.Consumer;

/// Trains the cells that have not been trained yet, several at a time. One that fails keeps no other from
/// being trained.
public final class Sweep {
    private final String program;
    private final SweepFile file;
    private final List<Cell> cells;
    private final Path path;
    private final OptionalInt asked;
    private final Consumer<String> say;
    private final Queue<Cell> waiting = new ArrayDeque<>();
    private SweepMemory need = SweepMemory.NONE;
    private SweepFolder folder; // once it trains
    private int threads;
    private int ended;
    private boolean stopped;

    /// @param program  the class of the program that trains a cell; it ends when its standard input does
    /// @param path     where everything is kept
    /// @param parallel how many cells are trained at a time; empty for as many as there are cores and memory
    ///     for
    /// @param say      takes each line
    public Sweep(String program, SweepFile file, Path path, OptionalInt parallel, Consumer<String> say) {
        this.program = program;
        this.file = file;
        this.cells = file.cells();
        this.path = path;
        this.asked = parallel;
        this.say = say;
    }

    public List<Cell> cells() {
        return cells;
    }

    /// Lets somebody look at the settings of all cells in a file, which is gone afterwards.
    ///
    /// @throws ResourceException if it cannot be written
    public void withBase(Consumer<Path> look) {
        try {
            Path base = Files.createTempFile("base", ".json");
            try {
                CheckpointJson.write(base, file.base());
                look.accept(base);
            } finally {
                Files.deleteIfExists(base);
            }
        } catch (IOException e) {
            throw new ResourceException("no temporary file can be written: " + FileReason.of(e), e);
        }
    }

    /// Tells of a training that is one of the cells: at a time there are as many as the largest fits.
    public void plan(GptConfig model, TrainConfig train) {
        need = need.or(SweepMemory.of(model, train));
    }

    /// Trains what is to be trained. The table is written again after each cell.
    ///
    /// @return how many cells have not come to a result
    /// @throws gradus.error.UsageException if the folder holds anything but this sweep
    /// @throws ResourceException if another process has the folder
    public int train() throws InterruptedException {
        int cores = Runtime.getRuntime().availableProcessors();
        int most = asked.orElse(Math.min(cores, need.most()));
        int parallel = Math.min(most, cells.size());
        folder = SweepFolder.open(path, file);
        try (RunLock lock = RunLock.take(path)) {
            threads = folder.begin(file, Math.max(1, cores / parallel));
            for (Cell cell : cells) {
                if (folder.outcome(cell).filter(CellOutcome::succeeded).isPresent()) {
                    ended++;
                } else {
                    waiting.add(cell);
                }
            }
            say.accept("%s trainings%s; %s at a time, each with %s and some %s"
                    .formatted(
                            cells.size(),
                            ended > 0 ? ", of which " + ended + " are done" : "",
                            parallel,
                            threads == 1 ? "1 thread" : threads + " threads",
                            need));
            List<Thread> workers = new ArrayList<>();
            for (int i = 0; i < Math.min(parallel, waiting.size()); i++) {
                workers.add(Thread.ofPlatform().name("cells-" + i).start(this::work));
            }
            for (Thread worker : workers) {
                worker.join();
            }
            write();
        }
        return (int) results().values().stream().filter(Optional::isEmpty).count();
    }

    /// Begins no further cell.
    public synchronized void stop() {
        stopped = true;
        waiting.clear();
    }

    private void work() {
        for (Optional<Cell> next = next(); next.isPresent(); next = next()) {
            Cell cell = next.get();
            CellOutcome outcome;
            try {
                outcome = new CellProcess(program, cell, folder.run(cell), folder.log(cell), folder.base(), threads)
                        .run();
            } catch (GradusException failed) {
                outcome = new CellOutcome(1, Optional.of(failed.getMessage()));
            } catch (InterruptedException end) {
                return;
            }
            end(cell, outcome);
        }
    }

    private synchronized Optional<Cell> next() {
        return Optional.ofNullable(waiting.poll());
    }

    private synchronized void end(Cell cell, CellOutcome outcome) {
        ended++;
        String result = outcome.succeeded()
                ? Line.format(
                        "validation loss %.4f", RunRecord.open(folder.run(cell)).result(Measure.VALIDATION_LOSS))
                : stopped ? "stopped" : "failed: " + outcome.error().orElse("");
        say.accept("%s of %s, %s: %s".formatted(ended, cells.size(), cell.title(), result));
        write();
    }

    private Map<Cell, Optional<RunRecord>> results() {
        Map<Cell, Optional<RunRecord>> results = new LinkedHashMap<>();
        for (Cell cell : cells) {
            boolean done = folder.outcome(cell).filter(CellOutcome::succeeded).isPresent();
            results.put(cell, done ? Optional.of(RunRecord.open(folder.run(cell))) : Optional.empty());
        }
        return results;
    }

    private void write() {
        SweepTable table = new SweepTable(file.settings(), results());
        SweepFolder.write(folder.table(), table.markdown());
        SweepFolder.write(folder.csv(), table.csv());
    }

    /// The table of what has come of it so far.
    public String table() {
        return new SweepTable(file.settings(), results()).markdown();
    }
}
