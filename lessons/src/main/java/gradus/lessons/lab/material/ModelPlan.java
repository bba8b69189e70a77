package gradus.lessons.lab.material;

import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.config.GptConfig;
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

/// How a small model is made that learns lessons: its size, and how long it learns. It is trained with Muon at
/// a rate that rises for a twentieth of the steps and falls to a tenth by a cosine.
///
/// @param layers L
/// @param heads  H
/// @param dim    C, channels
/// @param steps  of training
/// @param batch  lessons of a step
/// @param lr     highest learning rate
public record ModelPlan(int layers, int heads, int dim, int steps, int batch, double lr) {
    /// For another number of steps.
    public ModelPlan withSteps(int other) {
        return new ModelPlan(layers, heads, dim, other, batch, lr);
    }

    /// At another rate.
    public ModelPlan withLr(double other) {
        return new ModelPlan(layers, heads, dim, steps, batch, other);
    }

    /// A Llama with random weights: its positions are rotary, so it sees how far tokens stand apart.
    ///
    /// @param context the longest text
    public Llama llama(Tokenizer tokenizer, int context, Rng rng) {
        LlamaConfig size = LlamaConfig.of(dim, heads, layers)
                .withVocabSize(tokenizer.vocabularySize())
                .withContext(context)
                .withHidden(3 * dim)
                .withTied(false);
        return new Llama(size, rng);
    }

    /// A GPT-2 with random weights: its positions are learned, so it sees where a token stands.
    ///
    /// @param context the longest text
    public Gpt gpt(Tokenizer tokenizer, int context, Rng rng) {
        return new Gpt(new GptConfig(tokenizer.vocabularySize(), context, layers, heads, dim, 0), rng);
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
        return LocalModel.plain(new SavedModel(model, ModelText.of(tokenizer), GenerationConfig.NONE, null, Set.of()));
    }
}
