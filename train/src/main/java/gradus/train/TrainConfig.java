package gradus.train;

import static gradus.error.ConfigException.require;

import gradus.layers.model.LanguageModel;
import gradus.tensor.Rng;
import gradus.tensor.Tensor;
import gradus.train.average.EmaKind;
import gradus.train.optimizer.AdamConfig;
import gradus.train.optimizer.Optimizer;
import gradus.train.optimizer.OptimizerKind;
import gradus.train.optimizer.ParameterGroups;
import gradus.train.schedule.Schedule;
import gradus.train.schedule.ScheduleConfig;
import gradus.train.schedule.ScheduleKind;
import gradus.train.task.LanguageModelling;
import gradus.train.task.Losses;
import gradus.train.task.Split;
import java.util.Arrays;
import java.util.SequencedMap;
import java.util.function.Consumer;

/// How a [Trainer] trains. Each value is checked when it is given, and how they fit together when they are
/// used, by [#validate]: so `with…` calls may come in any order.
///
/// @param steps           how many times the weights change
/// @param batchSize       sequences of one forward pass
/// @param lr              the largest learning rate
/// @param minLr           where the schedule ends
/// @param warmup          steps over which the rate rises from near 0
/// @param schedule        how the rate goes on from there
/// @param optimizer       what turns gradients into steps
/// @param beta1           β₁ of Adam, AdamW and Lion; the momentum of SGD and Muon
/// @param beta2           β₂ of Adam, AdamW and Lion; α of RMSProp
/// @param eps             ε of Adam, AdamW, RMSProp and Adagrad
/// @param weightDecay     λ, on matrices only
/// @param clip            the largest norm of the gradient; 0 leaves it alone
/// @param accumulation    forward passes of one step, whose gradients add up to that of one large batch
/// @param evalEvery       steps between evaluations; 0 for one at the end only
/// @param evalBatches     batches of an evaluation on the way, 0 for the whole split; that after the last
///                        step is whole
/// @param checkpointEvery steps between checkpoints, where the training has a place for them; 0 for one at
///                        its end
/// @param labelSmoothing  ε of the smoothed targets, in [0, 1)
/// @param emaDecay        d of the averaged weights that evaluation uses; 0 for none
/// @param ema             how that average begins
/// @param patience        ends the training early after so many evaluations in a row without a new lowest
///                        validation loss; 0 never does
/// @param checkpointing   computes each block's activations again in the backward instead of keeping them
///                        (gradient checkpointing): less memory, more work, the same numbers
/// @param seed            what every random number of the training follows from
public record TrainConfig(
        int steps,
        int batchSize,
        double lr,
        double minLr,
        int warmup,
        ScheduleKind schedule,
        OptimizerKind optimizer,
        double beta1,
        double beta2,
        double eps,
        double weightDecay,
        double clip,
        int accumulation,
        int evalEvery,
        int evalBatches,
        int checkpointEvery,
        double labelSmoothing,
        double emaDecay,
        EmaKind ema,
        int patience,
        boolean checkpointing,
        long seed) {

    /// @throws gradus.error.ConfigException if a value is out of range
    public TrainConfig {
        require(steps >= 1, "steps must be at least 1; got %d", steps);
        require(batchSize >= 1, "batchSize must be at least 1; got %d", batchSize);
        require(lr > 0 && Double.isFinite(lr), "lr must be a number above 0; got %s", lr);
        require(minLr >= 0 && Double.isFinite(minLr), "minLr must be a number of at least 0; got %s", minLr);
        require(warmup >= 0, "warmup must be at least 0; got %d", warmup);
        require(schedule != null, "schedule must be one of %s; got null", Arrays.toString(ScheduleKind.values()));
        require(optimizer != null, "optimizer must be one of %s; got null", Arrays.toString(OptimizerKind.values()));
        require(beta1 >= 0 && beta1 < 1, "beta1 must be in [0, 1); got %s", beta1);
        require(beta2 >= 0 && beta2 < 1, "beta2 must be in [0, 1); got %s", beta2);
        require(eps > 0 && Double.isFinite(eps), "eps must be a number above 0; got %s", eps);
        require(
                weightDecay >= 0 && Double.isFinite(weightDecay),
                "weightDecay must be a number of at least 0; got %s",
                weightDecay);
        require(clip >= 0 && Double.isFinite(clip), "clip must be a number of at least 0; got %s", clip);
        require(accumulation >= 1, "accumulation must be at least 1; got %d", accumulation);
        require(evalEvery >= 0, "evalEvery must be at least 0; got %d", evalEvery);
        require(evalBatches >= 0, "evalBatches must be at least 0; got %d", evalBatches);
        require(checkpointEvery >= 0, "checkpointEvery must be at least 0; got %d", checkpointEvery);
        require(labelSmoothing >= 0 && labelSmoothing < 1, "labelSmoothing must be in [0, 1); got %s", labelSmoothing);
        require(emaDecay >= 0 && emaDecay < 1, "emaDecay must be in [0, 1); got %s", emaDecay);
        require(ema != null, "ema must be one of %s; got null", Arrays.toString(EmaKind.values()));
        require(patience >= 0, "patience must be at least 0; got %d", patience);
    }

    /// Refuses values that do not fit each other. Whatever trains by a configuration calls it first.
    ///
    /// @return this
    /// @throws gradus.error.ConfigException naming both values
    public TrainConfig validate() {
        require(minLr <= lr, "minLr must be in [0, lr]; got %s with lr=%s", minLr, lr);
        require(warmup <= steps, "warmup must be at most steps; got warmup=%d, steps=%d", warmup, steps);
        require(
                (long) batchSize * accumulation <= Integer.MAX_VALUE,
                "batchSize times accumulation must be below 2^31; got %d and %d",
                batchSize,
                accumulation);
        require(
                patience == 0 || evalEvery > 0,
                "patience counts evaluations, so evalEvery must be at least 1; got patience=%d, evalEvery=%d",
                patience,
                evalEvery);
        return this;
    }

    /// The schedule that these values name.
    ///
    /// @throws gradus.error.ConfigException if they do not fit each other, see [#validate]
    public Schedule newSchedule() {
        validate();
        return schedule.of(new ScheduleConfig(lr, minLr, warmup, steps));
    }

    /// The optimiser that these values name.
    ///
    /// @param parameters the model's, by name, as [gradus.layers.Layer#namedParameters] gives them
    public Optimizer newOptimizer(SequencedMap<String, Tensor> parameters) {
        return optimizer.of(ParameterGroups.of(parameters), adam());
    }

    /// Predicting the next token, with batches and label smoothing as these values say.
    ///
    /// @throws gradus.error.DataException if the data is too short or has tokens that the model does not know
    public LanguageModelling newTask(LanguageModel model, Split data) {
        LanguageModelling.Sizes sizes = new LanguageModelling.Sizes(batchSize, accumulation);
        return new LanguageModelling(model, data, sizes, Rng.of(seed).at("batches"))
                .withLosses(Losses.crossEntropy(labelSmoothing), Losses.crossEntropy());
    }

    /// β₁, β₂, ε and λ.
    public AdamConfig adam() {
        return new AdamConfig(beta1, beta2, eps, weightDecay);
    }

    /// nanoGPT's recipe for a small character model on a CPU.
    public static TrainConfig defaults() {
        return new TrainConfig(
                2000,
                12,
                1e-3,
                1e-4,
                100,
                ScheduleKind.COSINE,
                OptimizerKind.ADAMW,
                0.9,
                0.99,
                1e-8,
                0.1,
                1.0,
                1,
                250,
                50,
                250,
                0.0,
                0.0,
                EmaKind.WARMED,
                0,
                false,
                1);
    }

    public TrainConfig withSteps(int steps) {
        return with(draft -> draft.steps = steps);
    }

    public TrainConfig withBatchSize(int batchSize) {
        return with(draft -> draft.batchSize = batchSize);
    }

    public TrainConfig withLr(double lr) {
        return with(draft -> draft.lr = lr);
    }

    public TrainConfig withMinLr(double minLr) {
        return with(draft -> draft.minLr = minLr);
    }

    public TrainConfig withWarmup(int warmup) {
        return with(draft -> draft.warmup = warmup);
    }

    public TrainConfig withSchedule(ScheduleKind schedule) {
        return with(draft -> draft.schedule = schedule);
    }

    public TrainConfig withOptimizer(OptimizerKind optimizer) {
        return with(draft -> draft.optimizer = optimizer);
    }

    public TrainConfig withBeta1(double beta1) {
        return with(draft -> draft.beta1 = beta1);
    }

    public TrainConfig withBeta2(double beta2) {
        return with(draft -> draft.beta2 = beta2);
    }

    public TrainConfig withEps(double eps) {
        return with(draft -> draft.eps = eps);
    }

    public TrainConfig withWeightDecay(double weightDecay) {
        return with(draft -> draft.weightDecay = weightDecay);
    }

    public TrainConfig withClip(double clip) {
        return with(draft -> draft.clip = clip);
    }

    public TrainConfig withAccumulation(int accumulation) {
        return with(draft -> draft.accumulation = accumulation);
    }

    public TrainConfig withEvalEvery(int evalEvery) {
        return with(draft -> draft.evalEvery = evalEvery);
    }

    public TrainConfig withEvalBatches(int evalBatches) {
        return with(draft -> draft.evalBatches = evalBatches);
    }

    public TrainConfig withCheckpointEvery(int checkpointEvery) {
        return with(draft -> draft.checkpointEvery = checkpointEvery);
    }

    public TrainConfig withLabelSmoothing(double labelSmoothing) {
        return with(draft -> draft.labelSmoothing = labelSmoothing);
    }

    public TrainConfig withEmaDecay(double emaDecay) {
        return with(draft -> draft.emaDecay = emaDecay);
    }

    public TrainConfig withEma(EmaKind ema) {
        return with(draft -> draft.ema = ema);
    }

    public TrainConfig withPatience(int patience) {
        return with(draft -> draft.patience = patience);
    }

    public TrainConfig withCheckpointing(boolean checkpointing) {
        return with(draft -> draft.checkpointing = checkpointing);
    }

    public TrainConfig withSeed(long seed) {
        return with(draft -> draft.seed = seed);
    }

    private TrainConfig with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.finish();
    }

    /// A configuration with one field about to change.
    private static final class Draft {
        private int steps;
        private int batchSize;
        private double lr;
        private double minLr;
        private int warmup;
        private ScheduleKind schedule;
        private OptimizerKind optimizer;
        private double beta1;
        private double beta2;
        private double eps;
        private double weightDecay;
        private double clip;
        private int accumulation;
        private int evalEvery;
        private int evalBatches;
        private int checkpointEvery;
        private double labelSmoothing;
        private double emaDecay;
        private EmaKind ema;
        private int patience;
        private boolean checkpointing;
        private long seed;

        Draft(TrainConfig from) {
            steps = from.steps();
            batchSize = from.batchSize();
            lr = from.lr();
            minLr = from.minLr();
            warmup = from.warmup();
            schedule = from.schedule();
            optimizer = from.optimizer();
            beta1 = from.beta1();
            beta2 = from.beta2();
            eps = from.eps();
            weightDecay = from.weightDecay();
            clip = from.clip();
            accumulation = from.accumulation();
            evalEvery = from.evalEvery();
            evalBatches = from.evalBatches();
            checkpointEvery = from.checkpointEvery();
            labelSmoothing = from.labelSmoothing();
            emaDecay = from.emaDecay();
            ema = from.ema();
            patience = from.patience();
            checkpointing = from.checkpointing();
            seed = from.seed();
        }

        TrainConfig finish() {
            return new TrainConfig(
                    steps,
                    batchSize,
                    lr,
                    minLr,
                    warmup,
                    schedule,
                    optimizer,
                    beta1,
                    beta2,
                    eps,
                    weightDecay,
                    clip,
                    accumulation,
                    evalEvery,
                    evalBatches,
                    checkpointEvery,
                    labelSmoothing,
                    emaDecay,
                    ema,
                    patience,
                    checkpointing,
                    seed);
        }
    }
}
