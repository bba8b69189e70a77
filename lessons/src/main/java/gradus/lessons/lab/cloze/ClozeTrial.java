package gradus.lessons.lab.cloze;

import gradus.layers.model.BertMaskedLm;
import gradus.tensor.Rng;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.cloze.Classification;
import gradus.train.cloze.ClozeClassifier;
import gradus.train.cloze.ClsClassifier;
import gradus.train.cloze.Ensemble;
import gradus.train.cloze.Example;
import gradus.train.cloze.Pattern;
import gradus.train.cloze.TextClassifier;
import gradus.train.cloze.Verbalizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Fine-tunes the base in every way on the same examples, and measures on the same held-out ones.
final class ClozeTrial {
    /// Around the gap stands what the masked-language model has read: a lemma, a colon, its gloss.
    static final List<String> PATTERNS = List.of("[MASK]: {text}", "{text}; a kind of [MASK]", "any [MASK]: {text}");

    private final ClozePlan plan;
    private final GlossData data;
    private final ClozeBase base;

    ClozeTrial(ClozePlan plan, GlossData data, ClozeBase base) {
        this.plan = plan;
        this.data = data;
        this.base = base;
    }

    /// The accuracy of the cloze before it has seen any example.
    double withoutExamples() {
        return accuracy(cloze(base.trained(), PATTERNS.getFirst()).probabilities(texts()));
    }

    /// The accuracies, by the names of the ways.
    SequencedMap<String, Double> run(int examples, long seed) {
        List<Example> drawn = data.draw(examples, seed);
        List<Example> shuffled = GlossData.shuffled(drawn, seed);
        int steps = plan.steps(examples);
        SequencedMap<String, Double> found = new LinkedHashMap<>();
        double[][] first = trained(cloze(base.trained(), PATTERNS.get(0)), drawn, steps, seed);
        found.put("[CLS]", accuracy(trained(cls(base.trained(), seed), drawn, steps, seed)));
        found.put("cloze", accuracy(first));
        found.put(
                "cloze, 3 patterns",
                accuracy(Ensemble.mean(List.of(
                        first,
                        trained(cloze(base.trained(), PATTERNS.get(1)), drawn, steps, seed),
                        trained(cloze(base.trained(), PATTERNS.get(2)), drawn, steps, seed)))));
        found.put("[CLS], untrained BERT", accuracy(trained(cls(base.untrained(), seed), drawn, steps, seed)));
        found.put(
                "cloze, untrained BERT",
                accuracy(trained(cloze(base.untrained(), PATTERNS.getFirst()), drawn, steps, seed)));
        found.put("[CLS], shuffled labels", accuracy(trained(cls(base.trained(), seed), shuffled, steps, seed)));
        found.put(
                "cloze, shuffled labels",
                accuracy(trained(cloze(base.trained(), PATTERNS.getFirst()), shuffled, steps, seed)));
        return found;
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

    private double[][] trained(TextClassifier classifier, List<Example> examples, int steps, long seed) {
        TrainConfig config = TrainConfig.defaults()
                .withSeed(seed)
                .withSteps(steps)
                .withWarmup(steps / 10)
                .withBatchSize(ClozePlan.BATCH)
                .withLr(plan.lr())
                .withMinLr(0)
                .withEvalEvery(0);
        Classification task = new Classification(
                classifier, examples, List.of(), config.batches(), Rng.of(seed).at("batches"));
        Trainer.of(task, config).run();
        return classifier.probabilities(texts());
    }

    private List<List<String>> texts() {
        return data.test().stream().map(Example::texts).toList();
    }

    private double accuracy(double[][] probabilities) {
        return TextClassifier.accuracy(probabilities, data.test());
    }
}
