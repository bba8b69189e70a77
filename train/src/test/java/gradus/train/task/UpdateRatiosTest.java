package gradus.train.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.StepReport;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpdateRatiosTest {
    private static final int[] TEXT =
            IntStream.range(0, 300).map(i -> i * i % 5).toArray();

    private static Gpt gpt() {
        return new Gpt(new GptConfig(5, 8, 2, 2, 8, 0), Rng.of(1));
    }

    private static Task task(Gpt gpt) {
        return new LanguageModelling(gpt, Split.holdOut(TEXT, 0.2), new LanguageModelling.Sizes(2, 1), Rng.of(2));
    }

    private static final TrainConfig TRAINING =
            TrainConfig.defaults().withSteps(4).withWarmup(0).withEvalEvery(0);

    private static Map<String, double[]> weights(Gpt gpt) {
        Map<String, double[]> all = new HashMap<>();
        gpt.namedParameters().forEach((name, parameter) -> all.put(name, parameter.toArray()));
        return all;
    }

    /// Against the weights before and after each step, block by block, and as many decimals as the log has.
    @Test
    void theRatiosAreThoseOfTheWeights() {
        Gpt gpt = gpt();
        List<Map<String, double[]>> seen = new ArrayList<>(List.of(weights(gpt)));
        List<SequencedMap<String, Double>> logged = new ArrayList<>();
        Trainer.of(new UpdateRatios(task(gpt)), TRAINING)
                .listen(new TrainingListener() {
                    @Override
                    public void onStep(StepReport report) {
                        seen.add(weights(gpt));
                        logged.add(report.metrics());
                    }
                })
                .run();
        assertThat(logged).hasSize(4);
        for (int step = 0; step < 4; step++) {
            Map<String, double[]> old = seen.get(step);
            Map<String, double[]> now = seen.get(step + 1);
            assertThat(logged.get(step).keySet())
                    .containsExactlyInAnyOrder("update/wte", "update/wpe", "update/h.0", "update/h.1");
            for (String block : List.of("wte", "wpe", "h.0", "h.1")) {
                double moved = 0;
                double all = 0;
                for (String name : old.keySet()) {
                    if (name.startsWith(block + ".")
                            && gpt.namedParameters().get(name).shape().dims().length == 2) {
                        for (int i = 0; i < old.get(name).length; i++) {
                            moved += Math.pow(now.get(name)[i] - old.get(name)[i], 2);
                            all += Math.pow(old.get(name)[i], 2);
                        }
                    }
                }
                double ratio = Math.sqrt(moved / all);
                assertThat(logged.get(step).get("update/" + block))
                        .as("%s of step %s", block, step)
                        .isPositive()
                        .isCloseTo(ratio, within(1e-3 * ratio)); // four digits are kept
            }
        }
    }

    @Test
    void whatIsLearntIsTheSame() {
        Gpt watched = gpt();
        Gpt plain = gpt();
        Trainer.of(new UpdateRatios(task(watched)), TRAINING).run();
        Trainer.of(task(plain), TRAINING).run();
        weights(plain)
                .forEach((name, values) ->
                        assertThat(weights(watched).get(name)).as(name).isEqualTo(values));
    }

    /// What is frozen has no ratio.
    @Test
    void onlyWhatIsTrained() {
        Gpt gpt = gpt();
        gpt.namedParameters().forEach((name, parameter) -> {
            if (!name.startsWith("h.1.")) {
                parameter.freeze();
            }
        });
        List<SequencedMap<String, Double>> logged = new ArrayList<>();
        Trainer.of(new UpdateRatios(task(gpt)), TRAINING)
                .listen(new TrainingListener() {
                    @Override
                    public void onStep(StepReport report) {
                        logged.add(report.metrics());
                    }
                })
                .run();
        assertThat(logged.getFirst().keySet()).containsExactly("update/h.1");
    }

    @ParameterizedTest
    @CsvSource({
        "h.0.attn.c_attn.weight, h.0",
        "model.layers.11.mlp.up_proj.weight, model.layers.11",
        "wte.weight, wte",
        "bert.encoder.layer.3.output.dense.weight, bert.encoder.layer.3",
        "lm_head.weight, lm_head",
        "weight, weight"
    })
    void blocksAreFoundByTheirNumbers(String name, String part) {
        assertThat(UpdateRatios.part(name)).isEqualTo(part);
    }

    /// Everything else is the task's own.
    @Test
    void theRestIsTheTasks() {
        Gpt gpt = gpt();
        Tensor state = Tensor.ones(1).keep();
        Task own = new Task() {
            @Override
            public Gpt model() {
                return gpt;
            }

            @Override
            public List<Part> parts(int step) {
                return List.of();
            }

            @Override
            public String fingerprint() {
                return "mine";
            }

            @Override
            public List<String> formerFingerprints() {
                return List.of("once");
            }

            @Override
            public OptionalDouble evaluate(int batches) {
                return OptionalDouble.of(batches);
            }

            @Override
            public SequencedMap<String, Double> metrics() {
                return new LinkedHashMap<>(Map.of("reward", 2.0));
            }

            @Override
            public SequencedMap<String, Tensor> state() {
                return new LinkedHashMap<>(Map.of("s", state));
            }
        };
        Task watched = new UpdateRatios(own);
        assertThat(watched.model()).isSameAs(gpt);
        assertThat(watched.parts(0)).isEmpty();
        assertThat(watched.fingerprint()).isEqualTo("mine");
        assertThat(watched.formerFingerprints()).containsExactly("once");
        assertThat(watched.evaluate(3)).hasValue(3);
        assertThat(watched.state()).containsExactly(Map.entry("s", state));
        assertThat(watched.metrics()).containsEntry("reward", 2.0).containsEntry("update/h.0", 0.0);
    }
}
