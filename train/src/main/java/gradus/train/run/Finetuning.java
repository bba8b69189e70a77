package gradus.train.run;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.error.UsageException;
import gradus.layers.adapter.AdapterConfig;
import gradus.layers.adapter.Adapters;
import gradus.layers.adapter.Part;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Rng;
import gradus.tensor.Tensor;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.TrainingResult;
import gradus.train.checkpoint.Checkpoints;
import gradus.train.corpus.Corpus;
import gradus.train.optimizer.LoraPlus;
import gradus.train.pretrained.Composed;
import gradus.train.pretrained.HuggingFaceFolder;
import gradus.train.pretrained.peft.PeftFolder;
import gradus.train.run.text.EncodedText;
import gradus.train.task.LanguageModelling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Trains a model that is there already on another text, as a whole or by an adapter. The folder then holds the
/// adapter as peft has it, or in `model` the whole model as a Hugging Face folder, and the checkpoints.
public final class Finetuning {
    /// The adapter's name.
    public static final String ADAPTER = "default";

    private final Plan plan;
    private final SavedModel base;
    private final LanguageModel model;
    private final Adapters adapters; // or null
    private final Trainer trainer;

    /// What is to be done.
    ///
    /// @param base    a run's folder, a Hugging Face folder or a GGUF file
    /// @param adapter null to train the whole model
    /// @param ratio   of LoRA+, 1 for the same rate everywhere
    /// @param out     the folder that is filled
    public record Plan(Path base, Corpus corpus, AdapterConfig adapter, double ratio, TrainConfig train, Path out) {}

    /// Opens the base and the text.
    ///
    /// @throws gradus.error.ConfigException if the adapter does not fit the base
    public Finetuning(Plan plan) {
        this.plan = plan;
        this.base = SavedModel.open(plan.base());
        this.model = (LanguageModel) Composed.published(base.model());
        EncodedText text = EncodedText.of(plan.corpus(), base.text(), new RunFolder(plan.out()).tokens(), false);
        String name = plan.corpus().name();
        Corpus.requireTokens("training", name, text.split().train().size(), model.context());
        Corpus.requireTokens("validation", name, text.split().validation().size(), model.context());
        Rng rng = Rng.of(plan.train().loop().seed()).at("adapter");
        if (plan.adapter() == null) {
            this.adapters = null;
        } else {
            this.adapters = PeftFolder.prepare(model);
            adapters.add(ADAPTER, plan.adapter(), rng);
        }
        LanguageModelling task = plan.train().newTask(model, text.split());
        TrainConfig train = plan.train();
        this.trainer = plan.ratio() == 1
                ? Trainer.of(task, train)
                : new Trainer(
                        task,
                        train.optimizer().of(LoraPlus.groups(model.namedParameters(), plan.ratio()), train.adam()),
                        train.newSchedule(),
                        train.loop());
        trainer.saveTo(new Checkpoints(new RunFolder(plan.out()).checkpoints(), 2), () -> 0);
    }

    /// How many numbers are trained.
    public long trained() {
        return adapters == null ? model.parameterCount() : adapters.parameterCount(ADAPTER);
    }

    /// How many numbers the base has.
    public long of() {
        return model.namedParameters().values().stream().mapToLong(Tensor::size).sum()
                - (adapters == null ? 0 : partsCount());
    }

    private long partsCount() {
        return adapters.parts(ADAPTER).values().stream()
                .mapToLong(Part::parameterCount)
                .sum();
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
        model.eval();
        try (var averaged = trainer.swapInAverage()) {
            if (adapters == null) {
                HuggingFaceFolder.save(plan.out().resolve("model"), model, base.tokenizer(), base.generation());
            } else {
                PeftFolder.save(plan.out(), adapters, ADAPTER, plan.base().toString());
            }
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
