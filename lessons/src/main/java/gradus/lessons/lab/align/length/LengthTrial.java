package gradus.lessons.lab.align.length;

import gradus.layers.model.LanguageModel;
import gradus.tensor.random.Rng;
import gradus.train.EvaluationConfig;
import gradus.train.GradientConfig;
import gradus.train.LoopConfig;
import gradus.train.Trainer;
import gradus.train.optimizer.Optimizer;
import gradus.train.rl.GroupPolicyConfig;
import gradus.train.rl.GroupPolicyTask;
import gradus.train.rl.RolloutConfig;
import gradus.train.schedule.ConstantSchedule;
import gradus.train.schedule.ScheduleConfig;
import java.util.Arrays;
import java.util.List;

/// How long a policy's right and wrong answers are while it learns.
///
/// @param share  the share of right answers, for each window of iterations
/// @param right  the mean length of right ones, NaN where there are none
/// @param wrong  the mean length of wrong ones
public record LengthTrial(double[] share, double[] right, double[] wrong) {

    /// What is trained and how.
    ///
    /// @param model      the policy
    /// @param optimizer  of its parameters
    /// @param lr         the learning rate, the same in all steps
    /// @param config     the algorithm
    /// @param rollouts   of an iteration, which is one step
    /// @param iterations a multiple of the windows
    public record Setting(
            LanguageModel model,
            Optimizer optimizer,
            double lr,
            GroupPolicyConfig config,
            RolloutConfig rollouts,
            int iterations) {}

    /// Trains.
    ///
    /// @param windows into so many the iterations are divided for the means
    public static LengthTrial run(Setting setting, Talk talk, int windows, Rng rng) {
        GroupPolicyTask task = new GroupPolicyTask(setting.model, null, talk, setting.rollouts, setting.config, rng);
        LoopConfig loop = LoopConfig.defaults()
                .withSteps(setting.iterations)
                .withGradients(GradientConfig.defaults().withClip(0))
                .withEvaluation(EvaluationConfig.defaults().withEvery(0))
                .withCheckpointEvery(0);
        new Trainer(task, setting.optimizer, new ConstantSchedule(ScheduleConfig.of(setting.lr)), loop).run();
        return of(talk.graded(), windows);
    }

    static LengthTrial of(List<Talk.Graded> graded, int windows) {
        LengthTrial trial = new LengthTrial(new double[windows], new double[windows], new double[windows]);
        int size = graded.size() / windows;
        for (int i = 0; i < windows; i++) {
            List<Talk.Graded> window = graded.subList(i * size, (i + 1) * size);
            trial.right[i] = mean(window, true);
            trial.wrong[i] = mean(window, false);
            trial.share[i] = window.stream().filter(Talk.Graded::right).count() / (double) size;
        }
        return trial;
    }

    private static double mean(List<Talk.Graded> graded, boolean right) {
        return graded.stream()
                .filter(each -> each.right() == right)
                .mapToInt(Talk.Graded::length)
                .average()
                .orElse(Double.NaN);
    }

    /// By how many tokens the right or the wrong answers grew, from the first window to the last that has some.
    public double growth(boolean ofRight) {
        double[] lengths = Arrays.stream(ofRight ? right : wrong)
                .filter(length -> !Double.isNaN(length))
                .toArray();
        return lengths.length < 2 ? Double.NaN : lengths[lengths.length - 1] - lengths[0];
    }

    /// By how many tokens more the wrong answers grew than the right ones. What changes all lengths is not in it:
    /// so a model may come to write more of everything because it has learned which token comes first.
    public double parting() {
        return growth(false) - growth(true);
    }
}
