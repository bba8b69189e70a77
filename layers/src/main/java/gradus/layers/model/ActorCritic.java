package gradus.layers.model;

import static gradus.error.ConfigException.require;

import gradus.layers.Layer;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;

/// A policy, which is a language model, and a critic, which says for every position how much reward is still to
/// come. The critic is a [ValueHead] on the states of the policy itself, or on those of a model of its own.
///
/// Sharing costs one pass instead of two, but what the critic learns then changes the policy. A model of its
/// own costs twice as much, and neither disturbs the other (Stiennon et al. 2020, arXiv:2009.01325, appendix
/// G.1).
///
/// Parameters are those of the policy under `policy.`, of the critic's model under `critic.`, and of the head
/// under `value_head.`.
public final class ActorCritic extends Layer {
    private final LanguageModel policy;
    private final LanguageModel critic; // the policy itself where they share
    private final ValueHead head;

    private ActorCritic(LanguageModel policy, LanguageModel critic, ValueHead head) {
        require(
                policy != null && critic != null && head != null,
                "ActorCritic: model and head must be given; got null");
        require(
                critic.vocabSize() == policy.vocabSize() && critic.context() >= policy.context(),
                "ActorCritic: the critic must read what the policy does, %d tokens of a vocabulary of %d; it reads %d of"
                        + " %d",
                policy.context(),
                policy.vocabSize(),
                critic.context(),
                critic.vocabSize());
        this.policy = child("policy", policy);
        this.critic = critic == policy ? policy : child("critic", critic);
        this.head = child("value_head", head);
    }

    /// A critic on the states of the policy.
    ///
    /// @throws gradus.error.ConfigException if something is missing
    public static ActorCritic shared(LanguageModel policy, ValueHead head) {
        return new ActorCritic(policy, policy, head);
    }

    /// A critic with a model of its own, whose own head is not used.
    ///
    /// @throws gradus.error.ConfigException if something is missing, or the critic has another vocabulary or a
    ///     shorter context
    public static ActorCritic separate(LanguageModel policy, LanguageModel critic, ValueHead head) {
        require(policy != critic, "ActorCritic: a separate critic must be another model than the policy");
        return new ActorCritic(policy, critic, head);
    }

    /// The policy.
    public LanguageModel policy() {
        return policy;
    }

    /// The critic's head.
    public ValueHead head() {
        return head;
    }

    /// What the policy's head and the critic's head read.
    ///
    /// @param policy (B, T, C)
    /// @param critic (B, T, C'), the same tensor where they share
    public record States(Tensor policy, Tensor critic) {}

    /// The states of every position.
    ///
    /// **Shapes** ids (B, T) → (B, T, C) and (B, T, C')
    public States states(Indices ids) {
        Tensor own = policy.hiddenStates(ids); // (B, T, C)
        return new States(own, critic == policy ? own : critic.hiddenStates(ids));
    }

    /// The states that the critic's head reads.
    ///
    /// **Shapes** ids (B, T) → (B, T, C')
    public Tensor criticStates(Indices ids) {
        return critic.hiddenStates(ids); // (B, T, C')
    }

    /// The value of each state.
    ///
    /// **Shapes** states (..., C') → (...)
    public Tensor values(Tensor states) {
        return head.forward(states); // (...)
    }
}
