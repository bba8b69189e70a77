package gradus.lessons.lab.prefer;

import gradus.layers.loss.alignment.PreferenceLoss;
import gradus.layers.model.Llama;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.preference.DirectPreference;
import gradus.train.preference.PreferencePairs;
import gradus.train.task.Examples;
import gradus.train.task.InstructionTuning;
import gradus.train.task.LanguageModelling.Sizes;
import gradus.train.task.Task;
import java.util.Map;
import java.util.SequencedMap;

/// One seed: a model that has learned what words mean, and what it makes of pairs of meanings.
final class PreferTrial {
    private static final int TIMES = 8; // pairs of each word to learn from
    private static final int OTHERS = 2; // pairs of each word to measure on

    private final PreferPlan plan;
    private final Tokenizer tokenizer;
    private final GlossPairs known;
    private final GlossPairs unknown;
    private final long seed;
    private final Llama taught;

    /// Teaches a model the meanings of the words, and their kinds.
    ///
    /// @param known   words that it learns
    /// @param unknown words that it never sees
    PreferTrial(PreferPlan plan, Tokenizer tokenizer, GlossPairs known, GlossPairs unknown, long seed) {
        this.plan = plan;
        this.tokenizer = tokenizer;
        this.known = known;
        this.unknown = unknown;
        this.seed = seed;
        LlamaConfig size = LlamaConfig.of(128, 4, 4)
                .withVocabSize(tokenizer.vocabularySize())
                .withContext(96)
                .withHidden(352)
                .withTied(true);
        this.taught = new Llama(size, Rng.of(seed).at("model"));
        train(
                answering(taught, known.all(tokenizer), new Examples()),
                plan.taughtSteps(),
                plan.batch(),
                plan.taughtLr());
    }

    /// How many numbers the model has.
    long parameters() {
        return taught.parameterCount();
    }

    /// What a model makes of the words.
    ///
    /// @param accuracy  share of held-out pairs about known words that are ranked right
    /// @param margin    mean difference of the implied rewards, in nats
    /// @param unknown   the same share for words that were never seen
    /// @param meanings  loss of the right meanings, in nats a token
    /// @param kinds     loss of answers to another question about the same words, which no pair asks
    record Measured(double accuracy, double margin, double unknown, double meanings, double kinds) {}

    /// Before any pair was learned: there is no reward yet.
    Measured before() {
        return measured(taught, Double.NaN, Double.NaN, Double.NaN);
    }

    /// Learns pairs, of which some have their answers exchanged.
    ///
    /// @param swapped the share of pairs that are exchanged; 0.5 leaves nothing to learn
    Measured prefer(double swapped) {
        Llama model = new Llama(taught.config(), Rng.of(0));
        Map<String, Tensor> from = taught.namedParameters();
        model.namedParameters().forEach((name, parameter) -> parameter.copyFrom(from.get(name)));
        Rng rng = Rng.of(seed).at("pairs");
        PreferencePairs learned = known.pairs(tokenizer, 0, TIMES, swapped, rng);
        PreferencePairs heldOut = known.pairs(tokenizer, TIMES, OTHERS, 0, rng);
        PreferencePairs strange = unknown.pairs(tokenizer, 0, OTHERS, 0, rng);
        DirectPreference task = task(model, learned, heldOut);
        DirectPreference ofStrangers = task(model, strange, strange); // its reference is the same
        train(task, learned.count() / plan.pairs(), plan.pairs(), plan.lr());
        SequencedMap<String, Double> ranked = task.heldOut(0);
        return measured(
                model,
                ranked.get("rewards/accuracies"),
                ranked.get("rewards/margins"),
                ofStrangers.heldOut(0).get("rewards/accuracies"));
    }

    private DirectPreference task(Llama model, PreferencePairs learned, PreferencePairs heldOut) {
        return new DirectPreference(
                model,
                learned,
                heldOut,
                new DirectPreference.Settings(new Sizes(plan.pairs(), 1), PreferenceLoss.SIGMOID, plan.beta(), 0),
                Rng.of(seed).at("order"));
    }

    private Measured measured(Llama model, double accuracy, double margin, double strange) {
        return new Measured(
                accuracy, margin, strange, loss(model, known.meanings(tokenizer)), loss(model, known.kinds(tokenizer)));
    }

    private double loss(Llama model, Examples examples) {
        return answering(model, examples, examples).evaluate(0).orElseThrow();
    }

    private InstructionTuning answering(Llama model, Examples examples, Examples heldOut) {
        return new InstructionTuning(
                model,
                examples,
                heldOut,
                new InstructionTuning.Settings(new Sizes(plan.batch(), 1), model.context(), false),
                Rng.of(seed).at("examples"));
    }

    private void train(Task task, int steps, int batchSize, double lr) {
        TrainConfig config = TrainConfig.defaults()
                .withSeed(seed)
                .withBatchSize(batchSize)
                .withSteps(steps)
                .withWarmup(Math.max(1, steps / 10))
                .withLr(lr)
                .withMinLr(lr / 10)
                .withWeightDecay(0)
                .withEvalEvery(0);
        Trainer.of(task, config).run();
        task.model().eval();
    }
}
