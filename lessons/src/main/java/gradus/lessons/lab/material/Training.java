package gradus.lessons.lab.material;

import static gradus.error.ConfigException.require;

import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.optimizer.OptimizerKind;
import gradus.train.task.Task;

/// How a model of a lab is trained: with Muon, at a rate that rises for a twentieth of the steps and falls to
/// a twentieth of itself.
///
/// @param steps how many
/// @param lr    the highest learning rate
public record Training(int steps, double lr) {
    private static final int PARTS = 20;

    /// @throws gradus.error.ConfigException unless steps ≥ 2 and the rate is above 0
    public Training {
        require(steps >= 2, "a training needs at least 2 steps; got %d", steps);
        require(lr > 0, "the learning rate must be above 0; got %s", lr);
    }

    /// Trains, and leaves the model in evaluation.
    ///
    /// @param listener hears of each step
    public void run(Task task, long seed, TrainingListener listener) {
        TrainConfig config = TrainConfig.defaults()
                .withOptimizer(OptimizerKind.MUON)
                .withSteps(steps)
                .withSeed(seed)
                .withWeightDecay(0.01)
                .withLr(lr)
                .withMinLr(lr / PARTS)
                .withWarmup(Math.max(1, steps / PARTS))
                .withEvalEvery(0)
                .withCheckpointEvery(0);
        Trainer.of(task, config).listen(listener).run();
        task.model().eval();
    }
}
