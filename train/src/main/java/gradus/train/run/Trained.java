package gradus.train.run;

import gradus.layers.Layer;
import gradus.train.task.Task;
import java.util.function.Consumer;

/// What a run trains, and how it shows what was learnt.
interface Trained {
    Layer model();

    /// The task of training the model.
    Task task();

    /// What kind of model it is, for the run's first lines.
    String kind();

    /// Shows what the model has learnt.
    ///
    /// @param sample takes the texts
    void sample(Consumer<String> sample);

    static Trained of(RunSetup setup) {
        return switch (setup.config().task()) {
            case LM -> new TrainedDecoder(setup);
            case MLM -> new TrainedEncoder(setup);
            case CONTRASTIVE -> new TrainedVectors(setup);
        };
    }
}
