package gradus.train.run;

import gradus.layers.Layer;
import gradus.train.EvaluationReport;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.checkpoint.Weights;
import java.nio.file.Path;

/// Keeps the weights that the lowest validation loss was measured with.
public record BestWeights(Path file, Layer model, Trainer trainer) implements TrainingListener {
    @Override
    public void onBest(EvaluationReport report) {
        try (var averaged = trainer.swapInAverage()) {
            Weights.save(file, model);
        }
    }
}
