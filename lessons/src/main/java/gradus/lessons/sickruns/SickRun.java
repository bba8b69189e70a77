package gradus.lessons.sickruns;

import gradus.error.NumericException;
import gradus.layers.attention.GroupedQueryAttention;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.optimizer.Optimizer;
import gradus.train.run.metrics.Metrics;
import gradus.train.run.text.BitsPerByte;
import gradus.train.schedule.Schedule;
import gradus.train.task.Batch;
import gradus.train.task.Batches;
import gradus.train.task.Loss;
import gradus.train.task.Split;
import gradus.train.task.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.IntFunction;

/// One training run of the real [Trainer] with one thing wrong in it, or nothing: the switch is the [Sickness].
/// ```
/// SickRun LEAKING_MASK 7 metrics.jsonl        what is wrong (or HEALTHY), the seed, the file to write
/// ```
public final class SickRun {
    private final Optional<Sickness> sickness;
    private final Plan plan;
    private final long seed;

    private SickRun(Optional<Sickness> sickness, Plan plan) {
        this.sickness = sickness;
        this.plan = plan;
        this.seed = plan.training().seed();
    }

    /// Trains, and writes the run's `metrics.jsonl` as `gradus train` writes it.
    ///
    /// @param sickness nothing for a healthy run
    /// @param plan     what would be healthy
    public static void write(Optional<Sickness> sickness, Plan plan, Path metrics) {
        new SickRun(sickness, plan).write(metrics);
    }

    public static void main(String[] arguments) {
        String name = arguments.length > 0 ? arguments[0].toUpperCase(Locale.ROOT) : "HEALTHY";
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
        Path file = Path.of(arguments.length > 2 ? arguments[2] : "metrics.jsonl");
        write(name.equals("HEALTHY") ? Optional.empty() : Optional.of(Sickness.valueOf(name)), Plan.small(seed), file);
        System.out.println(file + ": " + Diagnosis.of(file));
    }

    private boolean is(Sickness which) {
        return sickness.isPresent() && sickness.get() == which;
    }

    private void write(Path file) {
        GptConfig shape = plan.model();
        if (is(Sickness.LEAKING_MASK)) {
            shape = shape.withAttention(
                    (model, plain, rng) -> new GroupedQueryAttention(plain.withMask(KeyMask.full()), rng));
        }
        Gpt gpt = new Gpt(shape, Rng.of(seed));
        start(gpt);
        TrainConfig config = training();
        Split data = data();
        Tampered task = new Tampered(
                config.newTask(gpt, data).withLosses(loss(), validationLoss()), gpt, batches(data), loss());
        Optimizer optimizer = config.newOptimizer(gpt.namedParameters());
        if (is(Sickness.NO_ZERO_GRAD)) {
            optimizer = new Hoarder(optimizer);
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long tokensPerStep = (long) config.batchSize() * shape.context();
        try (Metrics metrics = new Metrics(file, new BitsPerByte(1, 1), tokensPerStep)) {
            metrics.goOn(Optional.empty());
            new Trainer(task, optimizer, schedule(config), config.loop())
                    .listen(metrics)
                    .run();
        } catch (NumericException end) {
            // a run that died: what it wrote until then is what there is to read
        }
    }

    // --- the switch

    private void start(Gpt gpt) {
        for (Tensor parameter : gpt.parameters()) {
            if (is(Sickness.DEAD_START)) {
                parameter.copyFrom(Tensor.zerosLike(parameter));
            }
        }
    }

    private TrainConfig training() {
        TrainConfig sound = plan.training();
        double rate = sound.learningRate().lr();
        return switch (sickness.orElse(null)) {
            case RATE_TOO_HIGH -> sound.withLr(150 * rate);
            case NO_WARMUP -> sound.withLr(20 * rate).withWarmup(0);
            case RATE_TOO_SMALL -> sound.withMinLr(0).withLr(rate / 1000);
            case DECAY_TOO_HIGH -> sound.withWeightDecay(0.3 / rate);
            case NO_ZERO_GRAD -> sound.withClip(0);
            case null, default -> sound;
        };
    }

    private Schedule schedule(TrainConfig config) {
        int steps = config.steps();
        return is(Sickness.SCHEDULE_TOO_SHORT)
                ? config.schedule().of(config.learningRate().withMinLr(0).withWarmup(steps / 20), steps / 5)
                : config.newSchedule();
    }

    private Split data() {
        return switch (sickness.orElse(null)) {
            case OVERFITTING -> Words.few(seed, 400);
            case UNSHUFFLED -> Words.oneKindAfterTheOther(seed);
            case null, default -> Words.shuffled(seed);
        };
    }

    private IntFunction<Batch> batches(Split data) {
        int time = plan.model().context();
        int rows = training().batchSize();
        Batches shuffled = new Batches(data.train(), time, rows, Rng.of(seed).at("batches"));
        if (is(Sickness.UNSHUFFLED)) {
            return step -> inOrder(data.train(), (long) step * rows, rows, time);
        }
        if (is(Sickness.BROKEN_BATCHES)) {
            int broken = Rng.of(seed).at("broken").index(0, 37);
            return step ->
                    step > 20 && step % 37 == broken ? rubbish(step, rows, time) : shuffled.at((long) step * rows);
        }
        return step -> shuffled.at((long) step * rows);
    }

    /// Windows of the text, one after the other.
    private static Batch inOrder(Tokens text, long first, int rows, int time) {
        int[] inputs = new int[rows * time];
        int[] targets = new int[rows * time];
        long windows = (text.size() - 1) / time;
        for (int row = 0; row < rows; row++) {
            long from = (first + row) % windows * time;
            text.copy(from, inputs, row * time, time);
            text.copy(from + 1, targets, row * time, time);
        }
        Shape shape = Shape.of(rows, time);
        return new Batch(Indices.of(shape, inputs), Indices.of(shape, targets));
    }

    private Batch rubbish(int step, int rows, int time) {
        int[] tokens = new int[rows * time + 1];
        Rng rng = Rng.of(seed).at("rubbish").at(step);
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = rng.index(i, Words.vocabularySize());
        }
        return inOrder(Tokens.of(tokens), 0, rows, time);
    }

    private Loss loss() {
        Loss right = Loss.crossEntropy();
        return switch (sickness.orElse(null)) {
            case NOT_SHIFTED -> (logits, batch) -> right.of(logits, new Batch(batch.inputs(), batch.inputs()));
            case null, default -> right;
        };
    }

    private Loss validationLoss() {
        return is(Sickness.NOT_SHIFTED) ? loss() : Loss.crossEntropy();
    }

    /// An optimiser that keeps the gradients of all steps so far.
    private record Hoarder(Optimizer optimizer) implements Optimizer {
        @Override
        public void step(double learningRate) {
            optimizer.step(learningRate);
        }

        @Override
        public void zeroGrad() {
            // forgotten
        }

        @Override
        public SequencedMap<String, Tensor> state() {
            return optimizer.state();
        }
    }
}
