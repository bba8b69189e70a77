package gradus.train.align;

import gradus.train.rl.GroupPolicyConfig;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/// How a model learns: from what its own answers are paid, or from answers that others wrote.
public enum AlignmentMethod {
    GRPO(GroupPolicyConfig::grpo),
    DR_GRPO(GroupPolicyConfig::drGrpo),
    BNPO(GroupPolicyConfig::bnpo),
    DAPO(GroupPolicyConfig::dapo),
    GSPO(GroupPolicyConfig::gspo),
    RLOO(GroupPolicyConfig::rloo),
    REINFORCE(GroupPolicyConfig::reinforce),
    LUSPO(GroupPolicyConfig::luspo),
    CISPO(GroupPolicyConfig::cispo),
    SAPO(GroupPolicyConfig::sapo),
    VESPO(GroupPolicyConfig::vespo),
    /// With a critic.
    PPO(null),
    /// Learns its own right answers by heart.
    EXPERT(null),
    /// Learns right answers to a task's questions that it is given: supervised fine-tuning.
    SFT(null),
    /// Learns from pairs of answers, of which one is better.
    DPO(null),
    /// Learns from answers of which each was found good or bad.
    KTO(null),
    /// Learns to score answers, from pairs of which one is better: a reward model.
    RM(null);

    private final Supplier<GroupPolicyConfig> groups;

    AlignmentMethod(Supplier<GroupPolicyConfig> groups) {
        this.groups = groups;
    }

    /// The settings of a method that compares completions of one prompt; empty for the others.
    public Optional<GroupPolicyConfig> groups() {
        return Optional.ofNullable(groups).map(Supplier::get);
    }

    /// Whether it learns from what the model's own answers are paid, and not from answers that others wrote.
    public boolean isPaid() {
        return this != SFT && !isOfFiles();
    }

    /// Whether it learns from the answers of a file.
    public boolean isOfFiles() {
        return this == DPO || this == KTO || this == RM;
    }

    /// As the command line has it.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
