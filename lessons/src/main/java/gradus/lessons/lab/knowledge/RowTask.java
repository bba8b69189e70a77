package gradus.lessons.lab.knowledge;

import gradus.layers.Layer;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Tensor;
import gradus.tensor.op.CrossEntropy;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.task.Batch;
import gradus.train.task.Loss;
import gradus.train.task.Task;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/// Learns the marked words of rows that are made anew for every step.
final class RowTask implements Task {
    private final LanguageModel model;
    private final IntFunction<List<List<Row>>> rows;
    private final String name;

    /// @param model what learns
    /// @param rows  the batches of a step: each is read at once, its rows filled up to the longest
    /// @param name  tells these rows from others
    RowTask(LanguageModel model, IntFunction<List<List<Row>>> rows, String name) {
        this.model = model;
        this.rows = rows;
        this.name = name;
    }

    @Override
    public List<Rows> parts(int step) {
        return rows.apply(step).stream().map(Rows::new).toList();
    }

    @Override
    public Layer model() {
        return model;
    }

    @Override
    public String fingerprint() {
        return name;
    }

    /// A batch of rows.
    final class Rows implements Part {
        private final Batch batch;

        private Rows(List<Row> rows) {
            int time = rows.stream().mapToInt(Row::size).max().orElseThrow() - 1;
            int[] inputs = new int[rows.size() * time]; // what fills a row up is 0, and nothing looks at it
            int[] targets = new int[inputs.length];
            Arrays.fill(targets, CrossEntropy.IGNORE_INDEX);
            for (int i = 0; i < rows.size(); i++) {
                Row row = rows.get(i);
                for (int t = 0; t + 1 < row.size(); t++) {
                    inputs[i * time + t] = row.id(t);
                    targets[i * time + t] = row.learned(t + 1) ? row.id(t + 1) : CrossEntropy.IGNORE_INDEX;
                }
            }
            Shape shape = Shape.of(rows.size(), time);
            this.batch = new Batch(Indices.of(shape, inputs), Indices.of(shape, targets));
        }

        Batch batch() {
            return batch;
        }

        @Override
        public long counted() {
            return batch.counted();
        }

        @Override
        public long tokens() {
            return batch.inputs().size();
        }

        @Override
        public Tensor loss() {
            return Loss.crossEntropy().of(model.forward(batch.inputs()), batch); // ()
        }
    }
}
