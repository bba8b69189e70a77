package gradus.train.rl;

import static gradus.error.ConfigException.require;

import gradus.layers.loss.alignment.Aggregation;
import gradus.layers.loss.alignment.ClippedSurrogate;
import gradus.layers.loss.alignment.TokenEntropy;
import gradus.layers.loss.alignment.ValueLoss;
import gradus.layers.model.ActorCritic;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Shape;
import gradus.train.rl.Experience.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Proximal policy optimisation with a critic. Schulman et al. 2017, arXiv:1707.06347; for language models
/// Ziegler et al. 2019, arXiv:1909.08593.
///
/// Every token is paid `-β·kl_t` for its departure from the reference, and the last one the reward of the
/// completion on top. [Gae] makes advantages A and returns R of that and of the critic's values; the advantages
/// are whitened over all completions of the iteration, the returns are not. The loss is
///
/// `mean max(-A·ρ, -A·clip(ρ, 1±ε)) + c_V·½·mean max((V - R)², (clip(V, V_old±ε_V) - R)²) - c_H·mean H`
///
/// with means over the tokens of all completions of a step.
///
/// As in TRL, and unlike the papers: a completion that was cut at the limit counts as ended, with nothing to
/// come; rewards are not whitened.
public final class PpoTask extends PolicyTask {
    private final ActorCritic model;
    private final ReferenceModel reference; // or null
    private final PpoConfig config;
    private final Tensor beta; // of this iteration, and of the next

    /// @param reference null where β is 0
    /// @throws gradus.error.ConfigException if something is missing, or the reference has another vocabulary
    public PpoTask(
            ActorCritic model,
            ReferenceModel reference,
            Environment environment,
            RolloutConfig rollouts,
            PpoConfig config,
            Rng rng) {
        super(
                model,
                model.policy(),
                environment,
                rollouts,
                rng,
                Column.REFERENCE_LOG_PROBS,
                Column.ADVANTAGES,
                Column.VALUES,
                Column.RETURNS);
        require(config != null, "ppo: a configuration must be given; got null");
        require(
                reference != null || config.kl().start() == 0,
                "ppo: with beta %s there must be a reference model",
                config.kl().start());
        if (reference != null) {
            reference.requireFits(model.policy());
        }
        this.model = model;
        this.reference = reference;
        this.config = config;
        this.beta = experience().one("kl_coef", Shape.of(2), config.kl().start());
    }

    @Override
    protected void prepare(Experience experience, List<CompletionRows> rows) {
        double[][] old = experience.get(Column.LOG_PROBS);
        double[][] base = reference == null ? old : reference.ask(other -> logProbs(other, rows));
        experience.put(Column.REFERENCE_LOG_PROBS, base);
        double now = beta.get(1);
        beta.set(now, config.kl().next(now, Divergence.mean(old, base), old.length));
        double[][] values = values(rows);
        double[][] paid = paid(experience, now);
        double[][] advantages = new double[values.length][];
        double[][] returns = new double[values.length][];
        for (int i = 0; i < values.length; i++) {
            Gae.Estimate estimate = config.gae().of(paid[i], values[i]);
            advantages[i] = estimate.advantages();
            returns[i] = estimate.returns();
        }
        experience.put(Column.VALUES, values);
        experience.put(Column.RETURNS, returns);
        experience.put(Column.ADVANTAGES, Whitening.of(advantages));
    }

    /// What each token is paid.
    private double[][] paid(Experience experience, double now) {
        double[] rewards = experience.rewards();
        double[][] paid = Divergence.each(
                config.klEstimator(), experience.get(Column.LOG_PROBS), experience.get(Column.REFERENCE_LOG_PROBS));
        for (int i = 0; i < paid.length; i++) {
            double[] own = paid[i];
            Arrays.setAll(own, t -> -now * own[t]);
            own[own.length - 1] += rewards[i];
        }
        return paid;
    }

    /// What the critic expects before each token.
    private double[][] values(List<CompletionRows> chunks) {
        List<double[]> all = new ArrayList<>();
        for (CompletionRows rows : chunks) {
            try (var pause = Autograd.noGrad();
                    var scope = Scope.open()) {
                Tensor states = rows.predicting(model.criticStates(rows.ids())); // (M, C)
                all.addAll(List.of(rows.ragged(rows.spread(model.values(states)))));
            }
        }
        return all.toArray(double[][]::new);
    }

