package gradus.lessons.lab.ema;

import static gradus.error.ConfigException.require;

import gradus.layers.model.Gpt;
import gradus.lessons.lab.material.GptSize;
import gradus.lessons.lab.material.HeldOutText;
import gradus.lessons.lab.material.Recipe;
import gradus.tensor.Autograd;
import gradus.tensor.random.Rng;
import gradus.train.StepReport;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.average.EmaKind;
import gradus.train.average.WeightAverage;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.schedule.ScheduleKind;
import gradus.train.task.Evaluation;
import gradus.train.task.Loss;
import gradus.train.task.Split;
import gradus.train.task.Tokens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// One training of a small GPT on text by AdamW, whose weights are averaged in several ways at once; each average is
/// measured on the way. Averages change nothing of the training.
///
/// @param schedule of the rate; one that falls falls to 0
/// @param rate     the highest
/// @param steps    of training
/// @param text     what is learned
record EmaRun(ScheduleKind schedule, double rate, int steps, HeldOutText text) implements Recipe {
    /// d of the averages, which remember about 10, 50 and 200 steps.
    static final List<Double> DECAYS = List.of(0.9, 0.98, 0.995);

    /// The weights themselves.
    static final String RAW = "raw";

    /// The longest average, from 0 and corrected.
    static final String DEBIASED = "debiased";

    /// The longest average, from a copy with one decay from the beginning.
    static final String PLAIN = "copy";

    private static final int DIM = 32;
    private static final int CONTEXT = 64;
    private static final int BATCH = 8;
    private static final int PARTS = 20;
    private static final double UNIT = 1e-6; // of a rate in a name
    private static final List<Integer> PER_MILLE =
            List.of(12, 25, 50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000);

    /// @throws gradus.error.ConfigException if there are fewer than 2 steps or the rate is not above 0
    EmaRun {
        require(steps >= 2, "a training needs at least 2 steps; got %d", steps);
        require(rate > 0, "the rate must be above 0; got %s", rate);
    }

    @Override
    public String name() {
        return schedule.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-" + Math.round(rate / UNIT);
    }

    @Override
    public JsonNode plan() {
        return CheckpointJson.object()
                .put("rate", rate)
                .put("steps", steps)
                .put("dim", DIM)
                .put("context", CONTEXT)
                .put("batch", BATCH)
                .put("text", text.sum());
    }

    TrainConfig config(long seed) {
        return TrainConfig.defaults()
                .withSeed(seed)
                .withSteps(steps)
                .withBatchSize(BATCH)
                .withSchedule(schedule)
                .withLr(rate)
                .withMinLr(0)
                .withWarmup(Math.max(1, steps / PARTS))
                .withWeightDecay(0)
                .withEvalEvery(0)
                .withCheckpointEvery(0);
    }

    Gpt model(long seed) {
        return new Gpt(
                GptSize.ofDim(DIM).config(text.vocabulary(), CONTEXT),
                Rng.of(seed).at("model"));
    }

    /// Steps at which everything is measured.
    List<Integer> measures() {
        return PER_MILLE.stream()
                .map(each -> Math.max(1, each * steps / 1000))
                .distinct()
                .toList();
    }

    /// What an average of a decay is called.
    static String name(double decay) {
        return "decay " + decay;
    }

    /// @return `step`, and at each of these the loss of the held-out text, in nats a token, of the raw weights and of
    ///     every average by its name
    @Override
    public Map<String, ?> train(Path folder, long seed, Consumer<String> say) {
        Gpt gpt = model(seed);
        SequencedMap<String, WeightAverage> averages = new LinkedHashMap<>();
        DECAYS.forEach(decay -> averages.put(name(decay), EmaKind.WARMED.of(gpt, decay)));
        WeightAverage debiased = EmaKind.DEBIASED.of(gpt, DECAYS.getLast());
        averages.put(DEBIASED, debiased);
        Map<String, double[]> start = new LinkedHashMap<>();
        gpt.namedParameters().forEach((name, weight) -> start.put(name, weight.toArray()));
        Evaluation evaluation = new Evaluation(gpt, Loss.crossEntropy(), BATCH);
        Tokens heldOut = text.split().validation();
        List<Integer> measures = measures();
        Map<String, List<Double>> losses = new LinkedHashMap<>();
        TrainingListener watch = new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                averages.values().forEach(WeightAverage::update);
                if (!measures.contains(report.step())) {
                    return;
                }
                add(losses, RAW, evaluation.whole(heldOut));
                averages.forEach((name, average) -> {
                    try (var swapped = average.swapIn()) {
                        add(losses, name, evaluation.whole(heldOut));
                    }
                });
                try (var swapped = debiased.swapIn()) {
                    addStart(gpt, start, Math.pow(DECAYS.getLast(), report.step()));
                    add(losses, PLAIN, evaluation.whole(heldOut));
                }
            }
        };
        Trainer.of(gpt, config(seed), new Split(text.split().train(), Tokens.of()))
                .listen(watch)
                .run();
        say.accept(String.format(
                Locale.ROOT,
                "%s, seed %d: loss %.4f, averaged by %s %.4f",
                name(),
                seed,
                losses.get(RAW).getLast(),
                DECAYS.get(1),
                losses.get(name(DECAYS.get(1))).getLast()));
        Map<String, Object> measured = new LinkedHashMap<>(losses);
        measured.put("step", measures);
        return measured;
    }

    private static void add(Map<String, List<Double>> losses, String name, double loss) {
        losses.computeIfAbsent(name, key -> new ArrayList<>()).add(loss);
    }

    /// What an average that began as a copy has beyond a debiased one: its beginning, which counts dᵗ.
    ///
    /// @param gpt    has the weights of the debiased average
    /// @param weight dᵗ
    static void addStart(Gpt gpt, Map<String, double[]> start, double weight) {
        try (var pause = Autograd.noGrad()) {
            gpt.namedParameters().forEach((name, parameter) -> {
                double[] now = parameter.toArray();
                double[] begun = start.get(name);
                for (int i = 0; i < now.length; i++) {
                    now[i] = (1 - weight) * now[i] + weight * begun[i];
                }
                parameter.set(now);
            });
        }
    }

    /// All that is measured, by name.
    static List<String> measured() {
        return Stream.concat(
                        Stream.of(RAW), Stream.concat(DECAYS.stream().map(EmaRun::name), Stream.of(DEBIASED, PLAIN)))
                .toList();
    }
}
