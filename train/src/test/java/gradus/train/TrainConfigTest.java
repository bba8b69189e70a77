package gradus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.train.average.AverageConfig;
import gradus.train.average.EmaKind;
import gradus.train.optimizer.AdamConfig;
import gradus.train.optimizer.Betas;
import gradus.train.optimizer.OptimizerKind;
import gradus.train.schedule.ScheduleConfig;
import gradus.train.schedule.ScheduleKind;
import gradus.train.task.LanguageModelling;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class TrainConfigTest {
    private static final TrainConfig CONFIG = TrainConfig.defaults();

    @Test
    void changesOneFieldAtATime() {
        TrainConfig changed = CONFIG.withWarmup(5)
                .withSteps(11)
                .withBatchSize(12)
                .withLr(13)
                .withMinLr(14e-3)
                .withSchedule(ScheduleKind.WSD)
                .withOptimizer(OptimizerKind.LION)
                .withBeta1(0.16)
                .withBeta2(0.17)
                .withEps(18)
                .withWeightDecay(19)
                .withClip(20)
                .withAccumulation(21)
                .withEvalEvery(22)
                .withEvalBatches(23)
                .withCheckpointEvery(235)
                .withLabelSmoothing(0.24)
                .withEmaDecay(0.245)
                .withEma(EmaKind.DEBIASED)
                .withPatience(246)
                .withCheckpointing(true)
                .withSeed(25);
        assertThat(changed)
                .isEqualTo(new TrainConfig(
                        new LanguageModelling.Sizes(12, 21),
                        0.24,
                        ScheduleKind.WSD,
                        new ScheduleConfig(13, 14e-3, 5),
                        OptimizerKind.LION,
                        new AdamConfig(new Betas(0.16, 0.17), 18, 19),
                        new LoopConfig(
                                11,
                                new GradientConfig(20, true),
                                new EvaluationConfig(22, 23, 246),
                                new AverageConfig(0.245, EmaKind.DEBIASED),
                                235,
                                25)));
        assertThat(changed)
                .hasToString("TrainConfig[steps=11, batchSize=12, lr=13.0, minLr=0.014, warmup=5, schedule=WSD,"
                        + " optimizer=LION, beta1=0.16, beta2=0.17, eps=18.0, weightDecay=19.0, clip=20.0,"
                        + " accumulation=21, evalEvery=22, evalBatches=23, checkpointEvery=235, labelSmoothing=0.24,"
                        + " emaDecay=0.245, ema=DEBIASED, patience=246, checkpointing=true, seed=25]");
        assertThat(changed.loop())
                .hasToString("LoopConfig[steps=11, clip=20.0, evalEvery=22, evalBatches=23, checkpointEvery=235,"
                        + " emaDecay=0.245, ema=DEBIASED, patience=246, checkpointing=true, seed=25]");
    }

    /// So that no number of a part is without a name that the command line and files know it by.
    @Test
    void everyNumberOfEveryPartIsASetting() {
        assertThat(TrainSetting.ALL).hasSize(leaves(TrainConfig.class));
        assertThat(CONFIG.toString().split(", ")).hasSize(leaves(TrainConfig.class));
        assertThat(CONFIG.loop().toString().split(", ")).hasSize(leaves(LoopConfig.class));
    }

    private static int leaves(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .mapToInt(part -> part.getType().isRecord() ? leaves(part.getType()) : 1)
                .sum();
    }

    private static void refused(String field, UnaryOperator<TrainConfig> change) {
        assertThatThrownBy(() -> change.apply(CONFIG).validate())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(field);
    }

    @Test
    void badInput() {
        for (double lr : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) { // BAD-INPUT 167
            refused("lr", config -> config.withLr(lr));
        }
        refused("steps", config -> config.withSteps(0)); // BAD-INPUT 168
        refused("steps", config -> config.withSteps(-2_000_000_000)); // what 2,294,967,296 overflows to
        refused("warmup", config -> config.withWarmup(2001)); // BAD-INPUT 188
        refused("warmup", config -> config.withWarmup(-1));
        refused("batchSize", config -> config.withBatchSize(0)); // BAD-INPUT 98
        refused("batchSize", config -> config.withBatchSize(1 << 20).withAccumulation(1 << 20));
        refused("minLr", config -> config.withMinLr(2e-3));
        refused("minLr", config -> config.withMinLr(Double.NaN));
        refused("schedule", config -> config.withSchedule(null));
        refused("optimizer", config -> config.withOptimizer(null));
        refused("beta1", config -> config.withBeta1(1));
        refused("beta2", config -> config.withBeta2(-0.1));
        refused("eps", config -> config.withEps(0)); // BAD-INPUT 26
        refused("weightDecay", config -> config.withWeightDecay(-1));
        refused("clip", config -> config.withClip(Double.NaN));
        refused("accumulation", config -> config.withAccumulation(0));
        refused("evalEvery", config -> config.withEvalEvery(-1));
        refused("evalBatches", config -> config.withEvalBatches(-1));
        refused("checkpointEvery", config -> config.withCheckpointEvery(-1));
        refused("labelSmoothing", config -> config.withLabelSmoothing(1));
    }
}
