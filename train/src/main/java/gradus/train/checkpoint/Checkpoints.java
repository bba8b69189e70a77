package gradus.train.checkpoint;

import static gradus.error.ConfigException.require;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.error.FileReason;
import gradus.error.GradusException;
import gradus.error.ResourceException;
import gradus.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The checkpoints of one training: a folder with `step-250`, `step-500` and so on, each of them
///
/// | file | |
/// |---|---|
/// | `model.safetensors` | the weights |
/// | `optimizer.safetensors` | the state of the optimiser |
/// | `average.safetensors` | the averaged weights, if there are any |
/// | `progress.json` | [TrainingProgress] |
/// | `manifest.json` | the SHA-256 of each of these |
///
/// A checkpoint is written as `step-250.tmp`, file by file, each forced to the disk, the manifest last, and
/// takes its name in one step. So even if the program is killed at any moment, every `step-N` whose manifest
/// verifies is complete. The last few checkpoints are kept, and the one with the lowest validation loss.
public final class Checkpoints {
    private static final String PREFIX = "step-";
    private static final String TEMPORARY = ".tmp";
    private static final String PROGRESS = "progress.json";

    private final Path folder;
    private final int keep;
    private final List<String> damaged = new ArrayList<>();

    /// @param folder where the checkpoints are; it need not exist yet
    /// @param keep   how many of the last checkpoints are kept, at least 1
    public Checkpoints(Path folder, int keep) {
        require(keep >= 1, "checkpoints: at least 1 must be kept; got %s", keep);
        this.folder = folder;
        this.keep = keep;
    }

    // --- saving

    /// Writes a checkpoint and deletes old ones of which there are now too many. If there is already a valid
    /// checkpoint of the same step, it is left as it is: the same training wrote it before.
    ///
    /// @throws ResourceException if the disk is full or refuses; earlier checkpoints are then as they were
    public void save(TrainingState state, TrainingProgress progress) {
        uninterrupted(() -> {
            Path target = folder.resolve(PREFIX + progress.step());
            if (!Files.isDirectory(target) || !isWhole(target, progress.step())) {
                write(target, state, progress);
            }
            removeTooMany(progress.step());
        });
    }

