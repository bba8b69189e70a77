package gradus.bench.gpu;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.random.Rng;
import gradus.tokenizer.CharTokenizer;
import gradus.train.EvaluationReport;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.TrainingResult;
import gradus.train.task.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// Trains a character model on the current device, as `gradus train --data FILE --seed 1` does, to its validation loss.
/// ```
/// java … gradus.bench.gpu.GpuCharacter COLUMN FILE [char-small|nanogpt] [steps]
/// ```
/// `char-small` is nanoGPT's recipe for a CPU, 2,000 steps; `nanogpt` its recipe for a GPU, 5,000 steps.
public final class GpuCharacter {
    private GpuCharacter() {}

    public static void main(String[] arguments) throws IOException {
        Locale.setDefault(Locale.ROOT);
        String column = arguments[0];
        String recipe = arguments.length > 2 ? arguments[2] : "char-small";
        boolean large = recipe.equals("nanogpt");
        int steps = arguments.length > 3 ? Integer.parseInt(arguments[3]) : large ? 5000 : 2000;
        String text = Files.readString(Path.of(arguments[1]));
        CharTokenizer tokenizer = CharTokenizer.of(text);
        Split data = Split.holdOut(tokenizer.encode(text), 0.1);
        int vocabulary = tokenizer.vocabularySize();
        GptConfig shape =
                large ? new GptConfig(vocabulary, 256, 6, 6, 384, 0.2) : new GptConfig(vocabulary, 64, 4, 4, 128, 0.0);
        TrainConfig config = TrainConfig.defaults().withSteps(steps).withWarmup(Math.min(100, steps / 2));
        config = large ? config.withBatchSize(64) : config;
        Gpt gpt = new Gpt(shape, Rng.of(config.seed()).at("init"));
        long start = System.nanoTime();
        TrainingResult result =
                Trainer.of(gpt, config, data).listen(progress(start)).run();
        String row = recipe + ", " + steps + " steps";
        Clock.result("character", row + ": seconds, evaluations included", column, seconds(start));
        Clock.result(
                "character",
                row + ": validation loss",
                column,
                result.validationLoss().orElse(Double.NaN));
    }

    private static TrainingListener progress(long start) {
        return new TrainingListener() {
            @Override
            public void onEvaluation(EvaluationReport report) {
                System.out.printf(
                        "step %d, %.1f s: validation loss %.4f%n",
                        report.step(), seconds(start), report.validationLoss());
            }
        };
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
