package gradus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.layers.model.BertEncoder;
import gradus.layers.model.Gpt;
import gradus.layers.model.Llama;
import gradus.layers.model.config.Attentions;
import gradus.layers.model.config.BertConfig;
import gradus.layers.model.config.FeedForwards;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.average.EmaKind;
import gradus.train.optimizer.Optimizer;
import gradus.train.optimizer.OptimizerKind;
import gradus.train.task.Batches;
import gradus.train.task.LanguageModelling;
import gradus.train.task.Loss;
import gradus.train.task.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerFaultsTest {
    private static final int VOCAB = 11;
    private static final GptConfig SIZE = new GptConfig(VOCAB, 8, 2, 2, 16, 0);
    private static final TrainConfig CONFIG =
            TrainConfig.defaults().withWarmup(0).withSteps(4).withBatchSize(2).withEvalEvery(0);

    private static Split data() {
        int[] tokens = new int[200];
        Arrays.setAll(tokens, i -> Rng.of(1).index(i, VOCAB));
        return Split.holdOut(tokens, 0.2);
    }

    // --- settings

    /// The last of these alone fits 3 steps; none of the earlier configurations does.
    @Test
    void u7_withMayBeCalledInAnyOrder() {
        TrainConfig one =
                TrainConfig.defaults().withSteps(3).withWarmup(1).withMinLr(0.5).withLr(0.7);
        TrainConfig other =
                TrainConfig.defaults().withLr(0.7).withMinLr(0.5).withWarmup(1).withSteps(3);
        assertThat(one).isEqualTo(other);
        one.validate();
        TrainConfig tooShort = TrainConfig.defaults().withSteps(3);
        assertThatThrownBy(tooShort::validate)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("warmup=100");
        assertThatThrownBy(() -> Trainer.of(new Gpt(SIZE, Rng.of(1)), tooShort, data()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("warmup=100, steps=3");
        assertThatThrownBy(() -> tooShort.newSchedule()).isInstanceOf(ConfigException.class);

        GptConfig heads = SIZE.withHeads(3).withDim(15); // 16 channels have no three heads
        assertThat(heads).isEqualTo(SIZE.withDim(15).withHeads(3));
        heads.validate();
        assertThatThrownBy(() -> new Gpt(SIZE.withHeads(3), Rng.of(1)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("dim=16, heads=3");
    }

    @Test
    void u7_soMayThoseOfPublishedModels() {
        LlamaConfig llama = LlamaConfig.of(16, 4, 1).withVocabSize(5);
        assertThat(llama.withKvHeads(3).withHeads(6))
                .isEqualTo(llama.withHeads(6).withKvHeads(3));
        assertThatThrownBy(() -> new Llama(llama.withKvHeads(3), Rng.of(1)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("heads=4, kvHeads=3");
        BertConfig bert = BertConfig.base().withVocabSize(5).withLayers(1);
        assertThat(bert.withHeads(5).withDim(10)).isEqualTo(bert.withDim(10).withHeads(5));
        assertThatThrownBy(() -> new BertEncoder(bert.withDim(10), Rng.of(1)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("dim=10, heads=12");
    }

    @Test
    void r12_batchesThatOverflowAreRefusedBeforeTheyAreMade() {
        int[] few = new int[20];
        assertThatThrownBy(() -> new Batches(few, 8, Integer.MAX_VALUE / 8 + 1, Rng.of(1)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("below 2^31");
        new Batches(few, 8, Integer.MAX_VALUE / 8, Rng.of(1)); // made, not drawn from
        for (int[] sizes : new int[][] {{1 << 30, 8, 1}, {1 << 20, 1 << 10, 11}, {1 << 30, 1 << 30, 1 << 30}}) {
            assertThatThrownBy(() -> LanguageModelling.requireSizes(sizes[1], sizes[2], sizes[0]))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("below 2^31");
        }
        LanguageModelling.requireSizes(1 << 10, 1 << 10, 1 << 10);
    }

    @ParameterizedTest
    @EnumSource
    void r15_aRateThatIsNoNumberChangesNothing(OptimizerKind kind) {
        SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
        parameters.put("h.0.w", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2).keep().requireGrad());
        parameters.put("b", Tensor.of(new float[] {5}, 1).keep().requireGrad());
        Optimizer optimizer = CONFIG.withOptimizer(kind).newOptimizer(parameters);
        parameters.values().forEach(parameter -> parameter.square().sum().backward());
        for (double rate : new double[] {Double.NaN, -1e-3, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            assertThatThrownBy(() -> optimizer.step(rate))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("learning rate");
        }
        assertThat(parameters.get("h.0.w").toArray()).containsExactly(1, 2, 3, 4);
        optimizer
                .state()
                .forEach((name, tensor) -> assertThat(tensor.toArray()).as(name).containsOnly(0));
        optimizer.step(0.1);
        assertThat(parameters.get("b").item()).isLessThan(5);
    }

    @Test
    void r15_nullArgumentsAreNamed() {
        Gpt gpt = new Gpt(SIZE, Rng.of(1));
        assertThatThrownBy(() -> Trainer.of(null, CONFIG, data())).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> Trainer.of(gpt, null, data())).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> Trainer.of(gpt, CONFIG, null)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new Split((int[]) null, new int[0])).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> Split.holdOut((int[]) null, 0.1)).isInstanceOf(ConfigException.class);
    }

    // --- dropout

    /// At a rate of 0 the weights stay, and with one crop to draw all batches are the same: what differs
    /// between two losses is dropout alone.
    private static double[] losses(TrainConfig config) {
        Gpt gpt = new Gpt(SIZE.withDropout(0.5), Rng.of(2));
        int[] one = Arrays.copyOf(data().train().toArray(), 9);
        List<Double> losses = new ArrayList<>();
        Trainer.of(gpt, config.withLr(1e-30).withMinLr(1e-30).withWeightDecay(0), new Split(one, new int[0]))
                .listen(new TrainingListener() {
                    @Override
                    public void onStep(StepReport report) {
                        losses.add(report.loss());
                    }
                })
                .run();
        return losses.stream().mapToDouble(Double::doubleValue).toArray();
    }

    @Test
    void t5_everyStepDropsOthers() {
        assertThat(losses(CONFIG)).doesNotHaveDuplicates();
        assertThat(losses(CONFIG)).isEqualTo(losses(CONFIG));
    }

    /// Were the masks of both micro-batches equal, their mean would be the loss of one.
    @Test
    void t5_everyMicroBatchDropsOthers() {
        double[] one = losses(CONFIG.withBatchSize(1));
        double[] two = losses(CONFIG.withBatchSize(1).withAccumulation(2));
        for (int step = 0; step < one.length; step++) {
            assertThat(Math.abs(two[step] - one[step])).isGreaterThan(1e-4);
        }
    }

    // --- choices

    @Test
    void t2_checkpointingIsBitForBitTheSame() {
        List<float[]> weights = new ArrayList<>();
        for (boolean on : new boolean[] {false, true}) {
            Gpt gpt = new Gpt(SIZE.withDropout(0.3), Rng.of(2));
            Trainer.of(gpt, CONFIG.withCheckpointing(on), data()).run();
            weights.add(gpt.namedParameters().get("h.0.mlp.c_fc.weight").toFloatArray());
        }
        assertThat(weights.get(1)).isEqualTo(weights.get(0));
        Gpt mixture = new Gpt(SIZE.withFeedForward(new FeedForwards.Mixtral(2, 1, 4, 0.1)), Rng.of(1));
        assertThatThrownBy(Trainer.of(mixture, CONFIG.withCheckpointing(true), data())::run)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("a loss of its own");
    }

    @Test
    void t2_theZLossOfRoutersIsTrained() {
        List<Double> sizes = new ArrayList<>();
        for (double z : new double[] {0, 100}) {
            Gpt gpt = new Gpt(SIZE.withFeedForward(new FeedForwards.Switch(3, 2, 4, 0, z)), Rng.of(2));
            Tensor gate = gpt.namedParameters().get("h.0.mlp.gate.weight");
            gate.copyFrom(gate.mul(10));
            Trainer.of(gpt, CONFIG.withSteps(60).withLr(0.05).withWeightDecay(0), data())
                    .run();
            sizes.add(Arrays.stream(gate.toArray()).map(Math::abs).sum());
        }
        assertThat(sizes.get(1)).isLessThan(0.9 * sizes.get(0)); // small logits mean a small gate
    }

    /// After one update the debiased average is the weights; the warmed one remembers 2/11 of the first.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void t2_theAverageIsAChoice(boolean debiased) {
        Gpt gpt = new Gpt(SIZE, Rng.of(2));
        float[] first = gpt.namedParameters().get("wte.weight").toFloatArray();
        EmaKind kind = debiased ? EmaKind.DEBIASED : EmaKind.WARMED;
        Trainer trainer = Trainer.of(
                gpt, CONFIG.withSteps(1).withLr(0.1).withEmaDecay(0.9).withEma(kind), data());
        trainer.run();
        float[] trained = gpt.namedParameters().get("wte.weight").toFloatArray();
        try (var averaged = trainer.swapInAverage()) {
            float[] average = gpt.namedParameters().get("wte.weight").toFloatArray();
            for (int i = 0; i < average.length; i++) {
                double expected = debiased ? trained[i] : first[i] * 2 / 11.0 + trained[i] * 9 / 11.0;
                assertThat((double) average[i]).isCloseTo(expected, org.assertj.core.api.Assertions.within(1e-6));
            }
        }
    }

    @Test
    void t2_aRollingCacheNeedsASlidingWindow() {
        GptConfig rolling = SIZE.withCache(gradus.layers.model.config.CacheKind.ROLLING);
        assertThatThrownBy(() -> new Gpt(rolling, Rng.of(1)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("sliding window");
        new Gpt(rolling.withAttention(new Attentions.SlidingWindow(3, 0)), Rng.of(1));
    }

    // --- the end

    /// Losses of the validation split as one likes: the model's own plus a number for each evaluation.
    @Test
    void u7_patienceCountsEvaluationsWithoutANewLowest() {
        double[] told = {5, 4, 4, 3, 6, 3, 7, 1};
        Gpt gpt = new Gpt(SIZE, Rng.of(1));
        int[] evaluations = {0};
        TrainConfig config =
                CONFIG.withSteps(100).withEvalEvery(1).withEvalBatches(1).withPatience(3);
        Loss likeIt = (logits, batch) -> gpt.training()
                ? logits.crossEntropy(batch.targets())
                : logits.mean().mul(0).add(told[Math.min(evaluations[0]++, told.length - 1)]);
        List<Integer> best = new ArrayList<>();
        Trainer trainer = Trainer.of(gpt, config, data(), likeIt).listen(new TrainingListener() {
            @Override
            public void onBest(EvaluationReport report) {
                best.add(report.step());
            }
        });
        TrainingResult result = trainer.run();
        assertThat(best).containsExactly(0, 1, 3); // an equal loss is no lower one
        assertThat(result.reason()).isEqualTo(EndReason.NO_IMPROVEMENT);
        assertThat(result.steps()).isEqualTo(6);
        assertThat(trainer.best().step()).isEqualTo(3);
        assertThat(trainer.best().loss()).isEqualTo(3);
    }
}
