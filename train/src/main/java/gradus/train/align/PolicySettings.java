package gradus.train.align;

import static gradus.error.ConfigException.require;

import gradus.layers.model.ActorCritic;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.ValueHead;
import gradus.tensor.random.Rng;
import gradus.train.TrainConfig;
import gradus.train.finetune.OpenBase;
import gradus.train.finetune.Tuned;
import gradus.train.rl.Environment;
import gradus.train.rl.ExpertIteration;
import gradus.train.rl.GroupAdvantage;
import gradus.train.rl.GroupPolicyConfig;
import gradus.train.rl.GroupPolicyTask;
import gradus.train.rl.PpoConfig;
import gradus.train.rl.PpoTask;
import gradus.train.rl.ReferenceModel;
import gradus.train.rl.RolloutConfig;
import gradus.train.task.Task;

/// How a policy learns from what its answers are paid, whoever pays them.
///
/// @param method   how it learns
/// @param rollouts how many completions are drawn and how often they are used
/// @param groups   of a method that compares completions of one prompt
/// @param ppo      of PPO
public record PolicySettings(AlignmentMethod method, RolloutConfig rollouts, GroupPolicyConfig groups, PpoConfig ppo) {

    /// @throws gradus.error.ConfigException if numbers do not fit together
    public PolicySettings {
        require(
                method != null && rollouts != null && groups != null && ppo != null,
                "alignment: method and settings must be given");
        require(
                method.isPaid(),
                "alignment: %s learns from answers that others wrote, and not from what its own are paid",
                method.text());
        rollouts.validate();
        int compared =
                groups.advantage() == GroupAdvantage.BATCH_CENTRED ? rollouts.completions() : rollouts.numGenerations();
        require(
                method.groups().isEmpty() || compared >= 2,
                "%s compares answers with each other, so there must be at least 2; got %d",
                method.text(),
                compared);
    }

    /// β, the price of departing from the base; 0 leaves the reference out.
    public double beta() {
        return switch (method) {
            case PPO -> ppo.kl().start();
            case EXPERT -> 0;
            default -> groups.kl().beta();
        };
    }

    /// The task of learning from an environment.
    ///
    /// @param right the least reward of an answer that [AlignmentMethod#EXPERT] learns by heart
    Task task(Tuned tuned, OpenBase base, TrainConfig train, Environment environment, double right) {
        LanguageModel policy = tuned.model();
        RolloutConfig own = rollouts.withAccumulation(train.batches().accumulation());
        Rng rng = Rng.of(train.loop().seed()).at("alignment");
        return switch (method) {
            case PPO ->
                new PpoTask(
                        ActorCritic.shared(policy, new ValueHead(policy.channels())),
                        reference(tuned, base),
                        environment,
                        own,
                        ppo,
                        rng);
            case EXPERT -> new ExpertIteration(policy, environment, own, right, rng);
            default -> new GroupPolicyTask(policy, reference(tuned, base), environment, own, groups, rng);
        };
    }

    /// The base as it was: without its adapter, or opened once more. Null where nobody asks for it.
    private ReferenceModel reference(Tuned tuned, OpenBase base) {
        if (beta() == 0) {
            return null;
        }
        if (tuned.adapter() != null) {
            return ReferenceModel.withoutAdapters(tuned.model(), tuned.adapter());
        }
        return ReferenceModel.frozen(OpenBase.of(base.path()).model());
    }
}
