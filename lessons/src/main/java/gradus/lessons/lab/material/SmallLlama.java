package gradus.lessons.lab.material;

import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.random.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import java.util.function.LongFunction;

/// How a small Llama is made that learns lessons: its size, and how long it learns. It is trained with AdamW at
/// a rate that rises for a twentieth of the steps and falls to a tenth by a cosine.
///
/// @param layers L
/// @param heads  H
/// @param dim    C, channels
/// @param steps  of training
/// @param batch  lessons of a step
/// @param lr     highest learning rate
public record SmallLlama(int layers, int heads, int dim, int steps, int batch, double lr) {
    public SmallLlama withSteps(int other) {
        return new SmallLlama(layers, heads, dim, other, batch, lr);
    }

    public SmallLlama withLr(double other) {
        return new SmallLlama(layers, heads, dim, steps, batch, other);
    }

    /// One with random weights.
    ///
    /// @param context the longest text
    public Llama fresh(Tokenizer tokenizer, int context, Rng rng) {
        LlamaConfig size = LlamaConfig.of(dim, heads, layers)
                .withVocabSize(tokenizer.vocabularySize())
                .withContext(context)
                .withHidden(3 * dim)
                .withTied(false);
        return new Llama(size, rng);
    }

    /// Lets a model learn lessons.
    ///
    /// @param lessons lesson number n, as step n / batch learns it
    /// @return the model, in evaluation
    public <M extends LanguageModel> M train(
            M model, Tokenizer tokenizer, LongFunction<Lesson> lessons, long seed, TrainingListener listener) {
        TrainConfig config = TrainConfig.defaults()
                .withSeed(seed)
                .withSteps(steps)
                .withLr(lr)
                .withMinLr(lr / 10)
                .withWarmup(steps / 20)
                .withWeightDecay(0.01)
                .withEvalEvery(0)
                .withCheckpointEvery(0);
        Trainer.of(new LessonTask(model, tokenizer, lessons, batch), config)
                .listen(listener)
                .run();
        model.eval();
        return model;
    }
}
