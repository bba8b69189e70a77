package gradus.train.align;

import gradus.layers.loss.alignment.UnpairedLoss;
import gradus.tensor.random.Rng;
import gradus.train.TrainConfig;
import gradus.train.finetune.OpenBase;
import gradus.train.finetune.Tuned;
import gradus.train.finetune.TuningData;
import gradus.train.preference.KahnemanTversky;
import gradus.train.preference.LabelledAnswer;
import gradus.train.preference.LabelledAnswers;
import gradus.train.preference.PromptSplit;
import gradus.train.preference.UnpairedFile;
import gradus.train.task.LanguageModelling.Sizes;
import gradus.train.task.Task;
import java.nio.file.Path;
import java.util.List;

/// Answers of which each was found good or bad, from which a model learns by [KahnemanTversky].
public final class UnpairedData implements TuningData {
    private final AnswerFiles<LabelledAnswer> files;
    private final Settings settings;

    /// @param loss              which loss
    /// @param beta              β of the loss
    /// @param desirableWeight   of good answers
    /// @param undesirableWeight of bad ones
    public record Settings(UnpairedLoss loss, double beta, double desirableWeight, double undesirableWeight) {
        /// @throws gradus.error.ConfigException if a number is out of range
        public Settings {
            new KahnemanTversky.Settings(
                    new Sizes(2, 1), loss, beta, desirableWeight, undesirableWeight); // it checks them
        }
    }

    /// @param source files as [UnpairedFile] has them
    /// @throws gradus.error.DataException naming file and line of a row that is no answer, or if there is none
    public UnpairedData(AnswerSource source, Settings settings) {
        this.files = new AnswerFiles<>(source, "answers", UnpairedFile::read, LabelledAnswer::prompt);
        this.settings = settings;
    }

    @Override
    public OpenBase base(OpenBase base) {
        return files.base(base);
    }

    /// A single answer that is held out has no other to be mismatched with, and is left out.
    @Override
    public Task task(Tuned tuned, OpenBase base, TrainConfig train, Path folder) {
        var own = new KahnemanTversky.Settings( // checked before anything is told
                train.batches(), settings.loss, settings.beta, settings.desirableWeight, settings.undesirableWeight);
        LabelledAnswers all = files.encoder(base).encodeLabelled(files.rows());
        Rng rng = Rng.of(train.loop().seed());
        PromptSplit split = files.split(tuned.model().context(), all.answers()::length, rng.at("held out"));
        List<Integer> heldOut = split.heldOut().size() < 2 ? List.of() : split.heldOut();
        return new KahnemanTversky(tuned.model(), all.some(split.learned()), all.some(heldOut), own, rng.at("batches"));
    }

    @Override
    public void save(Path out, OpenBase base) {
        files.save(out, base);
    }
}
