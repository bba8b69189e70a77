package gradus.train.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.model.ActorCritic;
import gradus.layers.model.Gpt;
import gradus.layers.model.ValueHead;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.rl.Experience.Column;
import gradus.train.schedule.ScheduleKind;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PpoTaskTest {
    private static final RolloutConfig ROLLOUTS = new RolloutConfig(8, 1, Toys.LIMIT, 0.8, 1, 1, 1);
    private static final Rng RNG = Rng.of(14);
    private static final double EPS = 1e-9; // in double; whitening divides by spreads of about 1
    private static final double BETA = 0.3;

    private final Gpt gpt = Toys.gpt(1, DType.FLOAT64);
    private final Gpt base = Toys.gpt(1, DType.FLOAT64);

    private ActorCritic actorCritic() {
        ValueHead head = new ValueHead(Toys.SIZE.dim());
        head.to(DType.FLOAT64);
        head.namedParameters().get("weight").set(0.3, -0.2, 0.5, 0.1, -0.4, 0.2, 0.6, -0.1);
        head.namedParameters().get("bias").set(0.7);
        return ActorCritic.shared(gpt, head);
    }

    private PpoTask task(ActorCritic model, RolloutConfig rollouts) {
        Toys.move(gpt, 0.2);
        PpoConfig config =
                PpoConfig.defaults().withKl(new KlControl.Fixed(BETA)).withGae(new Gae(0.9, 0.8));
        return new PpoTask(model, ReferenceModel.frozen(base), Toys.threes(), rollouts, config, RNG);
    }

    /// The values of the states before each token of a completion: from a whole pass over it alone.
    private static double[] values(ActorCritic model, int[] prompt, int[] tokens) {
        int[] ids = Arrays.copyOf(prompt, prompt.length + tokens.length);
        System.arraycopy(tokens, 0, ids, prompt.length, tokens.length);
        Tensor all = model.values(model.criticStates(Indices.of(ids).reshape(1, ids.length))); // (1, P + L)
        return Arrays.copyOfRange(all.toArray(), prompt.length - 1, ids.length - 1);
    }

    /// All columns by loops: what is paid, δ, A and R of each completion, then whitening over all tokens.
    @Test
    void advantagesAndReturnsByLoops() {
        ActorCritic model = actorCritic();
        PpoTask task = task(model, ROLLOUTS);
        task.parts(0);
        List<Completion> completions = task.experience().completions();
        List<int[]> prompts = Toys.prompts(Toys.threes(), ROLLOUTS, 0);
        double[][] advantages = new double[completions.size()][];
        double sum = 0;
        int count = 0;
        for (int i = 0; i < completions.size(); i++) {
            int[] own = completions.get(i).tokens();
            double[] p = Toys.plainLogProbs(gpt, prompts.get(i), own, 0.8).toArray();
            double[] q = Toys.plainLogProbs(base, prompts.get(i), own, 0.8).toArray();
            double[] v = values(model, prompts.get(i), own);
            advantages[i] = new double[own.length];
            double[] returns = new double[own.length];
            double later = 0;
            for (int t = own.length - 1; t >= 0; t--) {
                double r = -BETA * (p[t] - q[t]);
                if (t == own.length - 1) {
                    r += Toys.threes().problem(0).reward(completions.get(i));
                }
                double delta = r + (t + 1 < own.length ? 0.9 * v[t + 1] : 0) - v[t];
                later = delta + 0.9 * 0.8 * later;
                advantages[i][t] = later;
                returns[t] = later + v[t];
                sum += later;
                count++;
            }
            assertThat(task.experience().get(Column.VALUES)[i]).containsExactly(v, within(EPS));
            assertThat(task.experience().get(Column.RETURNS)[i]).containsExactly(returns, within(EPS));
        }
        double squares = 0;
        for (double[] row : advantages) {
            for (double each : row) {
                squares += Math.pow(each - sum / count, 2);
            }
        }
        double[][] white = task.experience().get(Column.ADVANTAGES);
        for (int i = 0; i < white.length; i++) {
            double mean = sum / count;
            double scale = Math.sqrt(squares / (count - 1) + 1e-8);
            double[] expected =
                    Arrays.stream(advantages[i]).map(a -> (a - mean) / scale).toArray();
            assertThat(white[i]).containsExactly(expected, within(EPS));
        }
    }

    /// In the first pass ρ = 1 and V = V_old, so that the loss is `-mean A + c·½·mean (V - R)²` and its
    /// gradient that of `-mean A·log π + c·½·mean (V - R)²`.
    @Test
    void theFirstGradientIsThatOfReinforceAndOfTheCritic() {
        ActorCritic model = actorCritic();
        PpoTask task = task(model, ROLLOUTS);
        double[] found = Toys.gradient(task, 0);
        double[][] advantages = task.experience().get(Column.ADVANTAGES);
        double[][] returns = task.experience().get(Column.RETURNS);
        List<Completion> completions = task.experience().completions();
        List<int[]> prompts = Toys.prompts(Toys.threes(), ROLLOUTS, 0);
        int tokens = completions.stream().mapToInt(Completion::length).sum();
        model.parameters().forEach(Tensor::zeroGrad);
        for (int i = 0; i < completions.size(); i++) {
            int[] own = completions.get(i).tokens();
            int[] prompt = prompts.get(i);
            int[] ids = Arrays.copyOf(prompt, prompt.length + own.length);
            System.arraycopy(own, 0, ids, prompt.length, own.length);
            Tensor v = model.values(model.criticStates(Indices.of(ids).reshape(1, ids.length)))
                    .reshape(ids.length)
                    .slice(0, prompt.length - 1, ids.length - 1); // (L)
            Tensor critic =
                    v.sub(Tensor.of(returns[i], own.length)).square().sum().mul(0.1 * 0.5 / tokens);
            Tensor actor = Toys.plainLogProbs(gpt, prompt, own, 0.8)
                    .mul(Tensor.of(advantages[i], own.length))
                    .sum()
                    .mul(-1.0 / tokens);
            actor.add(critic).backward();
        }
        assertThat(found).containsExactly(Toys.gradients(model), within(EPS));
    }

    @Test
    void partsAddUpToTheWhole() {
        ActorCritic model = actorCritic();
        PpoTask whole = task(model, ROLLOUTS);
        double[] expected = Toys.gradient(whole, 0);
        PpoTask parts = new PpoTask(
                model,
                ReferenceModel.frozen(base),
                Toys.threes(),
                ROLLOUTS.withAccumulation(4),
                PpoConfig.defaults().withKl(new KlControl.Fixed(BETA)).withGae(new Gae(0.9, 0.8)),
                RNG);
        assertThat(Toys.gradient(parts, 0)).containsExactly(expected, within(EPS));
    }

    @Test
    void aSeparateCriticLeavesThePolicyAlone() {
        Gpt other = new Gpt(Toys.SIZE.withDim(4), RNG);
        other.to(DType.FLOAT64);
        ValueHead head = new ValueHead(4);
        head.to(DType.FLOAT64);
        ActorCritic model = ActorCritic.separate(gpt, other, head);
        PpoTask task = new PpoTask(
                model,
                null,
                new Toys.Problems(completion -> 0),
                ROLLOUTS,
                PpoConfig.defaults().withKl(new KlControl.Fixed(0)),
                RNG);
        Toys.gradient(task, 0); // no reward, no value, no advantage
        assertThat(Toys.gradients(gpt)).satisfies(Toys::allZero);
        head.namedParameters().get("bias").set(1);
        PpoTask expecting = new PpoTask(
                model,
                null,
                new Toys.Problems(completion -> 0),
                ROLLOUTS,
                PpoConfig.defaults().withKl(new KlControl.Fixed(0)),
                RNG);
        Toys.gradient(expecting, 0);
        assertThat(head.namedParameters().get("bias").grad().item()).isPositive(); // it expected too much
    }

    @Test
    void betaFollowsTheDivergence() {
        Toys.move(gpt, 0.2);
        var kl = new KlControl.Adaptive(0.5, 1e-3, 16); // the divergence is far above its target
        PpoTask task = new PpoTask(
                actorCritic(),
                ReferenceModel.frozen(base),
                Toys.threes(),
                ROLLOUTS,
                PpoConfig.defaults().withKl(kl),
                RNG);
        task.parts(0);
        assertThat(task.state().get("rollouts.kl_coef").toArray()).containsExactly(0.5, 0.5 * (1 + 0.2 * 8 / 16));
        task.parts(1);
        assertThat(task.state().get("rollouts.kl_coef").get(0)).isEqualTo(0.5 * (1 + 0.2 * 8 / 16));
    }

    @Test
    void metricsHaveTrlsNames() {
        PpoTask task = task(actorCritic(), ROLLOUTS);
        Toys.gradient(task, 0);
        assertThat(task.metrics())
                .containsKeys(
                        "objective/kl",
                        "objective/entropy",
                        "objective/non_score_reward",
                        "objective/rlhf_reward",
                        "objective/scores",
                        "policy/approxkl_avg",
                        "policy/clipfrac_avg",
                        "policy/entropy_avg",
                        "loss/policy_avg",
                        "loss/value_avg",
                        "val/ratio",
                        "val/ratio_var",
                        "val/clipfrac_avg");
        assertThat(task.metrics().get("val/ratio")).isEqualTo(1, within(EPS));
        assertThat(task.metrics().get("policy/clipfrac_avg")).isZero();
        assertThat(task.metrics().get("objective/rlhf_reward"))
                .isEqualTo(
                        task.metrics().get("objective/scores") + task.metrics().get("objective/non_score_reward"),
                        within(EPS));
        assertThat(task.metrics().get("objective/non_score_reward"))
                .isEqualTo(-BETA * task.metrics().get("objective/kl"), within(EPS));
    }

    @Test
    void learnsWhatIsPaid() {
        Gpt policy = Toys.gpt(1, DType.FLOAT32);
        TrainConfig config = TrainConfig.defaults()
                .withSteps(160)
                .withSchedule(ScheduleKind.CONSTANT)
                .withLr(1e-2)
                .withWarmup(0)
                .withWeightDecay(0)
                .withEvalEvery(0);
        PpoTask task = new PpoTask(
                ActorCritic.shared(policy, new ValueHead(Toys.SIZE.dim())),
                null,
                Toys.threes(),
                ROLLOUTS.withPrompts(24).withNumIterations(2).withMinibatches(2),
                PpoConfig.defaults().withKl(new KlControl.Fixed(0)),
                RNG);
        Trainer.of(task, config).run();
        assertThat(task.evaluate(0).orElseThrow()).isEqualTo(-5, within(1e-9)); // five 3s
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new PpoTask(actorCritic(), null, Toys.threes(), ROLLOUTS, PpoConfig.defaults(), RNG))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("reference");
        assertThatThrownBy(() -> PpoConfig.defaults().withCliprange(0))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("cliprange");
        assertThatThrownBy(() -> PpoConfig.defaults().withVfCoef(-1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> PpoConfig.defaults().withEntropyCoef(Double.NaN))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> ActorCritic.separate(gpt, gpt, new ValueHead(8)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("another model");
        assertThatThrownBy(() -> ActorCritic.separate(gpt, new Gpt(Toys.SIZE.withVocabSize(9), RNG), new ValueHead(8)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("of 9");
        assertThatThrownBy(() -> new ValueHead(0)).isInstanceOf(ConfigException.class);
    }
}
