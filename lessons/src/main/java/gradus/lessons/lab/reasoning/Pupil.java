package gradus.lessons.lab.reasoning;

import gradus.layers.model.Qwen2;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.position.PlainFrequencies;
import gradus.lessons.lab.material.FreshBatches;
import gradus.lessons.lab.material.Training;
import gradus.lessons.retrieve.reader.LookBack;
import gradus.tensor.op.CrossEntropy;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.tokenizer.Tokenizer;
import gradus.train.TrainingListener;
import gradus.train.pretrained.HuggingFaceFolder;
import gradus.train.task.Batch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/// A small language model that learns to write what a teacher answers to prompts. Three of the four heads of
/// its first layer [LookBack] from the beginning, one, two and three tokens, so that copying out of the prompt
/// is soon learned.
public final class Pupil {
    private static final double THETA = 1e4;
    private static final int[] LOOK_BACK = {1, 2, 3, 0};

    private final Tokenizer tokenizer;
    private final Qwen2 model;

    /// With random weights.
    public Pupil(Tokenizer tokenizer, PupilSize size, Rng rng) {
        this.tokenizer = tokenizer;
        LlamaConfig config = LlamaConfig.of(size.dim(), PupilSize.HEADS, size.layers())
                .withVocabSize(tokenizer.vocabularySize())
                .withContext(size.context())
                .withFrequencies(new PlainFrequencies(THETA))
                .withHidden(2 * size.dim())
                .withTied(true);
        this.model = new Qwen2(config, rng);
        LookBack.set(model, LOOK_BACK);
    }

    /// Learns the answers of lessons.
    ///
    /// @param lessons of each step
    /// @throws gradus.error.ConfigException if a lesson is longer than the context
    public void learn(IntFunction<List<Lesson>> lessons, Training training, long seed, TrainingListener listener) {
        FreshBatches task = new FreshBatches(model, step -> batch(lessons.apply(step)), "lessons");
        training.run(task, seed, listener);
    }

    /// Writes it as a Hugging Face folder.
    ///
    /// @throws gradus.error.ResourceException if it cannot be written
    public void save(Path folder) {
        HuggingFaceFolder.save(folder, model.eval(), tokenizer);
    }

    private Batch batch(List<Lesson> lessons) {
        int[][] prompts = new int[lessons.size()][];
        int[][] all = new int[lessons.size()][];
        for (int i = 0; i < all.length; i++) {
            prompts[i] = tokenizer.encode(lessons.get(i).prompt());
            int[] answer = tokenizer.encode(lessons.get(i).answer());
            all[i] = Arrays.copyOf(prompts[i], prompts[i].length + answer.length);
            System.arraycopy(answer, 0, all[i], prompts[i].length, answer.length);
        }
        int time = Arrays.stream(all).mapToInt(each -> each.length - 1).max().orElseThrow();
        int[] inputs = new int[all.length * time]; // what fills a row up is 0, and nothing looks at it
        int[] targets = new int[inputs.length];
        Arrays.fill(targets, CrossEntropy.IGNORE_INDEX);
        for (int i = 0; i < all.length; i++) {
            for (int t = 0; t + 1 < all[i].length; t++) {
                inputs[i * time + t] = all[i][t];
                if (t + 1 >= prompts[i].length) {
                    targets[i * time + t] = all[i][t + 1];
                }
            }
        }
        Shape shape = Shape.of(all.length, time);
        return new Batch(Indices.of(shape, inputs), Indices.of(shape, targets));
    }
}
