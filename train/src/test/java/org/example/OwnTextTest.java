package org.example;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.random.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.format.Tokenizers;
import gradus.tokenizer.normalize.Normalizer;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.train.StepReport;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.checkpoint.Checkpoints;
import gradus.train.generate.Generator;
import gradus.train.generate.Sampling;
import gradus.train.task.Split;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A pre-tokenizer and a normalizer of one's own: a tokenizer is trained with them, saved and loaded; a model is
/// trained on its ids, saved, resumed and generated from.
class OwnTextTest {
    private static final String TEXT = "banana papaya ".repeat(60);
    private static final int DIM = 16;
    private static final Rng RNG = Rng.of(3);
    private static final TrainConfig CONFIG = TrainConfig.defaults()
            .withSteps(60)
            .withWarmup(0)
            .withBatchSize(4)
            .withEvalEvery(0)
            .withCheckpointEvery(20)
            .withLr(1e-2);

    @TempDir
    Path folder;

    private record LowerCase() implements Normalizer {
        @Override
        public String normalize(String text) {
            return text.toLowerCase(Locale.ROOT);
        }
    }

    private static SmallModel model(Tokenizer tokenizer) {
        return new SmallModel(tokenizer.vocabularySize(), DIM, new Ramp(DIM), rng -> new NearAttention(DIM, rng), RNG);
    }

    private Trainer trainer(SmallModel model, Tokenizer tokenizer) {
        return Trainer.of(model, CONFIG, Split.holdOut(tokenizer.encode(TEXT), 0.2))
                .saveTo(new Checkpoints(folder.resolve("checkpoints"), 2), () -> 0);
    }

    @Test
    void aPreTokenizerOfOnesOwn() {
        Tokenizer trained = new BpeTrainer(BpeTrainerOptions.of(270).withPreTokenizer(new Syllables())).train(TEXT);
        assertThat(trained.inspect("banana").stream()
                        .map(piece -> piece.token())
                        .toList())
                .containsExactly("ba", "na", "na");
        Tokenizers.save(trained, folder);

        SmallModel begun = model(trained);
        Trainer first = trainer(begun, trained);
        first.listen(new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                if (report.step() == 30) {
                    first.requestStop();
                }
            }
        });
        first.run();

        Tokenizer loaded = Tokenizers.load(folder, new Syllables());
        assertThat(Tokenizers.fingerprint(loaded)).isEqualTo(Tokenizers.fingerprint(trained));
        SmallModel resumed = model(loaded);
        Trainer second = trainer(resumed, loaded);
        assertThat(second.resume().orElseThrow().step()).isEqualTo(30);
        double loss = second.run().validationLoss().getAsDouble();
        assertThat(loss).isLessThan(1); // from ln 270 = 5.6; `ba` and `pa` cannot be told from the token before alone
        resumed.eval();
        int[] prompt = loaded.encode("banana papaya ba");
        int[] next = new Generator(resumed, Sampling.greedy()).generate(prompt, 2, RNG, token -> true);
        assertThat(loaded.decode(next)).isEqualTo("nana");
    }

    @Test
    void aNormalizerOfOnesOwn() {
        Tokenizer tokenizer = new BpeTrainer(BpeTrainerOptions.of(270)
                        .withPreTokenizer(new Syllables())
                        .withNormalizer(new LowerCase()))
                .train(TEXT);
        assertThat(tokenizer.decode(tokenizer.encode("BaNaNa"))).isEqualTo("banana");
        assertThat(tokenizer.encode("BaNaNa")).hasSize(3);
    }
}
