package gradus.train;

import gradus.train.average.EmaKind;
import gradus.train.optimizer.OptimizerKind;
import gradus.train.schedule.ScheduleKind;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A setting of a [TrainConfig], under the name that it has on the command line (`--train.lr=3e-4`), in a
/// run's `config.json` and in checkpoints. There, the settings form one flat list, whichever part of the
/// configuration they belong to. This class holds that list, in the order in which it is printed. A name in
/// it must not change, since files of earlier versions contain it.
///
/// @param get    its value in a configuration
/// @param change the configuration with another value
public record TrainSetting<T>(
        String name, Class<T> type, Function<TrainConfig, T> get, BiFunction<TrainConfig, T, TrainConfig> change) {

    public static final List<TrainSetting<?>> ALL = List.of(
            of("steps", int.class, TrainConfig::steps, TrainConfig::withSteps),
            of("batchSize", int.class, TrainConfig::batchSize, TrainConfig::withBatchSize),
            of("lr", double.class, config -> config.learningRate().lr(), TrainConfig::withLr),
            of("minLr", double.class, config -> config.learningRate().minLr(), TrainConfig::withMinLr),
            of("warmup", int.class, config -> config.learningRate().warmup(), TrainConfig::withWarmup),
            of("schedule", ScheduleKind.class, TrainConfig::schedule, TrainConfig::withSchedule),
            of("optimizer", OptimizerKind.class, TrainConfig::optimizer, TrainConfig::withOptimizer),
            of("beta1", double.class, config -> config.adam().beta1(), TrainConfig::withBeta1),
            of("beta2", double.class, config -> config.adam().beta2(), TrainConfig::withBeta2),
            of("eps", double.class, config -> config.adam().eps(), TrainConfig::withEps),
            of("weightDecay", double.class, config -> config.adam().weightDecay(), TrainConfig::withWeightDecay),
            of("clip", double.class, config -> config.loop().gradients().clip(), TrainConfig::withClip),
            of("accumulation", int.class, TrainConfig::accumulation, TrainConfig::withAccumulation),
            of("evalEvery", int.class, config -> config.loop().evaluation().every(), TrainConfig::withEvalEvery),
            of("evalBatches", int.class, config -> config.loop().evaluation().batches(), TrainConfig::withEvalBatches),
            of(
                    "checkpointEvery",
                    int.class,
                    config -> config.loop().checkpointEvery(),
                    TrainConfig::withCheckpointEvery),
            of("labelSmoothing", double.class, TrainConfig::labelSmoothing, TrainConfig::withLabelSmoothing),
            of("emaDecay", double.class, config -> config.loop().average().decay(), TrainConfig::withEmaDecay),
            of("ema", EmaKind.class, config -> config.loop().average().kind(), TrainConfig::withEma),
            of("patience", int.class, config -> config.loop().evaluation().patience(), TrainConfig::withPatience),
            of(
                    "checkpointing",
                    boolean.class,
                    config -> config.loop().gradients().checkpointing(),
                    TrainConfig::withCheckpointing),
            of("seed", long.class, TrainConfig::seed, TrainConfig::withSeed));

    private static final Set<String> OF_LOOP = Set.of(
            "steps",
            "clip",
            "evalEvery",
            "evalBatches",
            "checkpointEvery",
            "emaDecay",
            "ema",
            "patience",
            "checkpointing",
            "seed");

    private static <T> TrainSetting<T> of(
            String name, Class<T> type, Function<TrainConfig, T> get, BiFunction<TrainConfig, T, TrainConfig> change) {
        return new TrainSetting<>(name, type, get, change);
    }

    /// The value in a configuration.
    public T in(TrainConfig config) {
        return get.apply(config);
    }

    /// A configuration with another value, which must be of the setting's type.
    ///
    /// @throws gradus.error.ConfigException if it is out of range
    @SuppressWarnings("unchecked") // int.class stands for Integer, so a cast by the class would refuse it
    public TrainConfig with(TrainConfig config, Object value) {
        return change.apply(config, (T) value);
    }

    /// All settings with their values: `TrainConfig[steps=2000, batchSize=12, …]`.
    static String text(TrainConfig config) {
        return ALL.stream()
                .map(setting -> setting.name + "=" + setting.in(config))
                .collect(Collectors.joining(", ", "TrainConfig[", "]"));
    }

    /// Those of the loop: `LoopConfig[steps=2000, clip=1.0, …]`.
    static String text(LoopConfig loop) {
        TrainConfig config = TrainConfig.defaults().withLoop(loop);
        return ALL.stream()
                .filter(setting -> OF_LOOP.contains(setting.name))
                .map(setting -> setting.name + "=" + setting.in(config))
                .collect(Collectors.joining(", ", "LoopConfig[", "]"));
    }
}
