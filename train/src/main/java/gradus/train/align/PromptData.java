package gradus.train.align;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.train.TrainConfig;
import gradus.train.finetune.OpenBase;
import gradus.train.finetune.Tuned;
import gradus.train.finetune.TuningData;
import gradus.train.preference.PreferenceEncoder;
import gradus.train.preference.Prompt;
import gradus.train.preference.PromptFile;
import gradus.train.preference.PromptSplit;
import gradus.train.rl.ScoredPrompts;
import gradus.train.task.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/// Prompts that a model answers, and a reward model that pays for the answers: learning from people's
/// preferences by reinforcement. Ouyang et al. 2022, arXiv:2203.02155.
///
/// An answer ends with the token that ends a text; where the base has none, with the line.
public final class PromptData implements TuningData {
    private final AnswerFiles<Prompt> files;
    private final Path reward;
    private final PolicySettings policy;
    private final OptionalDouble missingEosPenalty;

    /// @param source            files as [PromptFile] has them
    /// @param reward            the folder of the reward model
    /// @param policy            how the policy learns
    /// @param missingEosPenalty taken from the score of an answer that did not end
    /// @throws gradus.error.ConfigException if the policy learns right answers by heart: scores tell better
    ///     ones only
    /// @throws gradus.error.DataException   naming file and line of a row without a prompt, or if there is none
    public PromptData(AnswerSource source, Path reward, PolicySettings policy, OptionalDouble missingEosPenalty) {
        require(
                policy.method() != AlignmentMethod.EXPERT,
                "expert learns right answers by heart, and a reward model does not say which are right");
        double penalty = missingEosPenalty.orElse(0);
        require(
                penalty >= 0 && Double.isFinite(penalty),
                "missingEosPenalty must be a number of at least 0; got %s",
                penalty);
        this.files = new AnswerFiles<>(source, "prompts", PromptFile::read, prompt -> prompt);
        this.reward = reward;
        this.policy = policy;
        this.missingEosPenalty = missingEosPenalty;
    }

    @Override
    public OpenBase base(OpenBase base) {
        return files.base(base);
    }

    @Override
    public Task task(Tuned tuned, OpenBase base, TrainConfig train, Path folder) {
        Tokenizer tokenizer = base.saved().text().tokenizer();
        RewardScore score = RewardScore.open(reward, tokenizer);
        PreferenceEncoder encoder = files.encoder(base);
        List<int[]> ids = files.rows().stream().map(encoder::prompt).toList();
        int context = Math.min(tuned.model().context(), score.context());
        int longest = policy.rollouts().maxCompletionLength();
        require(
                longest < context,
                "an answer of %d tokens and its prompt do not fit in the context of %d; lower max-completion-length",
                longest,
                context);
        Rng rng = Rng.of(train.loop().seed());
        PromptSplit split = files.split(context, row -> ids.get(row).length + longest, rng.at("held out"));
        ScoredPrompts prompts = new ScoredPrompts(
                split.learned().stream().map(ids::get).toList(),
                split.heldOut().stream().map(ids::get).toList(),
                end(base),
                score,
                score.fingerprint(),
                missingEosPenalty,
                rng.at("prompts"));
        return policy.task(tuned, base, train, prompts, Double.NaN);
    }

    /// What the model ends an answer with.
    private static int end(OpenBase base) {
        Tokenizer tokenizer = base.saved().text().tokenizer();
        if (!tokenizer.roles().eos().isEmpty()) {
            return tokenizer.roles().eos().getFirst();
        }
        if (!base.saved().ends().isEmpty()) {
            return base.saved().ends().iterator().next();
        }
        int line = tokenizer.tokenToId(TaskQuestions.LINE_END);
        require(
                line >= 0,
                "%s: the tokenizer has no token that ends a text or a line, so answers would not end",
                base.path());
        return line;
    }

    @Override
    public void save(Path out, OpenBase base) {
        files.save(out, base);
    }
}
