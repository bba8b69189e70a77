package gradus.train.rl;

import static gradus.error.ConfigException.require;

import gradus.layers.Layer;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.generate.Sampling;
import gradus.train.rl.Experience.Column;
import gradus.train.task.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/// What all tasks have in common that learn from what the policy itself writes. An iteration draws completions
/// with the weights as they are and has them paid; then some steps learn from them. What they learn is said by
/// [GroupPolicyTask], [PpoTask] and [ExpertIteration], or by a class of one's own. It says what it needs to
/// know of each completion before the first step, and the loss of some of them:
///
/// ```java
/// final class RewardWeighted extends PolicyTask { // learns what was paid more the more
///     RewardWeighted(LanguageModel policy, Environment environment, RolloutConfig rollouts, Rng rng) {
///         super(policy, policy, environment, rollouts, rng, Column.ADVANTAGES);
///     }
///
///     protected void prepare(Experience experience, List<CompletionRows> rows) {
///         double[] weights = Arrays.stream(experience.rewards()).map(Math::exp).toArray();
///         experience.put(Column.ADVANTAGES, experience.perToken(weights));
///     }
///
///     protected Tensor loss(Minibatch part) {
///         TokenScores scores = TokenScores.of(policy(), part.rows(), config().temperature());
///         Tensor weights = part.get(Column.ADVANTAGES, scores.logProbs()); // (B, T)
///         return scores.logProbs().mul(weights).sum().div(-counted(part)); // ()
///     }
///
///     protected long counted(Minibatch part) {
///         return part.rows().tokens();
///     }
///
///     protected String settings() {
///         return "reward-weighted";
///     }
/// }
/// ```
///
/// Dropout is off, in the steps too: the completions were drawn without it, and the ratio of a policy to itself
/// must be 1. Everything random follows from the number of the iteration. The completions, and what was
/// computed of them before the first step, belong to the [#state], so that a training that was interrupted
/// between two steps of an iteration goes on with the same ones.
public abstract class PolicyTask implements Task {
    private final Layer model;
    private final LanguageModel policy;
    private final Environment environment;
    private final RolloutConfig config;
    private final Experience experience;
    private final Rng rng;
    private final StepMetrics measured = new StepMetrics();
    private List<Problem> problems = List.of(); // of the iteration in the experience
    private int problemsOf = -1;

    /// @param model   what is trained: the policy, or something that holds it
    /// @param columns what the task keeps of each token, besides [Column#LOG_PROBS]
    /// @throws gradus.error.ConfigException if something is missing, or the policy is not causal
    protected PolicyTask(
            Layer model,
            LanguageModel policy,
            Environment environment,
            RolloutConfig config,
            Rng rng,
            Column... columns) {
        require(
                policy != null && environment != null && config != null && rng != null,
                "rl: a policy, an environment, a configuration and random numbers must be given");
        require(
                policy.cacheable(),
                "%s: what a token sees depends on what follows it, so completions cannot be drawn and rated alike",
                policy.getClass().getSimpleName());
        this.model = model;
        this.policy = policy;
        this.environment = environment;
        this.config = config.validate();
        this.experience = new Experience(config.completions(), config.maxCompletionLength(), columns);
        this.rng = rng;
    }

    // --- what a task says

    /// Computes what the steps need of the completions, before the first of them: with the weights that drew
    /// them, in evaluation and without gradients.
    ///
    /// @param experience holds completions and rewards, and keeps what is computed of them
    /// @param rows       all prompts and completions, in order, in chunks
    protected abstract void prepare(Experience experience, List<CompletionRows> rows);

    /// Measures what the task knows of the completions of the iteration; nothing by default.
    protected void measure(StepMetrics metrics) {}

    /// The loss of a part, in evaluation: without dropout.
    ///
    /// **Shapes** → ()
    protected abstract Tensor loss(Minibatch part);

    /// How many targets the loss of a part is a mean over: the parts of a step are weighted by it.
    protected abstract long counted(Minibatch part);

