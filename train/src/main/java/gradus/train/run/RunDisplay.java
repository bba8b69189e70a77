package gradus.train.run;

import gradus.train.TrainingListener;
import gradus.train.run.text.BitsPerByte;

/// Shows a person what a training run does. The command line has one for terminals and files; another program
/// may have its own.
public interface RunDisplay {
    /// Tells something.
    void say(String line);

    /// Shows what the model wrote.
    void show(String sample);

    /// Follows the steps of the training until closed.
    ///
    /// @param bits turns a loss into bits per byte; null where that has no meaning
    Steps follow(int steps, BitsPerByte bits);

    /// Hears of every step.
    interface Steps extends TrainingListener, AutoCloseable {
        @Override
        void close();
    }
}
