package gradus.lessons.lab.material;

import gradus.layers.Layer;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Tensor;
import gradus.tensor.op.CrossEntropy;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.tokenizer.Tokenizer;
import gradus.train.task.Batch;
import gradus.train.task.Loss;
import gradus.train.task.Task;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.IntStream;

/// Learns the answers of lessons, the lessons 0, 1, 2, … in this order, a batch at each step. The loss is the
/// mean cross-entropy of the answers' tokens.
final class LessonTask implements Task {
    private final LanguageModel model;
    private final Tokenizer tokenizer;
    private final LongFunction<Lesson> lessons;
    private final int batch;

    LessonTask(LanguageModel model, Tokenizer tokenizer, LongFunction<Lesson> lessons, int batch) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.lessons = lessons;
        this.batch = batch;
    }

    @Override
    public List<Rows> parts(int step) {
        return List.of(new Rows(IntStream.range(0, batch)
                .mapToObj(i -> lessons.apply((long) step * batch + i))
                .toList()));
    }

    @Override
    public Layer model() {
        return model;
    }

    @Override
    public String fingerprint() {
        return "lessons " + batch;
    }

    /// A batch of lessons, each filled up to the longest.
    final class Rows implements Part {
        private final Batch batch;

        private Rows(List<Lesson> lessons) {
            int[][] prompts = lessons.stream()
                    .map(each -> tokenizer.encode(each.prompt()))
                    .toArray(int[][]::new);
            int[][] answers = lessons.stream()
                    .map(each -> tokenizer.encode(each.answer()))
                    .toArray(int[][]::new);
            int time = IntStream.range(0, prompts.length)
                            .map(i -> prompts[i].length + answers[i].length)
                            .max()
                            .orElseThrow()
                    - 1;
            int[] inputs = new int[prompts.length * time]; // what fills a row up is 0, and nothing looks at it
            int[] targets = new int[inputs.length];
            Arrays.fill(targets, CrossEntropy.IGNORE_INDEX);
            for (int i = 0; i < prompts.length; i++) {
                int read = prompts[i].length;
                int[] ids = Arrays.copyOf(prompts[i], read + answers[i].length);
                System.arraycopy(answers[i], 0, ids, read, answers[i].length);
                System.arraycopy(ids, 0, inputs, i * time, ids.length - 1);
                System.arraycopy(answers[i], 0, targets, i * time + read - 1, answers[i].length);
            }
            Shape shape = Shape.of(prompts.length, time);
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
