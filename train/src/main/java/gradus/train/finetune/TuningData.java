package gradus.train.finetune;

import gradus.train.TrainConfig;
import gradus.train.run.text.BitsPerByte;
import gradus.train.task.Task;
import java.nio.file.Path;

/// What a model is fine-tuned on: a text, conversations, or questions whose answers are paid.
public interface TuningData {

    /// The base as these data need it: the same, unless they need tokens or a chat template that it lacks.
    ///
    /// @throws gradus.error.UsageException if the base cannot have them
    default OpenBase base(OpenBase base) {
        return base;
    }

    /// Writes what these data need beside what was learnt, into the folder of an adapter.
    default void save(Path out, OpenBase base) {}

    /// The task of learning it.
    ///
    /// @param tuned  what is trained
    /// @param base   the base, as [#base] gave it
    /// @param folder for files of tokens, if the data are large
    /// @throws gradus.error.DataException if there is too little
    Task task(Tuned tuned, OpenBase base, TrainConfig train, Path folder);

    /// Turns the validation loss of the last [#task] into bits per byte, where the data is a text of which
    /// every token is predicted.
    default BitsPerByte bits() {
        return BitsPerByte.UNKNOWN;
    }
}