    // --- iterations

    /// The policy.
    public final LanguageModel policy() {
        return policy;
    }

    /// How completions are drawn, and how often they are used.
    protected final RolloutConfig config() {
        return config;
    }

    /// The completions of the iteration, and what was computed of them.
    protected final Experience experience() {
        return experience;
    }

    /// Takes the numbers of the step that is computed.
    protected final StepMetrics measured() {
        return measured;
    }

    @Override
    public final Layer model() {
        return model;
    }

    @Override
    public final List<Minibatch> parts(int step) {
        int iteration = step / config.steps();
        if (!experience.isOf(iteration)) {
            collect(iteration);
        }
        measured.clear();
        experience.measure(measured, config.numGenerations());
        measure(measured);
        int within = step % config.steps();
        int[] order = order(iteration, within / config.minibatches());
        int size = order.length / config.minibatches() / config.accumulation();
        int from = within % config.minibatches() * config.accumulation() * size;
        List<Completion> completions = experience.completions();
        List<Minibatch> parts = new ArrayList<>();
        for (int part = 0; part < config.accumulation(); part++, from += size) {
            int[] members = Arrays.copyOfRange(order, from, from + size);
            parts.add(new Minibatch(members, rows(iteration, completions, members)));
        }
        return parts;
    }

    private void collect(int iteration) {
        try (var pause = Autograd.noGrad()) {
            Rollouts rollouts = new Rollouts(
                    policy,
                    Sampling.defaults().withTemperature(config.temperature()),
                    environment.end(),
                    config.maxCompletionLength());
            List<Problem> asked = problems(iteration);
            List<Completion> completions = rollouts.groups(
                    asked.stream().map(Problem::prompt).toList(),
                    config.numGenerations(),
                    rng.at("rollouts").at(iteration));
            experience.store(completions, paid(asked, completions));
            boolean training = model.training();
            model.eval();
            try {
                prepare(experience, inChunks(iteration));
            } finally {
                if (training) {
                    model.train();
                }
            }
            experience.complete(iteration);
        }
    }

    private double[] paid(List<Problem> asked, List<Completion> completions) {
        List<Problem> each = new ArrayList<>();
        for (int i = 0; i < completions.size(); i++) {
            each.add(asked.get(i / config.numGenerations()));
        }
        return environment.finiteRewards(each, completions);
    }

    private List<Problem> problems(int iteration) {
        if (problemsOf != iteration) {
            List<Problem> fresh = new ArrayList<>();
            for (int p = 0; p < config.prompts(); p++) {
                fresh.add(environment.problem((long) iteration * config.prompts() + p));
            }
            problems = fresh;
            problemsOf = iteration;
        }
        return problems;
    }

    private CompletionRows rows(int iteration, List<Completion> completions, int[] members) {
        List<int[]> prompts = new ArrayList<>();
        List<int[]> answers = new ArrayList<>();
        for (int member : members) {
            prompts.add(
                    problems(iteration).get(member / config.numGenerations()).prompt());
            answers.add(completions.get(member).tokens());
        }
        return CompletionRows.of(prompts, answers);
    }

    /// All completions in order, no more together than a step computes together.
    private List<CompletionRows> inChunks(int iteration) {
        int size = config.completions() / config.minibatches() / config.accumulation();
        List<Completion> completions = experience.completions();
        List<CompletionRows> chunks = new ArrayList<>();
        for (int from = 0; from < completions.size(); from += size) {
            int first = from;
            int[] members = new int[size];
            Arrays.setAll(members, i -> first + i);
            chunks.add(rows(iteration, completions, members));
        }
        return chunks;
    }