    @Override
    protected Tensor loss(Minibatch part) {
        CompletionRows rows = part.rows();
        ActorCritic.States states = model.states(rows.ids());
        TokenScores scores = TokenScores.of(policy(), states.policy(), rows, config().temperature());
        Tensor logProbs = part.note("the log-probabilities", scores.logProbs()); // (B, T)
        Tensor values = part.note("the values", rows.spread(model.values(rows.predicting(states.critic())))); // (B, T)
        Tensor mask = rows.mask(logProbs); // (B, T)
        Tensor old = part.get(Column.LOG_PROBS, logProbs);
        Tensor advantages = part.get(Column.ADVANTAGES, logProbs);
        Tensor surrogate =
                ClippedSurrogate.of(logProbs, old, advantages, config.cliprange(), config.cliprange()); // (B, T)
        Tensor valueLoss = ValueLoss.of(
                values,
                part.get(Column.VALUES, values),
                part.get(Column.RETURNS, values),
                config.cliprangeValue()); // (B, T)
        Tensor policyLoss = mean(surrogate, mask); // ()
        Tensor criticLoss = mean(valueLoss, mask); // ()
        Tensor entropy = mean(rows.spread(TokenEntropy.of(scores.logits())), mask); // ()
        int tokens = rows.tokens();
        double[][] advantage = rows.ragged(advantages);
        ClipMetrics.measure(measured(), rows.ragged(logProbs.sub(old)), advantage, config.cliprange());
        measured().mean("policy/entropy_avg", entropy.item(), tokens);
        measured().mean("loss/policy_avg", policyLoss.item(), tokens);
        measured().mean("loss/value_avg", criticLoss.item(), tokens);
        measured().mean("val/clipfrac_avg", clippedValues(rows.ragged(values), part), tokens);
        Tensor loss = policyLoss.add(criticLoss.mul(config.vfCoef())); // ()
        return config.entropyCoef() == 0 ? loss : loss.sub(entropy.mul(config.entropyCoef()));
    }

    /// The share of values whose error counts after the clip.
    private double clippedValues(double[][] values, Minibatch part) {
        double[][] before = experience().get(Column.VALUES);
        double[][] returns = experience().get(Column.RETURNS);
        int clipped = 0;
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            int member = part.members()[i];
            for (int t = 0; t < values[i].length; t++, count++) {
                double old = before[member][t];
                double range = config.cliprangeValue();
                double kept = Math.clamp(values[i][t], old - range, old + range);
                double goal = returns[member][t];
                clipped += Math.abs(kept - goal) > Math.abs(values[i][t] - goal) ? 1 : 0;
            }
        }
        return clipped / (double) Math.max(1, count);
    }

    @Override
    protected void measure(StepMetrics metrics) {
        double[][] old = experience().get(Column.LOG_PROBS);
        double[][] base = experience().get(Column.REFERENCE_LOG_PROBS);
        double kl = Divergence.mean(old, base);
        double paid = -beta.get(0)
                * Arrays.stream(Divergence.each(config.klEstimator(), old, base))
                        .mapToDouble(own -> Arrays.stream(own).sum())
                        .average()
                        .orElseThrow();
        double score = Arrays.stream(experience().rewards()).average().orElseThrow();
        double surprise = Arrays.stream(old)
                .mapToDouble(own -> -Arrays.stream(own).sum())
                .average()
                .orElseThrow();
        metrics.mean("objective/kl", kl, 1);
        metrics.mean("objective/entropy", surprise, 1);
        metrics.mean("objective/non_score_reward", paid, 1);
        metrics.mean("objective/rlhf_reward", score + paid, 1);
        metrics.mean("objective/scores", score, 1);
    }

    private static Tensor mean(Tensor each, Tensor mask) {
        return Aggregation.BNPO.of(each, mask); // ()
    }

    @Override
    protected long counted(Minibatch part) {
        return part.rows().tokens();
    }

    @Override
    protected String settings() {
        return "ppo " + config;
    }
}