    /// Runs an action without interrupts: an interrupt of this thread would close the files that are open. An
    /// interrupt that comes meanwhile is restored afterwards.
    private static void uninterrupted(Runnable action) {
        boolean interrupted = Thread.interrupted();
        try {
            action.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void write(Path target, TrainingState state, TrainingProgress progress) {
        Path temporary = target.resolveSibling(target.getFileName() + TEMPORARY);
        try {
            delete(temporary);
            Files.createDirectories(temporary);
            SequencedMap<String, SequencedMap<String, Tensor>> files = state.files();
            files.forEach((name, tensors) ->
                    SafetensorsWriter.write(temporary.resolve(name), tensors, SafetensorsWriter.METADATA));
            CheckpointJson.write(temporary.resolve(PROGRESS), progress);
            Manifest.write(temporary, names(files));
            delete(target);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            AtomicFile.forceFolder(folder);
        } catch (IOException failure) {
            discard(temporary);
            throw new ResourceException(
                    "%s: the checkpoint cannot be written: %s; earlier ones are unchanged"
                            .formatted(target, FileReason.of(failure)),
                    failure);
        } catch (GradusException failure) {
            discard(temporary);
            throw failure;
        }
    }

    private static List<String> names(SequencedMap<String, ?> files) {
        return Stream.concat(files.sequencedKeySet().stream(), Stream.of(PROGRESS))
                .toList();
    }

    private void removeTooMany(int newest) {
        List<Integer> steps = steps();
        List<Integer> last = steps.subList(0, Math.min(keep, steps.size()));
        int best = steps.stream()
                .min(Comparator.comparingDouble((Integer step) -> lossOf(step))
                        .thenComparing(Comparator.reverseOrder()))
                .orElse(newest);
        for (int step : steps) {
            if (!last.contains(step) && step != best && step != newest) {
                discard(folder.resolve(PREFIX + step));
            }
        }
    }

    private double lossOf(int step) {
        try {
            return TrainingProgress.read(folder.resolve(PREFIX + step).resolve(PROGRESS))
                    .lossOfWeights();
        } catch (RuntimeException unreadable) {
            return Double.POSITIVE_INFINITY;
        }
    }

    private static void discard(Path path) {
        try {
            delete(path);
        } catch (IOException leftOver) {
            // What is left of the checkpoint does not verify, so no reader will use it.
        }
    }

    /// Deletes the manifest first: without it, the rest does not count as a checkpoint.
    private static void delete(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            Files.deleteIfExists(path.resolve(Manifest.NAME));
            try (Stream<Path> files = Files.list(path)) {
                for (Path file : files.toList()) {
                    delete(file);
                }
            }
        }
        Files.deleteIfExists(path);
    }

    // --- loading

    /// Copies the newest complete checkpoint into a training's tensors and returns its progress, or nothing
    /// if there is no checkpoint. Damaged checkpoints are skipped; [#damaged] says why. Nothing is changed
    /// unless everything fits.
    ///
    /// @param check throws if the checkpoint in a folder, with its progress, does not belong to this training
    /// @throws CorruptCheckpointException  if there are checkpoints and every one is damaged
    /// @throws CheckpointMismatchException if it belongs to another training or a newer version of the
    ///                                     library
    public Optional<TrainingProgress> load(TrainingState state, BiConsumer<Path, TrainingProgress> check) {
        damaged.clear();
        for (int step : steps()) {
            Path checkpoint = folder.resolve(PREFIX + step);
            Optional<TrainingProgress> whole = unlessDamaged(checkpoint, () -> verified(checkpoint, step));
            if (whole.isPresent()) {
                check.accept(checkpoint, whole.get());
                Optional<TrainingState> fits = unlessDamaged(checkpoint, () -> requireSound(checkpoint, state));
                if (fits.isPresent()) {
                    state.files().forEach((name, tensors) -> Weights.copy(open(checkpoint, name), tensors));
                    return whole;
                }
            }
        }
        if (!damaged.isEmpty()) {
            throw new CorruptCheckpointException(
                    "%s: every checkpoint is damaged: %s".formatted(folder, damaged.getFirst()));
        }
        return Optional.empty();
    }

    /// Why the last [#load] skipped newer checkpoints, the newest first.
    public List<String> damaged() {
        return List.copyOf(damaged);
    }

    /// Reads a part of a checkpoint. If anything at all is wrong with it, returns nothing and adds a note to
    /// [#damaged], so that a damaged file never prevents an earlier checkpoint from being found. A checkpoint
    /// of another training does not count as damaged.
    private <T> Optional<T> unlessDamaged(Path checkpoint, Supplier<T> reading) {
        try {
            return Optional.of(reading.get());
        } catch (CheckpointMismatchException otherTraining) {
            throw otherTraining;
        } catch (GradusException fault) {
            damaged.add(fault.getMessage());
        } catch (RuntimeException unforeseen) {
            damaged.add("%s: cannot be read: %s".formatted(checkpoint, unforeseen));
        }
        return Optional.empty();
    }

    private static TrainingProgress verified(Path checkpoint, int step) {
        Manifest.verify(checkpoint, List.of("model.safetensors", "optimizer.safetensors", PROGRESS));
        Path file = checkpoint.resolve(PROGRESS);
        TrainingProgress progress = TrainingProgress.read(file);
        if (progress.step() != step) {
            throw new CorruptCheckpointException("%s: is of step %s".formatted(file, progress.step()));
        }
        return progress;
    }

    /// Weights must be finite numbers. The optimiser's state may have infinities, since the square of a large
    /// gradient can be one, but never NaN.
    private static TrainingState requireSound(Path checkpoint, TrainingState state) {
        if (state.average().isEmpty() && Files.exists(checkpoint.resolve("average.safetensors"))) {
            throw new CheckpointMismatchException(checkpoint + ": has averaged weights; the training has none");
        }
        if (state.task().isEmpty() && Files.exists(checkpoint.resolve("task.safetensors"))) {
            throw new CheckpointMismatchException(checkpoint + ": has the state of a task; the training has none");
        }
        state.files()
                .forEach((name, tensors) -> Weights.requireFits(
                        open(checkpoint, name), tensors, tensors == state.average() ? frozen(state) : Set.of()));
        state.files().forEach((name, tensors) -> {
            if (tensors == state.optimizer()) {
                Weights.requireNumbers(open(checkpoint, name), tensors);
            } else {
                Weights.requireFinite(open(checkpoint, name), tensors);
            }
        });
        return state;
    }

    /// The weights that an average leaves out, which earlier versions kept a copy of.
    private static Set<String> frozen(TrainingState state) {
        Set<String> frozen = new HashSet<>(state.model().keySet());
        frozen.removeAll(state.average().keySet());
        return frozen;
    }

    private static Safetensors open(Path checkpoint, String name) {
        if (!Files.exists(checkpoint.resolve(name))) {
            throw new CheckpointMismatchException("%s: has no %s, which the training has".formatted(checkpoint, name));
        }
        return Safetensors.open(checkpoint.resolve(name));
    }

    private boolean isWhole(Path target, int step) {
        return unlessDamaged(target, () -> verified(target, step)).isPresent();
    }

    /// The steps that have a folder, the newest first. Temporary folders do not count.
    private List<Integer> steps() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches(PREFIX + "\\d{1,9}"))
                    .map(name -> Integer.parseInt(name.substring(PREFIX.length())))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        } catch (IOException failure) {
            throw new ResourceException("%s: cannot be read: %s".formatted(folder, FileReason.of(failure)), failure);
        }
    }
}
