package gradus.lessons.lab.cloze;

import gradus.layers.model.BertMaskedLm;
import gradus.layers.model.config.BertConfig;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.format.Tokenizers;
import gradus.tokenizer.train.WordPieceFrequencyTrainer;
import gradus.tokenizer.train.WordPieceTrainerOptions;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.corpus.ControlTokens;
import gradus.train.pretrained.HuggingFaceFolder;
import gradus.train.task.MaskedLm;
import gradus.train.task.Split;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The masked-language model that is fine-tuned: a small BERT, trained on the glosses that are not held out.
///
/// @param trained   by masked-language modelling
/// @param untrained one of the same size with random weights
record ClozeBase(BertMaskedLm trained, BertMaskedLm untrained, Tokenizer tokenizer) {
    private static final int VOCABULARY = 4096;
    private static final int CONTEXT = 48;
    private static final int BATCH = 64;

    /// Opens the base, which is trained if it is not there.
    static ClozeBase of(ClozePlan plan, GlossData data, TrainingListener listener) {
        Path folder = plan.out().resolve("bert-" + plan.baseSteps());
        if (!Files.exists(folder.resolve("config.json"))) {
            train(plan, data, folder, listener);
        }
        BertMaskedLm trained = HuggingFaceFolder.loadBertMaskedLm(folder);
        return new ClozeBase(
                trained, new BertMaskedLm(trained.config(), Rng.of(2).at("untrained")), Tokenizers.load(folder));
    }

    private static void train(ClozePlan plan, GlossData data, Path folder, TrainingListener listener) {
        Tokenizer tokenizer = new WordPieceFrequencyTrainer(WordPieceTrainerOptions.of(VOCABULARY)).train(data.text());
        BertConfig size = new BertConfig(tokenizer.vocabularySize(), CONTEXT, 2, 4, 4, 128, 512, 0.0, 1e-12);
        BertMaskedLm bert = new BertMaskedLm(size, Rng.of(1).at("base"));
        TrainConfig config = TrainConfig.defaults()
                .withSteps(plan.baseSteps())
                .withWarmup(plan.baseSteps() / 20)
                .withBatchSize(BATCH)
                .withLr(2e-3)
                .withMinLr(2e-4)
                .withEvalEvery(0);
        MaskedLm task = new MaskedLm(
                bert,
                texts(data.text(), tokenizer),
                ControlTokens.of(tokenizer),
                config.batches(),
                Rng.of(1).at("batches"));
        Trainer.of(task, config).listen(listener).run();
        HuggingFaceFolder.save(folder, bert.eval(), tokenizer);
    }

    /// Texts of a masked-language model: their tokens, `[SEP]` after each.
    static Split texts(List<String> texts, Tokenizer tokenizer) {
        int separator = ControlTokens.of(tokenizer).sep();
        List<int[]> lines = new ArrayList<>();
        int count = 0;
        for (String line : texts) {
            int[] ids = tokenizer.encode(line);
            lines.add(ids);
            count += ids.length + 1;
        }
        int[] all = new int[count];
        int at = 0;
        for (int[] ids : lines) {
            System.arraycopy(ids, 0, all, at, ids.length);
            at += ids.length;
            all[at++] = separator;
        }
        return new Split(all, new int[0]);
    }

    /// A copy, to be changed.
    static BertMaskedLm copy(BertMaskedLm model) {
        BertMaskedLm copy = new BertMaskedLm(model.config(), Rng.of(0));
        Map<String, Tensor> from = model.namedParameters();
        copy.namedParameters().forEach((name, parameter) -> parameter.copyFrom(from.get(name)));
        return copy;
    }
}
