package gradus.lessons;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.random.Rng;
import gradus.tokenizer.CharTokenizer;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingResult;
import gradus.train.corpus.WordNetCorpus;
import gradus.train.generate.Generator;
import gradus.train.generate.Sampling;
import gradus.train.task.Split;

/// The whole way from text to a model that writes, in twelve lines.
public final class FirstGpt {
    private FirstGpt() {}

    public static void main(String[] arguments) {
        run(500);
    }

    static void run(int steps) {
        // --- twelve lines
        String text = WordNetCorpus.text(1);
        CharTokenizer tokenizer = CharTokenizer.of(text);
        Split data = Split.holdOut(tokenizer.encode(text), 0.002);
        GptConfig shape = new GptConfig(tokenizer.vocabularySize(), 64, 4, 4, 128, 0.0);
        TrainConfig config = TrainConfig.defaults().withWarmup(steps / 20).withSteps(steps);
        Gpt gpt = new Gpt(shape, Rng.of(1));
        TrainingResult result = Trainer.of(gpt, config, data).run();
        System.out.println("validation loss " + result.validationLoss().getAsDouble());
        Generator generator = new Generator(gpt, Sampling.defaults().withTemperature(0.8));
        int[] prompt = tokenizer.encode("whale: ");
        int[] written = generator.generate(prompt, 200, Rng.of(2), token -> true);
        System.out.println("whale: " + tokenizer.decode(written));
        // ---
    }
}
