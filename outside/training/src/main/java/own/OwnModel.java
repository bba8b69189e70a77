package own;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.random.Rng;
import gradus.tokenizer.CharTokenizer;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingResult;
import gradus.train.generate.Generator;
import gradus.train.generate.Sampling;
import gradus.train.task.Split;

/// A GPT that learns to go on with the alphabet.
public final class OwnModel {
    static final String TEXT = "abcdefghijklmnopqrstuvwxyz".repeat(40);

    private final CharTokenizer tokenizer = CharTokenizer.of(TEXT);
    private final Gpt gpt = new Gpt(new GptConfig(tokenizer.vocabularySize(), 8, 1, 2, 32, 0.0), Rng.of(1));

    public static void main(String[] arguments) {
        OwnModel own = new OwnModel();
        System.out.println("validation loss " + own.train(100));
        System.out.println(own.write("abc", 10));
    }

    double train(int steps) {
        Split data = Split.holdOut(tokenizer.encode(TEXT), 0.1);
        TrainConfig config =
                TrainConfig.defaults().withWarmup(0).withSteps(steps).withLr(1e-2);
        TrainingResult result = Trainer.of(gpt, config, data).run();
        return result.validationLoss().getAsDouble();
    }

    String write(String prompt, int letters) {
        Generator generator = new Generator(gpt, Sampling.greedy());
        return tokenizer.decode(generator.generate(tokenizer.encode(prompt), letters, Rng.of(2), token -> true));
    }
}
