package org.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.CheckpointMismatchException;
import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.layers.Adapter;
import gradus.layers.Linear;
import gradus.layers.attention.AttentionConfig;
import gradus.layers.attention.GroupedQueryAttention;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.prompt.PromptTuned;
import gradus.layers.position.NoPosition;
import gradus.layers.position.Rope;
import gradus.layers.position.RopeFrequencies;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.StepReport;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.checkpoint.Checkpoints;
import gradus.train.generate.Generator;
import gradus.train.generate.Sampling;
import gradus.train.optimizer.AdamConfig;
import gradus.train.optimizer.AdamW;
import gradus.train.optimizer.ParameterGroups;
import gradus.train.task.Loss;
import gradus.train.task.Split;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Parts of one's own, written outside the library against what it publishes: each is trained, saved, resumed
/// and, where it can, generated with.
class OwnPartsTest {
    private static final int VOCAB = 5;
    private static final int DIM = 16;
    private static final int STEPS = 60;
    private static final Rng RNG = Rng.of(3);

    private static final TrainConfig CONFIG = TrainConfig.defaults()
            .withSteps(STEPS)
            .withWarmup(0)
            .withBatchSize(4)
            .withEvalEvery(0)
            .withCheckpointEvery(20)
            .withLr(1e-2);

    private static final TrainConfig LONGER = CONFIG.withSteps(150).withLr(3e-3).withMinLr(1e-4);

    @TempDir
    Path folder;

    /// 0, 1, 2, 3, 4, 0, …, whose next token is always sure.
    private static Split counting() {
        int[] tokens = new int[400];
        Arrays.setAll(tokens, i -> i % VOCAB);
        return Split.holdOut(tokens, 0.2);
    }

    private static SmallModel small() {
        return new SmallModel(VOCAB, DIM, new Ramp(DIM), rng -> new NearAttention(DIM, rng), RNG);
    }

    private void learnsResumesAndGenerates(Supplier<LanguageModel> fresh) {
        learnsResumesAndGenerates(fresh, model -> Trainer.of(model, CONFIG, counting()), 0.5);
    }

    /// Trains a model without a break, and another with one, from what a checkpoint holds; both must be the
    /// same, have learnt to count, and count on.
    ///
    /// @param most of the validation loss
    private void learnsResumesAndGenerates(
            Supplier<LanguageModel> fresh, Function<LanguageModel, Trainer> trainer, double most) {
        LanguageModel straight = fresh.get();
        double loss = trainer.apply(straight).run().validationLoss().getAsDouble();
        assertThat(loss).isLessThan(most);
        Trainer first = trainer.apply(fresh.get()).saveTo(new Checkpoints(folder, 2), () -> 0);
        first.listen(stopAt(first, 30)).run();
        LanguageModel resumed = fresh.get();
        Trainer second = trainer.apply(resumed).saveTo(new Checkpoints(folder, 2), () -> 0);
        assertThat(second.resume().orElseThrow().step()).isEqualTo(30);
        second.run();
        assertSame(straight, resumed);
        resumed.eval();
        Generator generator = new Generator(resumed, Sampling.greedy());
        assertThat(generator.generate(new int[] {0, 1, 2}, 5, RNG, token -> true))
                .containsExactly(3, 4, 0, 1, 2);
        assertThat(resumed.cacheable()).isTrue();
    }

    private static void assertSame(LanguageModel one, LanguageModel other) {
        one.state()
                .forEach((name, tensor) -> assertThat(other.state().get(name).toFloatArray())
                        .as(name)
                        .isEqualTo(tensor.toFloatArray()));
    }

    @Test
    void aModelWithBlockLayerAttentionMaskAndPositionOfOnesOwn() {
        learnsResumesAndGenerates(OwnPartsTest::small);
    }

    /// A step at a time with a cache and whole sequences give the same.
    @Test
    void theCachedAttentionIsTheWholeOne() {
        SmallModel model = small();
        model.eval();
        int[] text = {0, 1, 2, 3, 4, 0, 1, 2, 3};
        var caches = model.caches();
        for (int t = 0; t < text.length; t++) {
            var one = Indices.of(Shape.of(1, 1), new int[] {text[t]});
            var all = Indices.of(Shape.of(1, t + 1), Arrays.copyOf(text, t + 1));
            double[] stepped = model.lastLogits(one, caches).toArray();
            double[] whole = model.lastLogits(all).toArray();
            for (int v = 0; v < VOCAB; v++) {
                // The same float32 sums of some hundred numbers about 1, in another order.
                assertThat(stepped[v]).isCloseTo(whole[v], within(1e-4));
            }
        }
    }

