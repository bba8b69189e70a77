package gradus.train.finetune;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.error.UsageException;
import gradus.tensor.Rng;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.TrainingResult;
import gradus.train.checkpoint.Checkpoints;
import gradus.train.run.RunFolder;
import gradus.train.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Trains a model that is there already on other data, as a whole or by an adapter. The folder then holds what was
/// learnt, and the checkpoints.
public final class Finetuning {
    private final Plan plan;
    private final OpenBase base;
    private final Tuned tuned;
    private final Trainer trainer;

    /// What is to be done.
    ///
    /// @param base a run's folder, a Hugging Face folder or a GGUF file
    /// @param out  the folder that is filled
    public record Plan(Path base, TuningData data, TuningMethod method, TrainConfig train, Path out) {}

    /// Opens the base and the data.
    ///
    /// @throws gradus.error.ConfigException if the method does not fit the base
    public Finetuning(Plan plan) {
        this.plan = plan;
        this.base = OpenBase.of(plan.base());
        TrainConfig train = plan.train();
        this.tuned = plan.method().on(base, Rng.of(train.loop().seed()).at("adapter"));
        Task task = plan.data().task(tuned.model(), base.saved().text(), train, new RunFolder(plan.out()).tokens());
        this.trainer = new Trainer(
                task, train.optimizer().of(tuned.groups(), train.adam()), train.newSchedule(), train.loop());
        trainer.saveTo(new Checkpoints(new RunFolder(plan.out()).checkpoints(), 2), () -> 0);
    }

    /// The base and what is learnt.
    public Tuned tuned() {
        return tuned;
    }

    /// Goes on from the newest checkpoint.
    ///
    /// @throws UsageException if there is none
    public int resume() {
        return trainer.resume()
                .orElseThrow(() -> new UsageException(plan.out() + " holds no checkpoint to go on from"))
                .step();
    }

    public void requestStop() {
        trainer.requestStop();
    }

    /// Trains to the end, or until somebody stops it, and writes what was learnt.
    public TrainingResult run(TrainingListener listener) {
        TrainingResult result = trainer.listen(listener).run();
        tuned.model().eval();
        try (var averaged = trainer.swapInAverage()) {
            tuned.save(plan.out(), base);
        }
        return result;
    }

    /// Makes the folder, which must be empty.
    ///
    /// @throws UsageException if it is not
    public static void create(Path out) {
        try {
            Files.createDirectories(out);
            try (var files = Files.list(out)) {
                if (files.findAny().isPresent()) {
                    throw new UsageException(out + " is not empty; choose another --out, or go on with --resume");
                }
            }
        } catch (IOException e) {
            throw new ResourceException(out + " cannot be made: " + FileReason.of(e), e);
        }
    }
}
