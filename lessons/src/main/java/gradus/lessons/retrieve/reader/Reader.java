package gradus.lessons.retrieve.reader;

import gradus.error.UsageException;
import gradus.layers.model.Qwen2;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.position.PlainFrequencies;
import gradus.lessons.retrieve.index.DocumentIndex;
import gradus.lessons.retrieve.search.Analysis;
import gradus.tensor.random.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.optimizer.OptimizerKind;
import gradus.train.pretrained.HuggingFaceFolder;
import gradus.train.task.Examples;
import gradus.train.task.InstructionTuning;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// A small language model that answers from what it reads, and from nothing else: it copies the answer out of a
/// context. Heads of its first layer [LookBack] from the beginning; it is trained in two parts, on [CopyLessons]
/// and on [ReaderLessons], and reads prompts of the form [ReaderForm]. Its folder is one of Hugging Face's, with a note
/// that it is a reader.
public final class Reader {
    /// The longest prompt with its answer, in tokens.
    static final int CONTEXT = 256;

    private static final String NOTE = "reader.json";
    private static final int VOCABULARY = 1024;
    private static final int CHANNELS = 192;
    private static final double THETA = 1e5; // slow enough that words match whatever stands between
    private static final int BATCH = 16;
    private static final int COPY_BATCH = 24;
    private static final int[] LOOK_BACK = {1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0}; // of the first layer's heads

    private Reader() {}

    /// Whether a folder holds a reader.
    public static boolean is(Path folder) {
        return Files.isRegularFile(folder.resolve(NOTE));
    }

    /// Whether a folder holds the reader that a plan makes.
    public static boolean is(Path folder, ReaderPlan plan) {
        if (!is(folder)) {
            return false;
        }
        JsonNode note = CheckpointJson.read(folder.resolve(NOTE));
        return note.path("copySteps").asInt(0) == plan.copySteps()
                && note.path("steps").asInt(0) == plan.steps()
                && note.path("channels").asInt(0) == CHANNELS
                && note.path("seed").asLong(0) == plan.seed();
    }

    /// Trains one and keeps it in a folder.
    ///
    /// @throws UsageException if the folder holds anything else
    /// @throws gradus.error.ResourceException if it cannot be written
    public static void train(Path folder, Facts facts, ReaderPlan plan, TrainingListener listener) {
        if (Files.exists(folder.resolve("config.json")) && !is(folder)) {
            throw new UsageException(folder + " holds another model; choose another folder");
        }
        Tokenizer tokenizer = new BpeTrainer(BpeTrainerOptions.of(VOCABULARY))
                .train(facts.training().stream().map(Fact::text).collect(Collectors.joining("\n")));
        LlamaConfig size = LlamaConfig.of(CHANNELS, LOOK_BACK.length, 3)
                .withVocabSize(tokenizer.vocabularySize())
                .withContext(CONTEXT)
                .withFrequencies(new PlainFrequencies(THETA))
                .withHidden(2 * CHANNELS)
                .withTied(true);
        Rng rng = Rng.of(plan.seed());
        Qwen2 model = new Qwen2(size, rng.at("reader"));
        LookBack.set(model, LOOK_BACK);
        TrainConfig config = TrainConfig.defaults()
                .withOptimizer(OptimizerKind.MUON)
                .withWeightDecay(0.01)
                .withSeed(plan.seed())
                .withEvalEvery(0);
        learn(
                model,
                new CopyLessons(tokenizer.vocabularySize(), rng.at("copies")).examples(plan.copySteps() * COPY_BATCH),
                config.withSteps(plan.copySteps())
                        .withWarmup(Math.min(20, plan.copySteps() - 1))
                        .withBatchSize(COPY_BATCH)
                        .withLr(6e-3)
                        .withMinLr(2e-3),
                rng.at("o"),
                listener);
        learn(
                model,
                lessons(facts, tokenizer, plan.steps() * BATCH, rng.at("lessons")),
                config.withSteps(plan.steps())
                        .withWarmup(plan.steps() / 20)
                        .withBatchSize(BATCH)
                        .withLr(4e-3)
                        .withMinLr(1e-4),
                rng.at("order"),
                listener);
        HuggingFaceFolder.createFolder(folder);
        Path note = folder.resolve(NOTE);
        CheckpointJson.write(note, CheckpointJson.object()); // whatever comes between, the folder is a reader's
        HuggingFaceFolder.save(folder, model.eval(), tokenizer);
        CheckpointJson.write(
                note,
                CheckpointJson.object()
                        .put("copySteps", plan.copySteps())
                        .put("steps", plan.steps())
                        .put("channels", CHANNELS)
                        .put("seed", plan.seed()));
    }

    private static Examples lessons(Facts facts, Tokenizer tokenizer, int count, Rng rng) {
        try (DocumentIndex index = DocumentIndex.inMemory(facts.trainingDocuments(), Analysis.english(), null)) {
            return new ReaderLessons(facts.training(), index.bm25(), tokenizer, rng).examples(count);
        }
    }

    private static void learn(
            Qwen2 model, Examples examples, TrainConfig config, Rng order, TrainingListener listener) {
        InstructionTuning.Settings settings = new InstructionTuning.Settings(config.batches(), CONTEXT, false);
        InstructionTuning task = new InstructionTuning(model, examples, new Examples(), settings, order);
        Trainer.of(task, config).listen(listener).run();
    }
}
