package gradus.train.align;

import static gradus.error.ConfigException.require;

import gradus.error.ConfigException;
import gradus.error.TokenizerException;
import gradus.layers.model.ActorCritic;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.ValueHead;
import gradus.tensor.Autograd;
import gradus.tensor.Indices;
import gradus.tensor.Rng;
import gradus.tensor.Scope;
import gradus.tensor.Shape;
import gradus.tokenizer.Tokenizer;
import gradus.train.TrainConfig;
import gradus.train.finetune.OpenBase;
import gradus.train.finetune.Tuned;
import gradus.train.finetune.TuningData;
import gradus.train.rl.ExpertIteration;
import gradus.train.rl.GroupAdvantage;
import gradus.train.rl.GroupPolicyConfig;
import gradus.train.rl.GroupPolicyTask;
import gradus.train.rl.PpoConfig;
import gradus.train.rl.PpoTask;
import gradus.train.rl.ReferenceModel;
import gradus.train.rl.RolloutConfig;
import gradus.train.rl.verifiable.Answers;
import gradus.train.rl.verifiable.Reward;
import gradus.train.rl.verifiable.VerifiableTask;
import gradus.train.task.Task;
import java.nio.file.Path;
import java.util.Locale;

/// Questions whose answers a program can check, from which a model learns by what its answers are paid. An
/// answer ends with the line.
///
/// @param task     gives the questions and grades the answers
/// @param settings of the learning
public record AlignmentData(VerifiableTask task, Settings settings) implements TuningData {
    private static final String LINE_END = "\n";

    /// @param method    how it learns
    /// @param rollouts  how many completions are drawn and how often they are used
    /// @param groups    of a method that compares completions of one prompt
    /// @param ppo       of PPO
    /// @param format    what an answer of the right form is paid
    /// @param answer    what the right answer is paid on top
    /// @param heldOut   how many questions are only measured on
    public record Settings(
            AlignmentMethod method,
            RolloutConfig rollouts,
            GroupPolicyConfig groups,
            PpoConfig ppo,
            double format,
            double answer,
            int heldOut) {

        /// @throws gradus.error.ConfigException if numbers do not fit together
        public Settings {
            require(
                    method != null && rollouts != null && groups != null && ppo != null,
                    "alignment: method and settings must be given");
            require(
                    method != AlignmentMethod.DPO,
                    "alignment: dpo learns from pairs of answers, and these are questions");
            rollouts.validate();
            int compared = groups.advantage() == GroupAdvantage.BATCH_CENTRED
                    ? rollouts.completions()
                    : rollouts.numGenerations();
            require(
                    method.groups().isEmpty() || compared >= 2,
                    "%s compares answers with each other, so there must be at least 2; got %d",
                    method.name().toLowerCase(Locale.ROOT),
                    compared);
        }

        /// β, the price of departing from the base.
        double beta() {
            return switch (method) {
                case PPO -> ppo.kl().start();
                case EXPERT -> 0;
                default -> groups.beta();
            };
        }
    }

    /// The task of learning, see [#questions].
    @Override
    public Task task(Tuned tuned, OpenBase base, TrainConfig train, Path folder) {
        LanguageModel policy = tuned.model();
        Rng rng = Rng.of(train.loop().seed());
        Answers answers = questions(base.saved().text().tokenizer(), rng.at("questions"));
        int longest = answers.problem(0).prompt().length + settings.rollouts.maxCompletionLength();
        require(
                longest <= policy.context(),
                "%s: a question and an answer of %d tokens do not fit in the base's context of %d; lower"
                        + " max-completion-length",
                task,
                settings.rollouts.maxCompletionLength(),
                policy.context());
        RolloutConfig rollouts =
                settings.rollouts.withAccumulation(train.batches().accumulation());
        Rng own = rng.at("alignment");
        return switch (settings.method) {
            case PPO ->
                new PpoTask(
                        ActorCritic.shared(policy, new ValueHead(states(policy))),
                        reference(tuned, base),
                        answers,
                        rollouts,
                        settings.ppo,
                        own);
            case EXPERT -> new ExpertIteration(policy, answers, rollouts, settings.format + settings.answer, own);
            default -> new GroupPolicyTask(policy, reference(tuned, base), answers, rollouts, settings.groups, own);
        };
    }

    /// The questions as tokens.
    private Answers questions(Tokenizer tokenizer, Rng rng) {
        try {
            tokenizer.encode(task.alphabet());
        } catch (TokenizerException unknown) {
            throw new ConfigException(
                    task + ": the base's tokenizer does not know all of its characters: " + unknown.getMessage());
        }
        int[] end = tokenizer.encode(LINE_END);
        require(
                end.length == 1 && tokenizer.decode(end).equals(LINE_END),
                "%s: the base's tokenizer has no token for the end of a line, which ends an answer",
                task);
        return new Answers(task, tokenizer, end[0], Reward.of(settings.format, settings.answer), settings.heldOut, rng);
    }

    /// C, the channels of the states.
    private static int states(LanguageModel policy) {
        boolean training = policy.training();
        policy.eval();
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            return policy.hiddenStates(Indices.of(Shape.of(1, 1), new int[1])).dim(-1);
        } finally {
            if (training) {
                policy.train();
            }
        }
    }

    /// The base as it was: without its adapter, or opened once more. Null where nobody asks for it.
    private ReferenceModel reference(Tuned tuned, OpenBase base) {
        if (settings.beta() == 0) {
            return null;
        }
        if (tuned.adapter() != null) {
            return ReferenceModel.withoutAdapters(tuned.model(), tuned.adapter());
        }
        return ReferenceModel.frozen(OpenBase.of(base.path()).model());
    }
}
