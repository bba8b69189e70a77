package gradus.lessons.lab.positions;

import static gradus.error.ConfigException.require;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.Attentions;
import gradus.layers.model.config.GptConfig;
import gradus.lessons.lab.material.Training;
import gradus.tensor.random.Rng;
import gradus.train.TrainingListener;
import gradus.train.run.length.LongerModel;
import gradus.train.run.length.PositionScale;
import gradus.train.task.LanguageModelling;
import gradus.train.task.Split;
import java.util.Optional;

/// A short training of a model at another length, with as many tokens a step as it had before.
///
/// @param length   of a sequence
/// @param batch    sequences of a step
/// @param training how long
record Continuation(int length, int batch, Training training) {

    /// @throws gradus.error.ConfigException if there is no sequence
    Continuation {
        require(length >= 1 && batch >= 1, "length and batch must be at least 1; got %d and %d", length, batch);
    }

    /// A copy of a model that goes on.
    ///
    /// @param base  stays as it is
    /// @param scale of its positions, or none
    /// @param group of shifted sparse attention while it is trained, after which attention is full; 0 for full
    ///              attention all the time
    Gpt of(Gpt base, GptConfig config, Optional<PositionScale> scale, int group, Split text, Rng rng) {
        GptConfig trained = group == 0 ? config : config.withAttention(new Attentions.ShiftedSparse(group, 0));
        Gpt model = LongerModel.of(base, trained, length, scale);
        LanguageModelling task =
                new LanguageModelling(model, text, new LanguageModelling.Sizes(batch, 1), rng.at("batches"));
        training.run(task, rng.bits(0), new TrainingListener() {});
        return LongerModel.of(model, config, length, scale);
    }
}
