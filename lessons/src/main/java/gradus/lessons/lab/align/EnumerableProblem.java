package gradus.lessons.lab.align;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.Arrays;

/// A problem of alignment whose answers can all be listed: what each is worth, where the policy starts, and
/// what it costs to leave that reference.
///
/// @param name      for tables
/// @param outcomes  the answers
/// @param rewards   r of each answer, N
/// @param reference the reference's logits, (S, V); in float64 where the last digits count
/// @param beta      β, the price of a nat of divergence from the reference
public record EnumerableProblem(String name, Outcomes outcomes, double[] rewards, Tensor reference, double beta) {

    /// @throws gradus.error.ConfigException if the numbers do not fit the answers, or β is not above 0
    public EnumerableProblem {
        require(
                rewards.length == outcomes.count(),
                "%s: there must be a reward for each of %s answers; got %s",
                name,
                outcomes.count(),
                rewards.length);
        require(
                Arrays.stream(rewards).allMatch(Double::isFinite),
                "%s: rewards must be finite; got %s",
                name,
                Arrays.toString(rewards));
        require(beta > 0 && Double.isFinite(beta), "%s: beta must be above 0; got %s", name, beta);
        rewards = rewards.clone();
    }

    /// Five arms. The best one has the reference's smallest probability, so each way of staying near the
    /// reference shows.
    public static EnumerableProblem bandit() {
        double[] reference = {0.4, 0.3, 0.15, 0.1, 0.05};
        return new EnumerableProblem(
                "bandit",
                new Outcomes(5, 1),
                new double[] {0, 0.3, 0.5, 0.8, 1},
                Tensor.of(Arrays.stream(reference).map(Math::log).toArray(), 1, 5),
                0.25);
    }

    /// The 27 answers of three tokens from a vocabulary of three, with rewards and a reference drawn once: a
    /// reward for each answer, which no sum over tokens could give.
    public static EnumerableProblem sequences() {
        Outcomes outcomes = new Outcomes(3, 3);
        Rng rng = Rng.of(15).at("sequences");
        double[] rewards = new double[outcomes.count()];
        Arrays.setAll(rewards, n -> rng.at("reward").uniform(n));
        Tensor reference = Tensor.randn(rng.at("reference"), outcomes.states(), outcomes.vocabulary())
                .to(DType.FLOAT64)
                .mul(0.7);
        return new EnumerableProblem("27 sequences", outcomes, rewards, reference, 0.25);
    }

    /// The rewards as a column.
    ///
    /// **Shapes** → (N, 1)
    public Tensor rewardColumn() {
        return Tensor.of(rewards, rewards.length, 1).to(reference.dtype());
    }

    /// The reference's probability of each answer.
    public double[] referenceProbs() {
        return outcomes.probs(reference).toArray();
    }
}
