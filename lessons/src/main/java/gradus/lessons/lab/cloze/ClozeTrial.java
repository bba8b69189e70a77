package gradus.lessons.lab.cloze;

import gradus.layers.model.BertMaskedLm;
import gradus.tensor.random.Rng;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.cloze.AuxiliaryMaskedLm;
import gradus.train.cloze.Classification;
import gradus.train.cloze.ClozeClassifier;
import gradus.train.cloze.ClsClassifier;
import gradus.train.cloze.Ensemble;
import gradus.train.cloze.Example;
import gradus.train.cloze.Pattern;
import gradus.train.cloze.TextClassifier;
import gradus.train.cloze.Verbalizer;
import gradus.train.corpus.ControlTokens;
import gradus.train.task.MaskedLm;
import gradus.train.task.Split;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Supplier;

/// Fine-tunes the base in every way on the same examples, and measures on the same held-out ones.
final class ClozeTrial {
    /// Around the gap stands what the masked-language model has read: a lemma, a colon, its gloss.
    static final List<String> PATTERNS = List.of("[MASK]: {text}", "{text}; a kind of [MASK]", "any [MASK]: {text}");

    /// Names of the ways that are compared.
    static final String CLS = "[CLS]";

    static final String CLOZE = "cloze";
    static final String AUXILIARY = "cloze + masked words";

    private final ClozePlan plan;
    private final GlossData data;
    private final ClozeBase base;
    private final Split unlabelled; // null where nobody reads them

    /// @param unlabelled texts of the auxiliary loss
    ClozeTrial(ClozePlan plan, GlossData data, ClozeBase base, List<String> unlabelled) {
        this.plan = plan;
        this.data = data;
        this.base = base;
        this.unlabelled = plan.alpha() == 0 ? null : ClozeBase.texts(unlabelled, base.tokenizer());
    }

    /// The accuracy of the cloze before it has seen any example.
    double withoutExamples() {
        return accuracy(cloze(base.trained(), PATTERNS.getFirst()).probabilities(texts()));
    }

    /// The learning rates of the two ways.
    record Rates(double cls, double cloze) {}

    /// The rate of each way with which it does best on examples of a draw of its own, which no seed of the
    /// table has. One rate for both would favour the way that it happens to suit.
    Rates rates(int examples) {
        GlossData.Choice choice = data.choice(examples);
        return new Rates(
                best(choice, plan.steps(examples), () -> cls(base.trained(), 0)),
                best(choice, plan.steps(examples), () -> cloze(base.trained(), PATTERNS.getFirst())));
    }

    private double best(GlossData.Choice choice, int steps, Supplier<TextClassifier> way) {
        double best = plan.rates().getFirst();
        double highest = -1;
        for (double rate : plan.rates()) {
            TextClassifier classifier = way.get();
            train(classifier, choice.train(), steps, 0, rate);
            double accuracy = TextClassifier.accuracy(classifier.probabilities(texts(choice.judge())), choice.judge());
            if (accuracy > highest) {
                highest = accuracy;
                best = rate;
            }
        }
        return best;
    }

    /// The accuracies, by the names of the ways: all of them, or with more examples than the plan's
    /// [ClozePlan#most] the two that are compared.
    SequencedMap<String, Double> run(int examples, long seed, Rates rates) {
        List<Example> drawn = data.draw(examples, seed);
        int steps = plan.steps(examples);
        SequencedMap<String, Double> found = new LinkedHashMap<>();
        double[][] first = trained(cloze(base.trained(), PATTERNS.get(0)), drawn, steps, seed, rates.cloze());
        found.put(CLS, accuracy(trained(cls(base.trained(), seed), drawn, steps, seed, rates.cls())));
        found.put(CLOZE, accuracy(first));
        if (plan.alpha() > 0) {
            found.put(AUXILIARY, accuracy(withMaskedWords(drawn, steps, seed, rates.cloze())));
        }
        if (examples <= plan.most()) {
            others(found, first, drawn, seed, rates);
        }
        return found;
    }