    /// log p of each token under a model, at the temperature of the draws, without gradients.
    ///
    /// @param chunks what [#prepare] is given
    /// @return for each completion, one number for each of its tokens
    protected final double[][] logProbs(LanguageModel rater, List<CompletionRows> chunks) {
        List<double[]> all = new ArrayList<>();
        for (CompletionRows rows : chunks) {
            try (var pause = Autograd.noGrad();
                    var scope = Scope.open()) {
                all.addAll(List.of(rows.ragged(
                        TokenScores.of(rater, rows, config.temperature()).logProbs())));
            }
        }
        return all.toArray(double[][]::new);
    }

    /// Fisher and Yates's shuffle of the completions for an epoch.
    private int[] order(int iteration, int epoch) {
        Rng picks = rng.at("order").at(iteration).at(epoch);
        int[] order = new int[config.completions()];
        for (int i = 0; i < order.length; i++) {
            int j = picks.index(i, i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    // --- a part of a step

    /// Some of the completions.
    public final class Minibatch implements Part {
        private final int[] members;
        private final CompletionRows rows;
        private final SequencedMap<String, Tensor> computed = new LinkedHashMap<>();

        private Minibatch(int[] members, CompletionRows rows) {
            this.members = members;
            this.rows = rows;
        }

        /// Which completions these are: their numbers within the iteration.
        public int[] members() {
            return members.clone();
        }

        /// Their prompts and tokens.
        public CompletionRows rows() {
            return rows;
        }

        /// What was computed of their tokens before the first step.
        ///
        /// **Shapes** → (B, T), with the type of the other tensor; 0 behind the end of a completion
        ///
        /// @throws gradus.error.ConfigException if the task keeps no such column
        public Tensor get(Column column, Tensor like) {
            double[][] all = experience.get(column);
            double[][] own = new double[members.length][];
            Arrays.setAll(own, i -> all[members[i]]);
            return rows.layOut(own, like);
        }

        /// Remembers a tensor on the way to the loss, to be named if the loss is not finite.
        public Tensor note(String name, Tensor tensor) {
            computed.put(name, tensor);
            return tensor;
        }

        @Override
        public long counted() {
            return PolicyTask.this.counted(this);
        }

        @Override
        public long tokens() {
            return rows.ids().size();
        }

        @Override
        public Tensor loss() {
            boolean training = model.training();
            model.eval(); // no dropout, as when the completions were drawn
            try {
                return PolicyTask.this.loss(this); // ()
            } finally {
                if (training) {
                    model.train();
                }
            }
        }

        @Override
        public SequencedMap<String, Tensor> computed() {
            return computed;
        }
    }

    // --- measuring

    /// The numbers of the last step by TRL's names: those of the completions it learned from, and those of the
    /// loss.
    @Override
    public final SequencedMap<String, Double> metrics() {
        return measured.all();
    }

    /// Minus the mean reward of greedy completions of the problems that are held out.
    ///
    /// @param batches of as many problems as an iteration has; 0 for all of them
    @Override
    public final OptionalDouble evaluate(int batches) {
        int all = environment.heldOut().size();
        if (all == 0) {
            return OptionalDouble.empty();
        }
        int count = (int) Math.min(all, batches == 0 ? all : (long) batches * config.prompts());
        double reward = new HeldOut(policy, environment, config.maxCompletionLength()).greedyReward(count);
        return OptionalDouble.of(0 - reward); // not -reward, which for 0 is -0
    }

    // --- resuming

    /// What the task is besides its problems, by which a resume recognises it.
    protected abstract String settings();

    @Override
    public final String fingerprint() {
        return fingerprint(environment.fingerprint(), settings());
    }

    @Override
    public final List<String> formerFingerprints() {
        return List.of(fingerprint(environment.formerFingerprint(), formerSettings()));
    }

    private String fingerprint(String of, String settings) {
        return "%s %s %s %s".formatted(of, config, settings, Long.toHexString(rng.key()));
    }

    /// What [#settings] were in earlier versions of the library.
    String formerSettings() {
        return settings();
    }

    /// The completions of the iteration, and what was computed of them.
    @Override
    public final SequencedMap<String, Tensor> state() {
        return experience.state();
    }
}
