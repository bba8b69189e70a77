package gradus.train.align;

import gradus.train.rl.GroupPolicyConfig;
import java.util.Optional;
import java.util.function.Supplier;

/// How a policy learns, from what its answers are paid or from pairs of answers.
public enum AlignmentMethod {
    GRPO(GroupPolicyConfig::grpo),
    DR_GRPO(GroupPolicyConfig::drGrpo),
    BNPO(GroupPolicyConfig::bnpo),
    DAPO(GroupPolicyConfig::dapo),
    GSPO(GroupPolicyConfig::gspo),
    RLOO(GroupPolicyConfig::rloo),
    REINFORCE(GroupPolicyConfig::reinforce),
    /// With a critic.
    PPO(null),
    /// Learns its own right answers by heart.
    EXPERT(null),
    /// Learns from pairs of answers, of which one is better.
    DPO(null);

    private final Supplier<GroupPolicyConfig> groups;

    AlignmentMethod(Supplier<GroupPolicyConfig> groups) {
        this.groups = groups;
    }

    /// The settings of a method that compares completions of one prompt; empty for the others.
    public Optional<GroupPolicyConfig> groups() {
        return Optional.ofNullable(groups).map(Supplier::get);
    }
}