    private void others(
            SequencedMap<String, Double> found, double[][] first, List<Example> drawn, long seed, Rates rates) {
        int steps = plan.steps(drawn.size() / GlossData.CLASSES.size());
        List<Example> shuffled = GlossData.shuffled(drawn, seed);
        found.put(
                "cloze, 3 patterns",
                accuracy(Ensemble.mean(List.of(
                        first,
                        trained(cloze(base.trained(), PATTERNS.get(1)), drawn, steps, seed, rates.cloze()),
                        trained(cloze(base.trained(), PATTERNS.get(2)), drawn, steps, seed, rates.cloze())))));
        found.put(
                "[CLS], untrained BERT",
                accuracy(trained(cls(base.untrained(), seed), drawn, steps, seed, rates.cls())));
        found.put(
                "cloze, untrained BERT",
                accuracy(trained(cloze(base.untrained(), PATTERNS.getFirst()), drawn, steps, seed, rates.cloze())));
        found.put(
                "[CLS], shuffled labels",
                accuracy(trained(cls(base.trained(), seed), shuffled, steps, seed, rates.cls())));
        found.put(
                "cloze, shuffled labels",
                accuracy(trained(cloze(base.trained(), PATTERNS.getFirst()), shuffled, steps, seed, rates.cloze())));
    }

    private TextClassifier cls(BertMaskedLm model, long seed) {
        return ClsClassifier.of(
                model, base.tokenizer(), GlossData.CLASSES.size(), Rng.of(seed).at("head"));
    }

    private TextClassifier cloze(BertMaskedLm model, String pattern) {
        return new ClozeClassifier(
                ClozeBase.copy(model),
                Pattern.of(pattern, base.tokenizer()),
                Verbalizer.ofWords(GlossData.CLASSES, base.tokenizer()),
                base.tokenizer());
    }

    private double[][] trained(TextClassifier classifier, List<Example> examples, int steps, long seed, double rate) {
        train(classifier, examples, steps, seed, rate);
        return classifier.probabilities(texts());
    }

    private double[][] withMaskedWords(List<Example> examples, int steps, long seed, double rate) {
        TextClassifier classifier = cloze(base.trained(), PATTERNS.getFirst());
        TrainConfig config = config(steps, seed, rate);
        MaskedLm texts = new MaskedLm(
                (BertMaskedLm) classifier.model(),
                unlabelled,
                ControlTokens.of(base.tokenizer()),
                config.batches(),
                Rng.of(seed).at("texts"));
        Classification task = task(classifier, examples, config);
        Trainer.of(new AuxiliaryMaskedLm(task, texts, plan.alpha()), config).run();
        return classifier.probabilities(texts());
    }

    private static void train(TextClassifier classifier, List<Example> examples, int steps, long seed, double rate) {
        TrainConfig config = config(steps, seed, rate);
        Trainer.of(task(classifier, examples, config), config).run();
    }

    private static TrainConfig config(int steps, long seed, double rate) {
        return TrainConfig.defaults()
                .withSeed(seed)
                .withSteps(steps)
                .withWarmup(steps / 10)
                .withBatchSize(ClozePlan.BATCH)
                .withLr(rate)
                .withMinLr(0)
                .withEvalEvery(0);
    }

    private static Classification task(TextClassifier classifier, List<Example> examples, TrainConfig config) {
        return new Classification(
                classifier,
                examples,
                List.of(),
                config.batches(),
                Rng.of(config.seed()).at("batches"));
    }

    private List<List<String>> texts() {
        return texts(data.test());
    }

    private static List<List<String>> texts(List<Example> examples) {
        return examples.stream().map(Example::texts).toList();
    }

    private double accuracy(double[][] probabilities) {
        return TextClassifier.accuracy(probabilities, data.test());
    }
}
