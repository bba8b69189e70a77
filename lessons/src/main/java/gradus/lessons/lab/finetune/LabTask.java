package gradus.lessons.lab.finetune;

import gradus.layers.Layer;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.task.Batch;
import gradus.train.task.Batches;
import gradus.train.task.Task;
import gradus.train.task.Tokens;
import java.util.Arrays;
import java.util.List;

/// Predicts the next token in sequences of one length, whatever the method: a soft prompt shortens the
/// context, and a model that sees less of an entry could not be compared with the others.
final class LabTask implements Task {
    private final LanguageModel model;
    private final Batches batches;

    LabTask(LanguageModel model, int[] tokens, Rng rng) {
        this.model = model;
        this.batches = new Batches(Tokens.of(tokens), LabPlan.SEQUENCE, LabPlan.BATCH, rng);
    }

    @Override
    public Layer model() {
        return model;
    }

    @Override
    public List<Part> parts(int step) {
        return List.of(new Crops(model, batches.at((long) step * LabPlan.BATCH)));
    }

    @Override
    public String fingerprint() {
        return "lab"; // nothing is resumed
    }

    /// The mean loss over the first whole batches of a text.
    ///
    /// @param batches how many, fewer if the text ends
    static double loss(LanguageModel model, int[] tokens, int batches) {
        int each = LabPlan.BATCH * LabPlan.SEQUENCE;
        int all = Math.min(batches, (tokens.length - 1) / each);
        double sum = 0;
        model.eval();
        try (var pause = Autograd.noGrad()) {
            for (int from = 0; from < all * each; from += each) {
                try (var scope = Scope.open()) {
                    Batch batch = new Batch(rows(tokens, from), rows(tokens, from + 1));
                    sum += new Crops(model, batch).loss().item();
                }
            }
        }
        return sum / all;
    }

    private static Indices rows(int[] tokens, int from) {
        int to = from + LabPlan.BATCH * LabPlan.SEQUENCE;
        return Indices.of(Shape.of(LabPlan.BATCH, LabPlan.SEQUENCE), Arrays.copyOfRange(tokens, from, to));
    }

    private record Crops(LanguageModel model, Batch batch) implements Part {
        @Override
        public long counted() {
            return batch.targets().size();
        }

        @Override
        public long tokens() {
            return batch.inputs().size();
        }

        @Override
        public Tensor loss() {
            return model.forward(batch.inputs()).crossEntropy(batch.targets()); // ()
        }
    }
}
