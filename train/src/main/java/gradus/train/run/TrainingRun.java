package gradus.train.run;

import gradus.error.ConfigException;
import gradus.error.CorruptCheckpointException;
import gradus.error.ShapeException;
import gradus.layers.Layer;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.kernel.Device;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.type.DType;
import gradus.tokenizer.format.Tokenizers;
import gradus.train.EndReason;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.TrainingResult;
import gradus.train.checkpoint.TrainingProgress;
import gradus.train.checkpoint.Weights;
import gradus.train.run.provenance.CoreType;
import gradus.train.run.text.BitsPerByte;
import gradus.train.run.text.EncodedText;
import gradus.train.run.text.ModelText;
import gradus.train.task.Split;
import gradus.train.task.Task;
import gradus.train.task.UpdateRatios;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/// A training run: from text to a folder with everything that came of it.
public final class TrainingRun {

    private final RunSetup setup;
    private final RunFolder folder;
    private final RunConfig config;
    private final EncodedText text;
    private final RunDisplay display;
    private final List<TrainingListener> listeners = new ArrayList<>();
    private Trainer trainer; // once it trains
    private boolean stopped;
    private boolean watchingUpdates;

    public TrainingRun(RunSetup setup, RunDisplay display) {
        this.setup = setup;
        this.folder = setup.plan().folder();
        this.config = setup.config();
        this.text = setup.text();
        this.display = display;
    }

    /// Lets somebody hear of every step.
    public void listen(TrainingListener listener) {
        listeners.add(listener);
    }

    /// Lets the log tell how far each step moves the weights, by [UpdateRatios].
    public void watchUpdates() {
        watchingUpdates = true;
    }

    /// Writes down what the run is, in place of an earlier one.
    public void begin() {
        folder.clear();
        describe();
    }

    private void describe() {
        Tokenizers.save(setup.tokenizer(), folder.path());
        config.write(folder);
    }

    /// Trains to the end, or until somebody stops it.
    ///
    /// @param lock on the run's folder
    public TrainingResult train(RunLock lock) {
        Trained trained = trained();
        introduce(trained);
        Task task = watchingUpdates ? new UpdateRatios(trained.task()) : trained.task();
        Trainer trainer = Trainer.of(task, config.train());
        takeUp(trainer);
        TrainingResult result = train(trainer, trained.model(), lock);
        boolean early = stopped();
        if (early) {
            say("saved; now the samples, which a second Ctrl-C leaves out");
        }
        trained.model().eval();
        try (var averaged = trainer.swapInAverage()) {
            sample(trained);
        }
        String path = folder.path().toString();
        say((early ? "stopped early; what was learnt" : "everything") + " is in " + path
                + (early ? "; gradus train --resume " + path + " goes on" : ""));
        return result;
    }

    /// Of a run that goes on, settings that no model can have are the fault of its file.
    private Trained trained() {
        try {
            return Trained.of(setup);
        } catch (ConfigException | ShapeException impossible) {
            throw setup.resumed()
                    ? new CorruptCheckpointException(folder.config() + ": " + impossible.getMessage(), impossible)
                    : impossible;
        }
    }

    /// Asks the training to end after the step it is in; what was learnt is kept. May be called from any
    /// thread.
    public synchronized void requestStop() {
        stopped = true;
        if (trainer != null) {
            trainer.requestStop();
        }
        say("\nstopping after this step, to keep what was learnt; once more ends at once");
    }

    private synchronized void takeUp(Trainer trainer) {
        this.trainer = trainer;
        if (stopped) {
            trainer.requestStop();
        }
    }

    private synchronized boolean stopped() {
        return stopped;
    }

    private void say(String line) {
        display.say(line);
    }

    private void introduce(Trained trained) {
        GptConfig shape = config.model();
        Split data = text.split();
        Device device = Device.current();
        boolean characters = setup.tokenizer().name().equals("char");
        say(Line.format(
                "%s: %,d %s to learn from, %,d held back, %,d different%s",
                setup.plan().corpus().name(),
                data.train().size(),
                characters ? "characters" : "tokens",
                data.validation().size(),
                setup.tokenizer().vocabularySize(),
                characters ? "" : Line.format("; %.2f bytes each", text.bits().bytesPerToken())));
        say(Line.format(
                "%s: %s layers, %s heads, %s channels, context %s, %,d parameters; %s kernels%s",
                trained.kind(),
                shape.layers(),
                shape.heads(),
                shape.dim(),
                shape.context(),
                trained.model().parameterCount(),
                Kernels.of(DType.FLOAT32).name(),
                device.description().equals(device.name()) ? "" : " on " + device.description()));
        if (setup.modelText().separator() < 0
                && setup.tokenizer().specialTokens().contains(ModelText.END_OF_TEXT)
                && setup.plan().corpus().holds(ModelText.END_OF_TEXT)) {
            say("the text holds " + ModelText.END_OF_TEXT + ", which is learnt as text like any; --documentSeparator='"
                    + ModelText.END_OF_TEXT + "' makes it the control token between documents");
        }
        CoreType.notice().ifPresent(this::say);
    }

    private TrainingResult train(Trainer trainer, Layer model, RunLock lock) {
        FolderTraining training = new FolderTraining(
                folder,
                setup.plan().corpus().title() + ", " + setup.plan().preset(),
                bits(),
                tokensPerStep(),
                this::describe,
                () -> Weights.save(folder.weights(), model),
                "gradus train --resume " + folder.path());
        BestWeights best = new BestWeights(folder.best(), model, trainer);
        List<TrainingListener> all = new ArrayList<>(List.of(best));
        all.addAll(listeners);
        TrainingResult result =
                training.run(trainer, lock, display, config.train().steps(), setup.resumed(), all);
        tell(result, trainer);
        return result;
    }

    /// What an encoder guesses is no code for a text: its loss has no meaning in bits per byte.
    private BitsPerByte bits() {
        return config.task().isEncoder() ? BitsPerByte.UNKNOWN : text.bits();
    }

    private long tokensPerStep() {
        TrainConfig train = config.train();
        if (config.task() == RunTask.CONTRASTIVE) {
            return 0; // texts of any length
        }
        return (long) train.batchSize() * train.accumulation() * config.model().context();
    }

    private void tell(TrainingResult result, Trainer trainer) {
        TrainingProgress.Best best = trainer.best();
        if (result.reason() == EndReason.NO_IMPROVEMENT) {
            say(Line.format(
                    "ended early after step %,d: no evaluation since step %,d had a lower validation loss",
                    result.steps(), best.step()));
        }
        if (best.step() >= 0 && best.step() < result.steps() && Files.exists(folder.best())) {
            say(Line.format(
                    "lowest validation loss on the way: %.4f after step %,d, whose weights are in %s",
                    best.loss(), best.step(), folder.best().getFileName()));
        }
    }

    private void sample(Trained trained) {
        StringBuilder all = new StringBuilder();
        trained.sample(sample -> {
            display.show(sample);
            all.append(sample);
        });
        folder.write(folder.samples(), all.toString());
    }
}
