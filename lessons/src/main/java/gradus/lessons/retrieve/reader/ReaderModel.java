package gradus.lessons.retrieve.reader;

import gradus.layers.model.Llama;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.pretrained.HuggingFaceFolder;
import gradus.train.task.Examples;
import gradus.train.task.InstructionTuning;
import java.nio.file.Path;
import java.util.stream.Collectors;

/// Trains the reader.
public final class ReaderModel {
    private static final int VOCABULARY = 1024;
    static final int CONTEXT = 256;
    private static final int BATCH = 16;

    private ReaderModel() {}

    public static void train(Path folder, Facts facts, int steps, long seed, TrainingListener listener) {
        Tokenizer tokenizer = new BpeTrainer(BpeTrainerOptions.of(VOCABULARY))
                .train(facts.training().stream().map(Fact::text).collect(Collectors.joining("\n")));
        LlamaConfig size = LlamaConfig.of(128, 4, Integer.getInteger("layers", 3))
                .withVocabSize(tokenizer.vocabularySize())
                .withContext(CONTEXT)
                .withFrequencies(new gradus.layers.position.PlainFrequencies(
                        Double.parseDouble(System.getProperty("theta", "1e6"))))
                .withHidden(256)
                .withTied(true);
        Llama llama = new Llama(size, Rng.of(seed).at("reader"));
        TrainConfig config = TrainConfig.defaults()
                .withSteps(steps)
                .withWarmup(steps / 20)
                .withBatchSize(BATCH)
                .withLr(Double.parseDouble(System.getProperty("lr", "2e-3")))
                .withMinLr(1e-4)
                .withWeightDecay(0.01)
                .withSeed(seed)
                .withEvalEvery(0)
                .withOptimizer(gradus.train.optimizer.OptimizerKind.valueOf(System.getProperty("opt", "MUON")));
        int warm = Integer.getInteger("warm", 400);
        TrainConfig first = config.withSteps(warm)
                .withBatchSize(Integer.getInteger("wb", 32))
                .withWarmup(20)
                .withLr(Double.parseDouble(System.getProperty("wlr", "2e-3")))
                .withMinLr(Double.parseDouble(System.getProperty("wmin", "1e-3")));
        Examples repeats = new CopyLessons(
                        tokenizer.vocabularySize(), Rng.of(seed).at("copies"))
                .examples(warm * first.batchSize());
        Trainer.of(
                        new InstructionTuning(
                                llama,
                                repeats,
                                new Examples(),
                                new InstructionTuning.Settings(first.batches(), CONTEXT, false),
                                Rng.of(seed).at("o")),
                        first)
                .listen(listener)
                .run();
        Examples examples = new ReaderLessons(facts, tokenizer, Rng.of(seed).at("lessons")).examples(steps * BATCH);
        InstructionTuning task = new InstructionTuning(
                llama,
                examples,
                new Examples(),
                new InstructionTuning.Settings(config.batches(), CONTEXT, false),
                Rng.of(seed).at("order"));
        Trainer.of(task, config).listen(listener).run();
        HuggingFaceFolder.save(folder, llama.eval(), tokenizer);
    }

    public static void main(String[] a) {
        long t = System.nanoTime();
        Facts facts = Facts.ofWordNet();
        System.out.println(facts.training().size() + " " + facts.held().size() + " "
                + facts.held().subList(0, 20));
        train(Path.of(a[0]), facts, Integer.parseInt(a[1]), 1, new TrainingListener() {
            @Override
            public void onStep(gradus.train.StepReport r) {
                if (r.step() % 20 == 0)
                    System.out.println(r.step() + " " + r.loss() + " " + (System.nanoTime() - t) / 1000000000);
            }
        });
    }
}
