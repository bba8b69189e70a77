package gradus.train.run.swap;

import gradus.error.ConfigException;
import gradus.error.GradusException;
import gradus.error.ShapeException;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.random.Rng;
import gradus.train.StepReport;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.run.Component;
import gradus.train.run.Components;
import gradus.train.run.ConfigFields;
import gradus.train.run.Line;
import gradus.train.task.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/// Trains a model for each pair of parts, and measures what each pair costs and what it learns. All have the same
/// size, data, steps, learning rate and order of batches; only the two parts differ, with the settings that
/// `gradus components` shows for them.
public final class SwapMatrix {
    private final SwapConfig config;
    private final Split data;
    private final int vocabulary;
    private final Consumer<String> say;

    /// @param data       what all learn from
    /// @param vocabulary how many different tokens it has
    /// @param say        takes a line about each training
    public SwapMatrix(SwapConfig config, Split data, int vocabulary, Consumer<String> say) {
        this.config = config;
        this.data = data;
        this.vocabulary = vocabulary;
        this.say = say;
    }

    /// Trains them all, every pair once before any is trained with a second seed: what else the machine does then
    /// falls on all of them.
    public SwapResult train() {
        List<String> rows = names(config.rows());
        List<String> columns = names(config.columns());
        warmUp();
        SwapResult result = new SwapResult(config.rows(), config.columns(), rows, columns);
        int total = rows.size() * columns.size() * config.seeds().size();
        int done = 0;
        for (long seed : config.seeds()) {
            for (String row : rows) {
                for (String column : columns) {
                    String what = "%s of %s, %s and %s, seed %s: ".formatted(++done, total, row, column, seed);
                    try {
                        SwapResult.Cell cell = cell(row, column, seed);
                        result.add(row, column, cell);
                        say.accept(what + Line.format("loss %.4f, %.1f ms a step", cell.loss(), cell.millis()));
                    } catch (ConfigException | ShapeException refused) {
                        result.refuse(row, column, refused.getMessage());
                        say.accept(what + refused.getMessage());
                    }
                }
            }
        }
        return result;
    }

    /// Trains one of them.
    ///
    /// @throws GradusException if there can be none such
    SwapResult.Cell cell(String row, String column, long seed) {
        return train(model(row, column), config.training(seed));
    }

    /// The first training of a program is slower than those that follow.
    private void warmUp() {
        train(config.model(vocabulary), config.training(0));
    }

    private static List<String> names(String slot) {
        return Components.of(slot).stream().map(Component::name).toList();
    }

    private static Object part(String slot, String name) {
        return Components.of(slot).stream()
                .filter(component -> component.name().equals(name))
                .findFirst()
                .orElseThrow()
                .defaults();
    }

    private GptConfig model(String row, String column) {
        GptConfig model = ConfigFields.with(
                config.model(vocabulary),
                Map.of(config.rows(), part(config.rows(), row), config.columns(), part(config.columns(), column)));
        model.validate();
        return model;
    }

    private SwapResult.Cell train(GptConfig model, TrainConfig how) {
        BufferPool.trimCollected(); // so that what is held in the end is this training's
        long before = BufferPool.statistics().bytesHeld();
        Gpt gpt = new Gpt(model, Rng.of(how.seed()).at("model"));
        List<Double> seconds = new ArrayList<>();
        OptionalDouble loss = Trainer.of(gpt, how, data)
                .listen(new TrainingListener() {
                    @Override
                    public void onStep(StepReport report) {
                        seconds.add(how.batchSize() * model.context() / report.tokensPerSecond());
                    }
                })
                .run()
                .validationLoss();
        long bytes = BufferPool.statistics().bytesHeld() - before;
        seconds.sort(null);
        double median = seconds.get(seconds.size() / 2);
        return new SwapResult.Cell(loss.orElse(Double.NaN), 1e3 * median, bytes / 1e6, gpt.parameterCount());
    }
}
