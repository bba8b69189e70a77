package gradus.lessons.lab.longlora;

import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.position.PlainFrequencies;
import gradus.layers.position.PositionInterpolation;
import gradus.lessons.lab.material.OrderedNouns;
import gradus.lessons.lab.option.LabProgress;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.format.Tokenizers;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.pretrained.HuggingFaceFolder;
import gradus.train.task.Split;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/// The model whose context is made longer, and the text, [OrderedNouns].
///
/// @param folder of the model
record LongLoraBase(Path folder, Split split) {
    private static final int CONTEXT = 64;
    private static final int VOCABULARY = 1024;
    private static final int BATCH = 16;

    /// Opens the base, which is trained if it is not there.
    static LongLoraBase of(Path out, int steps, Consumer<String> say) {
        Path folder = out.resolve("llama-" + steps);
        OrderedNouns nouns = OrderedNouns.read();
        boolean there = Files.exists(folder.resolve("config.json"));
        Tokenizer tokenizer = there
                ? Tokenizers.load(folder)
                : new BpeTrainer(BpeTrainerOptions.of(VOCABULARY)).train(nouns.training());
        Split split = new Split(tokenizer.encode(nouns.training()), tokenizer.encode(nouns.validation()));
        if (!there) {
            HuggingFaceFolder.save(folder, trained(tokenizer, split, steps, say), tokenizer);
        }
        return new LongLoraBase(folder, split);
    }

    private static Llama trained(Tokenizer tokenizer, Split split, int steps, Consumer<String> say) {
        LlamaConfig size = LlamaConfig.of(96, 4, 3)
                .withVocabSize(tokenizer.vocabularySize())
                .withContext(CONTEXT)
                .withHidden(256)
                .withTied(true);
        Llama llama = new Llama(size, Rng.of(1).at("base"));
        TrainConfig config = TrainConfig.defaults()
                .withSteps(steps)
                .withWarmup(steps / 20)
                .withBatchSize(BATCH)
                .withLr(3e-3)
                .withMinLr(3e-4)
                .withEvalEvery(0);
        Trainer.of(llama, config, split).listen(new LabProgress(steps, say)).run();
        return llama.eval();
    }

    /// The base itself.
    LanguageModel open() {
        return HuggingFaceFolder.loadLlama(folder);
    }

    /// The base with four times its context, its positions so many times closer.
    LanguageModel longer(int scale) {
        Llama base = HuggingFaceFolder.loadLlama(folder);
        double rotation = ((PlainFrequencies) base.config().frequencies()).base();
        Llama longer = new Llama(
                base.config().withContext(4 * CONTEXT).withFrequencies(new PositionInterpolation(rotation, scale)),
                Rng.of(0));
        Map<String, Tensor> weights = base.namedParameters();
        longer.namedParameters().forEach((name, parameter) -> parameter.copyFrom(weights.get(name)));
        return longer.eval();
    }
}
