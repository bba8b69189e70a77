package gradus.train.align;

import gradus.layers.loss.alignment.PreferenceLoss;
import gradus.tensor.random.Rng;
import gradus.train.TrainConfig;
import gradus.train.finetune.OpenBase;
import gradus.train.finetune.Tuned;
import gradus.train.finetune.TuningData;
import gradus.train.preference.DirectPreference;
import gradus.train.preference.Preference;
import gradus.train.preference.PreferenceFile;
import gradus.train.preference.PreferencePairs;
import gradus.train.preference.PromptSplit;
import gradus.train.task.LanguageModelling.Sizes;
import gradus.train.task.Task;
import java.nio.file.Path;

/// Pairs of answers, of which a model learns to give the better one: direct preference optimisation and its
/// relatives.
public final class PreferenceData implements TuningData {
    private final AnswerFiles<Preference> files;
    private final Settings settings;

    /// @param loss           which loss
    /// @param beta           β of the loss
    /// @param labelSmoothing ε of the loss
    /// @param rpoAlpha       weight of the negative log-likelihood of the better answers
    public record Settings(PreferenceLoss loss, double beta, double labelSmoothing, double rpoAlpha) {
        /// @throws gradus.error.ConfigException if a number is out of range
        public Settings {
            new DirectPreference.Settings(new Sizes(1, 1), loss, beta, labelSmoothing, rpoAlpha); // it checks them
        }

        private DirectPreference.Settings of(Sizes sizes) {
            return new DirectPreference.Settings(sizes, loss, beta, labelSmoothing, rpoAlpha);
        }
    }

    /// @param source files as [PreferenceFile] has them
    /// @throws gradus.error.DataException naming file and line of a row that is no pair, or if there is none
    public PreferenceData(AnswerSource source, Settings settings) {
        this.files = pairs(source);
        this.settings = settings;
    }

    static AnswerFiles<Preference> pairs(AnswerSource source) {
        return new AnswerFiles<>(source, "pairs of answers", PreferenceFile::read, Preference::question);
    }

    /// Which pairs are learned and which are held out.
    static PromptSplit split(AnswerFiles<Preference> files, PreferencePairs all, int context, Rng rng) {
        return files.split(
                context,
                pair -> Math.max(all.chosen().length(pair), all.rejected().length(pair)),
                rng.at("held out"));
    }

    @Override
    public OpenBase base(OpenBase base) {
        return files.base(base);
    }

    @Override
    public Task task(Tuned tuned, OpenBase base, TrainConfig train, Path folder) {
        PreferencePairs all = files.encoder(base).encode(files.rows());
        Rng rng = Rng.of(train.loop().seed());
        PromptSplit split = split(files, all, tuned.model().context(), rng);
        return new DirectPreference(
                tuned.model(),
                all.some(split.learned()),
                all.some(split.heldOut()),
                settings.of(train.batches()),
                rng.at("batches"));
    }

    @Override
    public void save(Path out, OpenBase base) {
        files.save(out, base);
    }
}
