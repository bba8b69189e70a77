package gradus.train.align;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;
import gradus.tokenizer.SpecialTokens;
import gradus.train.TrainConfig;
import gradus.train.finetune.OpenBase;
import gradus.train.finetune.Tuned;
import gradus.train.finetune.TuningData;
import gradus.train.preference.Preference;
import gradus.train.preference.PreferencePairs;
import gradus.train.preference.PromptSplit;
import gradus.train.preference.RewardModelling;
import gradus.train.pretrained.RewardFolder;
import gradus.train.task.LanguageModelling.Sizes;
import gradus.train.task.Task;
import java.nio.file.Path;
import java.util.Set;

/// Pairs of answers, from which a [RewardTuning] learns to give the better one the higher score.
///
/// Departure from TRL: what a chat template writes behind the token that closes an answer is not read. The
/// score is that of the last token, and what a policy writes later ends with the token that closes it.
public final class RewardData implements TuningData {
    private final AnswerFiles<Preference> files;
    private final double centring;

    /// @param source   files as [gradus.train.preference.PreferenceFile] has them
    /// @param centring TRL's `center_rewards_coefficient`, at least 0
    /// @throws gradus.error.ConfigException if centring is out of range
    /// @throws gradus.error.DataException   naming file and line of a row that is no pair, or if there is none
    public RewardData(AnswerSource source, double centring) {
        new RewardModelling.Settings(new Sizes(1, 1), centring); // it checks it
        this.files = PreferenceData.pairs(source);
        this.centring = centring;
    }

    @Override
    public OpenBase base(OpenBase base) {
        return files.base(base);
    }

    /// @throws gradus.error.ConfigException if no reward model is tuned
    @Override
    public Task task(Tuned tuned, OpenBase base, TrainConfig train, Path folder) {
        require(tuned instanceof RewardTuning.Scored, "rm: a reward model is trained as a whole");
        RewardTuning.Scored scored = (RewardTuning.Scored) tuned;
        SpecialTokens roles = base.saved().text().tokenizer().roles();
        PreferencePairs all = files.encoder(base).encode(files.rows()).endingWith(Set.copyOf(roles.eos()));
        Rng rng = Rng.of(train.loop().seed());
        PromptSplit split = PreferenceData.split(files, all, scored.model().context(), rng);
        int padding = RewardFolder.padding(
                base.saved().text().tokenizer(), base.saved().generation());
        return new RewardModelling(
                scored.reward(),
                all.some(split.learned()),
                all.some(split.heldOut()),
                new RewardModelling.Settings(train.batches(), centring, padding),
                rng.at("batches"));
    }
}
