package gradus.lessons.lab.finetune;

import gradus.layers.model.Llama;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.random.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.pretrained.HuggingFaceFolder;
import gradus.train.task.Split;
import java.nio.file.Files;
import java.nio.file.Path;

/// The model that is fine-tuned: a small Llama with grouped queries, trained on the old text.
final class LabBase {
    private static final int VOCABULARY = 2048;
    private static final int TOKENIZER_TEXT = 2_000_000; // characters

    private LabBase() {}

    /// The folder of the base, which is trained if it is not there.
    static Path folder(LabPlan plan, TrainingListener listener) {
        Path folder = plan.out().resolve("base-" + plan.baseText() + "-" + plan.baseSteps());
        if (!Files.exists(folder.resolve("config.json"))) {
            LabTexts old = plan.baseText().old();
            String sample = old.training().substring(0, TOKENIZER_TEXT)
                    + plan.baseText().changed().training();
            Tokenizer tokenizer = new BpeTrainer(BpeTrainerOptions.of(VOCABULARY)).train(sample);
            HuggingFaceFolder.save(folder, trained(plan, tokenizer, old, listener), tokenizer);
        }
        return folder;
    }

    private static Llama trained(LabPlan plan, Tokenizer tokenizer, LabTexts text, TrainingListener listener) {
        LlamaConfig size = LlamaConfig.of(128, 4, 4)
                .withVocabSize(tokenizer.vocabularySize())
                .withContext(LabPlan.CONTEXT)
                .withKvHeads(2)
                .withHidden(352)
                .withTied(true);
        Llama llama = new Llama(size, Rng.of(1).at("base"));
        TrainConfig config = TrainConfig.defaults()
                .withSteps(plan.baseSteps())
                .withWarmup(plan.baseSteps() / 20)
                .withBatchSize(2 * LabPlan.BATCH)
                .withLr(3e-3)
                .withMinLr(3e-4)
                .withEvalEvery(0);
        Split split = new Split(tokenizer.encode(text.training()), tokenizer.encode(text.validation()));
        Trainer.of(llama, config, split).listen(listener).run();
        return llama.eval();
    }
}