    @Test
    void aMaskThatDoesNotSaySoCannotGoStepByStep() {
        KeyMask plain = query -> query.sees(0, query.position() + 1);
        LanguageModel model = new SmallModel(
                VOCAB,
                DIM,
                new NoPosition(),
                rng -> new GroupedQueryAttention(AttentionConfig.of(DIM, 2).withMask(plain), rng),
                RNG);
        assertThat(model.cacheable()).isFalse();
        assertThatThrownBy(model::caches).isInstanceOf(ConfigException.class);
        assertThat(KeyMask.cacheable(plain).cacheable()).isTrue();
    }

    /// Every pair rotates at a rate of its own.
    private record Harmonic() implements RopeFrequencies {
        @Override
        public double[] angles(int headDim, int length) {
            double[] angles = new double[headDim / 2];
            Arrays.setAll(angles, i -> 1.0 / (1 + i));
            return angles;
        }
    }

    @Test
    void frequenciesOfOnesOwn() {
        learnsResumesAndGenerates(() -> new SmallModel(
                VOCAB,
                DIM,
                new NoPosition(),
                rng -> new GroupedQueryAttention(
                        AttentionConfig.of(DIM, 2).withPosition(new Rope(new Harmonic())), rng),
                RNG));
    }

    @Test
    void anOptimizerOfOnesOwn() {
        learnsResumesAndGenerates(
                OwnPartsTest::small,
                model -> new Trainer(
                        CONFIG.newTask(model, counting()),
                        new Momentum(ParameterGroups.of(model.namedParameters())),
                        step -> 0.05 / (1 + step / 30.0),
                        CONFIG.loop()),
                0.5);
    }

    /// With an optimiser of the library, whose settings are its own record.
    @Test
    void aScheduleOfOnesOwn() {
        learnsResumesAndGenerates(
                OwnPartsTest::small,
                model -> new Trainer(
                        CONFIG.newTask(model, counting()),
                        new AdamW(ParameterGroups.of(model.namedParameters()), AdamConfig.defaults()),
                        step -> step < 5 ? 2e-3 * (step + 1) : 1e-2,
                        CONFIG.loop()),
                0.5);
    }

