package gradus.lessons.lab.align;

import gradus.layers.loss.alignment.Rloo;
import gradus.tensor.Tensor;

/// How the G answers to one prompt are compared with each other.
public enum GroupRule {
    /// `(R - mean)/(std + 1e-4)`, with the unbiased standard deviation. arXiv:2402.03300
    GRPO("grpo") {
        @Override
        Tensor of(Tensor groups) {
            Tensor centred = groups.sub(groups.mean(1, true)); // (M, G)
            return centred.div(groups.std(1, 1, true).add(EPS)); // (M, G)
        }
    },
    /// `R - mean`. arXiv:2503.20783
    DR_GRPO("dr_grpo") {
        @Override
        Tensor of(Tensor groups) {
            return groups.sub(groups.mean(1, true)); // (M, G)
        }
    },
    /// `R - mean of the others`. arXiv:2402.14740
    RLOO("rloo") {
        @Override
        Tensor of(Tensor groups) {
            return Rloo.advantages(groups.reshape(-1), groups.dim(1)).reshape(groups.dim(0), groups.dim(1));
        }
    };

    private static final double EPS = 1e-4;

    private final String title;

    GroupRule(String title) {
        this.title = title;
    }

    /// For tables.
    public String title() {
        return title;
    }

    abstract Tensor of(Tensor groups);

    /// The advantages, without a gradient.
    ///
    /// **Shapes** rewards (M·G), a group after the other → (M·G, 1)
    public Tensor advantages(Tensor rewards, int group) {
        return of(rewards.detach().reshape(-1, group)).reshape(-1, 1);
    }
}
