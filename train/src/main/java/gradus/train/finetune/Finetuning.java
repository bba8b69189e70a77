package gradus.train.finetune;

import gradus.tensor.random.Rng;
import gradus.train.EvaluationReport;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.TrainingResult;
import gradus.train.optimizer.ParameterGroups;
import gradus.train.run.FolderTraining;
import gradus.train.run.RunDisplay;
import gradus.train.run.RunFolder;
import gradus.train.run.RunLock;
import gradus.train.run.TuningConfig;
import gradus.train.run.text.BitsPerByte;
import gradus.train.task.Task;
import java.nio.file.Path;
import java.util.List;

/// Trains a model that is there already on other data, as a whole or by an adapter. The folder then holds
///
/// | file | |
/// |---|---|
/// | `config.json` | every setting |
/// | `base.json` | the fingerprint of what is frozen, by which a resume knows the base |
/// | `metrics.jsonl`, `loss.png` | the losses, as of `gradus train` |
/// | `checkpoints/` | what is trained, without what is frozen |
/// | `best/` | what was learnt at the lowest validation loss |
/// | and what the [Tuned] saves | what was learnt |
public final class Finetuning {
    /// 200 steps of 8 sequences, evaluated four times.
    public static final TrainConfig DEFAULTS = TrainConfig.defaults()
            .withSteps(200)
            .withBatchSize(8)
            .withLr(1e-3)
            .withMinLr(1e-4)
            .withWarmup(10)
            .withEvalEvery(50);

    private static final String BASE = "base.json";
    private static final String BEST = "best";

    private final Plan plan;
    private final RunFolder folder;
    private final OpenBase base;
    private final Tuned tuned;
    private final BaseFingerprint fingerprint;
    private final Task task;
    private final Trainer trainer;

    /// What is to be done.
    ///
    /// @param base    a run's folder, a Hugging Face folder or a GGUF file
    /// @param out     the folder that is filled
    /// @param config  what config.json tells
    /// @param command of `gradus` that goes on with it
    public record Plan(
            Path base,
            TuningData data,
            TuningMethod method,
            TrainConfig train,
            Path out,
            TuningConfig config,
            String command) {

        /// A plan of a program, whose options nobody needs to know.
        public Plan(Path base, TuningData data, TuningMethod method, TrainConfig train, Path out) {
            this(base, data, method, train, out, TuningConfig.begun(List.of(), train), "finetune");
        }

        /// By which a person goes on.
        public String resumeCommand() {
            return "gradus " + command + " --resume --out " + out;
        }
    }

    /// Opens the base and the data. Nothing is written yet, but large data as tokens.
    ///
    /// @throws gradus.error.ConfigException if the method does not fit the base
    public Finetuning(Plan plan) {
        this.plan = plan;
        this.folder = new RunFolder(plan.out());
        OpenBase opened = OpenBase.of(plan.base());
        this.base = plan.data().base(opened);
        TuningMethod method = plan.method();
        if (base.model().vocabSize() > opened.model().vocabSize()) {
            method = method.withNewTokens(
                    opened.model().vocabSize(), base.model().vocabSize());
        }
        TrainConfig train = plan.train();
        this.tuned = method.on(base, Rng.of(train.loop().seed()).at("adapter"));
        this.fingerprint = BaseFingerprint.of(tuned.model(), plan.config().options());
        this.task = plan.data().task(tuned, base, train, folder.tokens());
        this.trainer = Trainer.of(task, train.optimizer().of(groups(), train.adam()), train)
                .saveWithoutFrozen();
    }

    /// What is trained: also what the task adds to the model, as a critic.
    private ParameterGroups groups() {
        return task.model() == tuned.model()
                ? tuned.groups()
                : ParameterGroups.trained(task.model().namedParameters());
    }

    /// The base.
    public OpenBase base() {
        return base;
    }

    /// The task that is learnt.
    public Task task() {
        return task;
    }

    /// The base and what is learnt.
    public Tuned tuned() {
        return tuned;
    }

    /// Writes down what is begun.
    public void begin() {
        plan.config().write(folder);
        fingerprint.write(folder.path().resolve(BASE));
    }

    /// Makes sure that base and options are those that the folder was begun with.
    ///
    /// @throws gradus.error.CheckpointMismatchException if they are others, naming the first difference of a
    ///     base
    public void requireSameBase() {
        fingerprint.require(folder.path().resolve(BASE), folder.config());
    }

    /// Asks the training to end after the step it is in; what was learnt is kept. May be called from any
    /// thread.
    public void requestStop() {
        trainer.requestStop();
    }

    /// Trains to the end, or until somebody stops it, and writes what was learnt.
    ///
    /// @param lock    on the folder
    /// @param resumed whether to go on from the newest checkpoint
    public TrainingResult run(RunLock lock, RunDisplay display, boolean resumed) {
        BitsPerByte bits = plan.data().bits();
        FolderTraining training = new FolderTraining(
                folder,
                plan.out().toAbsolutePath().normalize().getFileName() + ", from "
                        + plan.base().getFileName(),
                bits,
                bits.known() ? tokensPerStep() : 0,
                this::begin,
                () -> save(folder.path()),
                plan.resumeCommand());
        TrainingListener best = new TrainingListener() {
            @Override
            public void onBest(EvaluationReport report) {
                try (var averaged = trainer.swapInAverage()) {
                    save(folder.path().resolve(BEST));
                }
            }
        };
        return training.run(trainer, lock, display, plan.train().steps(), resumed, List.of(best));
    }

    private long tokensPerStep() {
        return task.parts(0).stream().mapToLong(Task.Part::tokens).sum();
    }

    private void save(Path where) {
        tuned.save(where, base);
        if (!(plan.method() instanceof FullTuning)) {
            plan.data().save(where, base);
        }
    }
}