    private static TrainingListener stopAt(Trainer trainer, int step) {
        return new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                if (report.step() == step) {
                    trainer.requestStop();
                }
            }
        };
    }

    /// The probability that is missing from the right token, in training and in evaluation. It stays below 1,
    /// where the cross-entropy of the untrained model is 1.6.
    @Test
    void aLossOfOnesOwn() {
        Loss missing = (logits, batch) -> {
            Tensor rows = logits.softmax().reshape(-1, VOCAB); // (B·T, V)
            return rows.gather(1, batch.targets().reshape(rows.dim(0), 1))
                    .neg()
                    .add(1)
                    .mean(); // ()
        };
        double before = Trainer.of(small(), CONFIG.withSteps(1).withLr(1e-9).withMinLr(0), counting(), missing)
                .run()
                .validationLoss()
                .getAsDouble();
        assertThat(before).isBetween(0.5, 1.0);
        double after = Trainer.of(small(), CONFIG, counting(), missing)
                .run()
                .validationLoss()
                .getAsDouble();
        assertThat(after).isLessThan(before / 2);
        learnsResumesAndGenerates(
                OwnPartsTest::small, model -> Trainer.of(model, CONFIG, counting(), missing), before / 2);
    }

    @Test
    void groupsHaveRatesOfTheirOwn() {
        SmallModel model = small();
        float[] table = model.namedParameters().get("tokens.weight").toFloatArray();
        float[] head = model.namedParameters().get("head.weight").toFloatArray();
        ParameterGroups groups =
                ParameterGroups.of(model.namedParameters()).withRate(name -> name.startsWith("tokens"), 0);
        var task = CONFIG.newTask(model, counting());
        new Trainer(
                        task,
                        new AdamW(groups, AdamConfig.defaults()),
                        step -> 1e-2,
                        CONFIG.loop().withSteps(2))
                .run();
        assertThat(model.namedParameters().get("tokens.weight").toFloatArray()).isEqualTo(table);
        assertThat(model.namedParameters().get("head.weight").toFloatArray()).isNotEqualTo(head);
    }

    @Test
    void aTaskOfOnesOwn() {
        FillGaps straight = new FillGaps();
        double before = straight.evaluate(0).getAsDouble();
        double after = Trainer.of(straight, LONGER).run().validationLoss().getAsDouble();
        assertThat(after).isLessThan(before / 2);
        FillGaps begun = new FillGaps();
        Trainer first = Trainer.of(begun, LONGER).saveTo(new Checkpoints(folder, 2), () -> 0);
        first.listen(stopAt(first, 30)).run();
        FillGaps resumed = new FillGaps();
        Trainer second = Trainer.of(resumed, LONGER).saveTo(new Checkpoints(folder, 2), () -> 0);
        second.resume();
        assertThat(resumed.seen()).isEqualTo(120);
        second.run();
        assertThat(resumed.seen()).isEqualTo(4 * 150);
        straight.model()
                .state()
                .forEach((name, tensor) -> assertThat(
                                resumed.model().state().get(name).toFloatArray())
                        .as(name)
                        .isEqualTo(tensor.toFloatArray()));
        assertThatThrownBy(() -> Trainer.of(small(), CONFIG, counting())
                        .saveTo(new Checkpoints(folder, 2), () -> 0)
                        .resume())
                .isInstanceOfAny(CheckpointMismatchException.class, DataException.class);
    }

    @Test
    void anAdapterOfOnesOwn() {
        Supplier<LanguageModel> adapted = () -> {
            SmallModel model = small();
            model.freeze();
            model.namedLayers(Linear.class).forEach((name, linear) -> linear.adapt(new RankTwo(linear, RNG.at(name))));
            return model;
        };
        LanguageModel model = adapted.get();
        float[] base = model.namedParameters().get("head.weight").toFloatArray();
        double before = Trainer.of(
                        adapted.get(), CONFIG.withSteps(1).withLr(1e-9).withMinLr(0), counting())
                .run()
                .validationLoss()
                .getAsDouble();
        double after =
                Trainer.of(model, CONFIG, counting()).run().validationLoss().getAsDouble();
        assertThat(after).isLessThan(before / 2);
        assertThat(model.namedParameters().get("head.weight").toFloatArray()).isEqualTo(base);
        assertThat(model.namedLayers(Adapter.class)).hasSize(7);
        learnsResumesAndGenerates(adapted, each -> Trainer.of(each, CONFIG, counting()), before / 2);
    }

    @Test
    void aSoftPromptOfOnesOwn() {
        SmallModel base = small();
        int width = PromptTuned.tokens(base).weight().dim(1);
        float[] head = base.namedParameters().get("head.weight").toFloatArray();
        OneVector prompt = new OneVector(2, width, RNG);
        float[] start = prompt.rows().toFloatArray();
        PromptTuned model = new PromptTuned(base, prompt);
        Trainer.of(model, CONFIG, counting()).run();
        assertThat(prompt.rows().toFloatArray()).isNotEqualTo(start);
        assertThat(base.namedParameters().get("head.weight").toFloatArray()).isEqualTo(head);
        model.eval();
        Generator generator = new Generator(model, Sampling.greedy());
        assertThat(generator.generate(new int[] {0, 1, 2}, 5, RNG, token -> true))
                .hasSize(5);
    }

    @Test
    void aHookSeesWhatFlowsThrough() {
        SmallModel model = small();
        List<Tensor> seen = new ArrayList<>();
        try (var hook = model.layer("blocks.1.squash").hook(y -> {
            seen.add(y);
            return y;
        })) {
            model.forward(Indices.of(Shape.of(1, 3), new int[] {0, 1, 2}));
        }
        assertThat(seen)
                .singleElement()
                .satisfies(y -> assertThat(y.shape().dims()).containsExactly(1, 3, DIM));
    }
}
