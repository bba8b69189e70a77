package gradus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.CheckpointMismatchException;
import gradus.layers.adapter.AdapterConfig;
import gradus.layers.adapter.Adapters;
import gradus.layers.adapter.Ia3Config;
import gradus.layers.adapter.LoraConfig;
import gradus.layers.adapter.LoraStart;
import gradus.layers.adapter.Targets;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.checkpoint.Checkpoints;
import gradus.train.checkpoint.TrainingState;
import gradus.train.optimizer.LoraPlus;
import gradus.train.optimizer.Sgd;
import gradus.train.optimizer.SgdConfig;
import gradus.train.task.Split;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the trainer does with a model that has an adapter.
class AdapterTrainingTest {
    private static final LoraConfig LORA =
            LoraConfig.of(Targets.allLinear()).withR(2).withDropout(0.1).withModulesToSave("ln_f");

    @TempDir
    private Path folder;

    private static Split text() {
        int[] tokens = new int[600];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = i % 11;
        }
        return Split.holdOut(tokens, 0.1);
    }

    private static TrainConfig config(int steps) {
        return TrainConfig.defaults()
                .withSteps(steps)
                .withBatchSize(2)
                .withLr(1e-2)
                .withWarmup(0)
                .withWeightDecay(0.1)
                .withCheckpointEvery(4)
                .withEmaDecay(0.9);
    }

    private static Adapters adapters(AdapterConfig config) {
        Adapters adapters = Adapters.of(new Gpt(new GptConfig(11, 8, 2, 2, 8, 0.1), Rng.of(1)));
        adapters.add("a", config, Rng.of(2));
        return adapters;
    }

    private static Map<String, double[]> values(Adapters adapters) {
        Map<String, double[]> values = new LinkedHashMap<>();
        adapters.model().namedParameters().forEach((name, tensor) -> values.put(name, tensor.toArray()));
        return values;
    }

    @Test
    void onlyTheAdapterChangesAndTheLossFalls() {
        for (AdapterConfig kind : new AdapterConfig[] {
            LORA,
            LORA.withStart(LoraStart.PISSA),
            LORA.withDora(true),
            LORA.withTrainableTokens(Map.of("wte", List.of(3))),
            Ia3Config.of(Targets.named("c_attn", "c_fc"), "c_fc")
        }) {
            Adapters adapters = adapters(kind);
            Gpt gpt = (Gpt) adapters.model();
            Map<String, double[]> before = values(adapters);
            double start = config(12).newTask(gpt, text()).evaluate(0).orElseThrow();
            Trainer trainer = Trainer.of(gpt, config(12), text());
            assertThat(trainer.run().validationLoss().orElseThrow()).isLessThan(start);
            gpt.namedParameters().forEach((name, tensor) -> {
                if (tensor.requiresGrad()) {
                    assertThat(tensor.toArray()).as(name).isNotEqualTo(before.get(name));
                } else {
                    assertThat(tensor.toArray()).as(name).isEqualTo(before.get(name)); // bit for bit
                    assertThat(tensor.grad()).isNull();
                }
            });
            long trained =
                    gpt.parameters().stream().filter(Tensor::requiresGrad).count();
            assertThat(trainer.state().optimizer()).hasSize((int) (1 + 2 * trained)); // m, v and the steps
            try (var averaged = trainer.swapInAverage()) {
                gpt.namedParameters().forEach((name, tensor) -> {
                    if (!tensor.requiresGrad()) {
                        assertThat(tensor.toArray()).as(name).isEqualTo(before.get(name));
                    }
                });
            }
        }
    }

    @Test
    void aResumedTrainingIsTheSameBitForBit() {
        for (AdapterConfig kind :
                new AdapterConfig[] {LORA, LORA.withStart(LoraStart.OLORA).withDora(true)}) {
            Adapters whole = adapters(kind);
            Trainer.of((Gpt) whole.model(), config(10), text()).run();
            Adapters first = adapters(kind);
            Path place = folder.resolve(String.valueOf(kind.hashCode()));
            Trainer stopped =
                    Trainer.of((Gpt) first.model(), config(10), text()).saveTo(new Checkpoints(place, 2), () -> 0);
            stopped.listen(new TrainingListener() {
                @Override
                public void onStep(StepReport report) {
                    if (report.step() == 6) {
                        stopped.requestStop();
                    }
                }
            });
            stopped.run();
            Adapters second = adapters(kind);
            Trainer resumed =
                    Trainer.of((Gpt) second.model(), config(10), text()).saveTo(new Checkpoints(place, 2), () -> 0);
            assertThat(resumed.resume().orElseThrow().step()).isEqualTo(6);
            resumed.run();
            assertThat(values(second)).usingRecursiveComparison().isEqualTo(values(whole));
        }
    }

    /// The average has what is trained and the buffers, and nothing of the base.
    @Test
    void theAverageCostsWhatIsTrained() {
        Adapters adapters = adapters(LORA);
        Trainer trainer = Trainer.of((Gpt) adapters.model(), config(2), text());
        Map<String, Tensor> kept = new LinkedHashMap<>(adapters.model().state());
        adapters.model().namedParameters().forEach((name, parameter) -> {
            if (!parameter.requiresGrad()) {
                kept.remove(name);
            }
        });
        Map<String, Tensor> average = trainer.state().average();
        assertThat(numbers(average)).isEqualTo(1 + numbers(kept)); // and how many updates there were
        assertThat(numbers(kept)).isEqualTo(adapters.parameterCount("a"));
        assertThat(numbers(adapters.model().state())).isGreaterThan(numbers(kept));
    }

    private static long numbers(Map<String, Tensor> tensors) {
        return tensors.values().stream().mapToLong(Tensor::size).sum();
    }

    /// Earlier versions kept the frozen weights in the average too.
    @Test
    void aCheckpointWhoseAverageHasFrozenWeightsGoesOn() {
        Adapters whole = adapters(LORA);
        Trainer.of((Gpt) whole.model(), config(10), text()).run();
        Adapters first = adapters(LORA);
        Trainer stopped = Trainer.of((Gpt) first.model(), config(10), text());
        stopped.listen(new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                if (report.step() == 6) {
                    stopped.requestStop();
                }
            }
        });
        stopped.run();
        TrainingState state = stopped.state();
        SequencedMap<String, Tensor> average = new LinkedHashMap<>(state.model());
        average.putAll(state.average());
        assertThat(average).hasSizeGreaterThan(state.average().size() + 10);
        new Checkpoints(folder.resolve("old"), 2)
                .save(new TrainingState(state.model(), state.optimizer(), average), stopped.progress());
        Adapters second = adapters(LORA);
        Trainer resumed = Trainer.of((Gpt) second.model(), config(10), text())
                .saveTo(new Checkpoints(folder.resolve("old"), 2), () -> 0);
        assertThat(resumed.resume().orElseThrow().step()).isEqualTo(6);
        resumed.run();
        assertThat(values(second)).usingRecursiveComparison().isEqualTo(values(whole));

        average.put("stranger", Tensor.zeros(1));
        new Checkpoints(folder.resolve("strange"), 2)
                .save(new TrainingState(state.model(), state.optimizer(), average), stopped.progress());
        Trainer refusing = Trainer.of((Gpt) adapters(LORA).model(), config(10), text())
                .saveTo(new Checkpoints(folder.resolve("strange"), 2), () -> 0);
        assertThatThrownBy(refusing::resume)
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("it lacks nothing and has stranger beyond it");
    }

    /// With plain gradient descent, B moves by the ratio times as far as without.
    @Test
    void loraPlusMovesBFurther() {
        double[][] moved = new double[2][];
        for (int i = 0; i < 2; i++) {
            Adapters adapters = adapters(LORA.withDropout(0));
            var parameters = adapters.model().namedParameters();
            Tensor b = parameters.get("h.0.mlp.c_fc.a.lora_B.weight");
            Tensor a = parameters.get("h.0.mlp.c_fc.a.lora_A.weight");
            double[] before = a.toArray();
            var groups = LoraPlus.groups(parameters, i == 0 ? 1 : 16);
            assertThat(groups.parameters()).allMatch(Tensor::requiresGrad);
            var sgd = new Sgd(groups, new SgdConfig(0, false, 0));
            b.mul(3).sum().add(a.sum()).backward();
            sgd.step(0.5);
            moved[i] = new double[] {b.get(0, 0), a.get(0, 0) - before[0]};
        }
        assertThat(moved[0]).containsExactly(new double[] {-1.5, -0.5}, within(1e-6));
        assertThat(moved[1]).containsExactly(new double[] {-24, -0.5}, within(1e-6));
    }
}
