package gradus.lessons.lab.material;

import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.config.LlamaConfig;
import gradus.lessons.prompt.LocalModel;
import gradus.lessons.prompt.TextModel;
import gradus.tensor.random.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.optimizer.OptimizerKind;
import gradus.train.pretrained.GenerationConfig;
import gradus.train.run.SavedModel;
import gradus.train.run.text.ModelText;
import java.util.Set;
import java.util.function.LongFunction;

/// How a small Llama is made that learns lessons: its size, and how long it learns. It is trained with Muon at a
/// rate that rises for a twentieth of the steps and falls to a tenth by a cosine.
///
/// @param layers L
/// @param heads  H
/// @param dim    C, channels
/// @param steps  of training
/// @param batch  lessons of a step
/// @param lr     highest learning rate
public record SmallLlama(int layers, int heads, int dim, int steps, int batch, double lr) {
    /// For another number of steps.
    public SmallLlama withSteps(int other) {
        return new SmallLlama(layers, heads, dim, other, batch, lr);
    }

    /// At another rate.
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

    /// What lets a model learn lessons, once it is run.
    ///
    /// @param lessons lesson number n, of which a step takes as many as a batch has, one after the other
    public Trainer trainer(LanguageModel model, Tokenizer tokenizer, LongFunction<Lesson> lessons, long seed) {
        TrainConfig config = TrainConfig.defaults()
                .withSeed(seed)
                .withSteps(steps)
                .withOptimizer(OptimizerKind.MUON)
                .withLr(lr)
                .withMinLr(lr / 10)
                .withWarmup(steps / 20)
                .withWeightDecay(0.01)
                .withEvalEvery(0)
                .withCheckpointEvery(0);
        return Trainer.of(new LessonTask(model, tokenizer, lessons, batch), config);
    }

    /// A model in memory, to be prompted.
    public static TextModel text(LanguageModel model, Tokenizer tokenizer) {
        return LocalModel.plain(
                new SavedModel(model, ModelText.of(tokenizer), GenerationConfig.NONE, null, Set.of()));
    }
}
