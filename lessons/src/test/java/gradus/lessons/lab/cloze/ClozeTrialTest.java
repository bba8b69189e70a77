package gradus.lessons.lab.cloze;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.layers.model.BertMaskedLm;
import gradus.layers.model.config.BertConfig;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.train.WordPieceFrequencyTrainer;
import gradus.tokenizer.train.WordPieceTrainerOptions;
import gradus.train.StepReport;
import gradus.train.TrainingListener;
import gradus.train.corpus.ControlTokens;
import gradus.train.corpus.LexicographerFiles.Entry;
import gradus.train.task.Split;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The laboratory in small: glosses that name their kind, so that everything can be learnt but from shuffled
/// labels.
class ClozeTrialTest {
    private static final GlossData DATA = GlossData.of(entries());

    @TempDir
    private Path folder;

    private static List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        GlossData.CLASSES.forEach((file, word) -> {
            for (int i = 0; i < 80; i++) {
                entries.add(new Entry(file, "lemma", "some " + word + " of kind " + i % 7));
            }
        });
        return entries;
    }

    private static ClozeBase base() {
        Tokenizer tokenizer = new WordPieceFrequencyTrainer(WordPieceTrainerOptions.of(200)).train(DATA.text());
        BertConfig size = new BertConfig(tokenizer.vocabularySize(), 24, 2, 1, 2, 16, 32, 0.0, 1e-12);
        return new ClozeBase(bert(size, 1), bert(size, 2), tokenizer);
    }

    /// With weights so large that [CLS] sees the words from the first step on.
    private static BertMaskedLm bert(BertConfig size, long seed) {
        BertMaskedLm bert = new BertMaskedLm(size, Rng.of(seed));
        bert.namedParameters()
                .forEach((name, each) -> each.copyFrom(each.detach()
                        .add(Tensor.randn(Rng.of(seed).at(name), each.shape().dims())
                                .mul(0.3))));
        return bert;
    }

    private ClozePlan plan(int steps, double alpha, Double... rates) {
        return new ClozePlan(folder.resolve("lab"), 2, steps, 8, 1, List.of(4), List.of(rates), alpha);
    }

    private static double[] weights(BertMaskedLm bert) {
        return bert.namedParameters().values().stream()
                .map(Tensor::toArray)
                .flatMapToDouble(Arrays::stream)
                .toArray();
    }

    @Test
    void everyWayLearnsWhatThereIsToLearn() {
        ClozeBase base = base();
        double[] before = weights(base.trained());
        double[] untrained = weights(base.untrained());
        ClozeTrial trial = new ClozeTrial(plan(80, 1e-4, 1e-2), DATA, base, DATA.text());
        assertThat(trial.withoutExamples()).isBetween(0.0, 0.4); // an eighth by chance
        ClozeTrial.Rates rates = new ClozeTrial.Rates(1e-2, 1e-2);
        SequencedMap<String, Double> found = trial.run(8, 1, rates);
        assertThat(found)
                .containsOnlyKeys(
                        "[CLS]",
                        "cloze",
                        "cloze, 3 patterns",
                        "cloze + masked words",
                        "[CLS], untrained BERT",
                        "cloze, untrained BERT",
                        "[CLS], shuffled labels",
                        "cloze, shuffled labels");
        found.forEach((way, accuracy) -> {
            if (way.contains("shuffled")) {
                assertThat(accuracy).as(way).isLessThan(0.7);
            } else {
                assertThat(accuracy).as(way).isGreaterThan(0.9);
            }
        });
        assertThat(weights(base.trained())).isEqualTo(before); // whatever is fine-tuned is a copy
        assertThat(weights(base.untrained())).isEqualTo(untrained);
    }

    /// The auxiliary loss is one more row, whose model is another one, and nothing else changes.
    @Test
    void theAuxiliaryLossChangesItsRowOnly() {
        ClozeBase base = base();
        ClozeTrial.Rates rates = new ClozeTrial.Rates(1e-2, 3e-3);
        SequencedMap<String, Double> plain = new ClozeTrial(plan(10, 0, 1e-2), DATA, base, null).run(8, 1, rates);
        SequencedMap<String, Double> all =
                new ClozeTrial(plan(10, 1, 1e-2), DATA, base, List.of("some kind")).run(8, 1, rates);
        assertThat(all.remove("cloze + masked words")).isNotEqualTo(plain.get("cloze")); // α = 1: labels are not read
        assertThat(all).isEqualTo(plain);
    }

    @Test
    void withMoreExamplesTheTwoWaysAlone() {
        ClozeTrial trial = new ClozeTrial(plan(1, 1e-4, 1e-2), DATA, base(), DATA.text());
        ClozeTrial.Rates rates = new ClozeTrial.Rates(1e-2, 1e-2);
        assertThat(trial.run(9, 1, rates)).containsOnlyKeys("[CLS]", "cloze", "cloze + masked words");
        assertThat(trial.run(8, 1, rates)).hasSize(8);
    }

    /// Two models are one where the base is, and no longer where it is not: each row is of its own base and
    /// rate.
    @Test
    void eachRowIsOfItsOwnBaseAndRate() {
        ClozeBase base = base();
        ClozeTrial.Rates slow = new ClozeTrial.Rates(1e-2, 1e-9); // the cloze hardly moves
        ClozeTrial trial = new ClozeTrial(plan(80, 0, 1e-2), DATA, base, null);
        SequencedMap<String, Double> found = trial.run(8, 1, slow);
        assertThat(found).doesNotContainKey("cloze + masked words");
        assertThat(found.get("[CLS]")).isGreaterThan(0.9);
        assertThat(found.get("cloze")).isEqualTo(trial.withoutExamples());
        ClozeTrial other = new ClozeTrial(
                plan(80, 0, 1e-2), DATA, new ClozeBase(base.untrained(), base.trained(), base.tokenizer()), null);
        assertThat(found.get("cloze, untrained BERT")).isEqualTo(other.withoutExamples());
        assertThat(other.run(8, 1, slow).get("[CLS]")).isEqualTo(found.get("[CLS], untrained BERT"));
    }

    /// The rate with which most is right of examples that judge, the first of equal ones.
    @Test
    void theBestRateIsChosen() {
        ClozeTrial trial = new ClozeTrial(plan(40, 0, 1e-9, 1e-2, 1e-8), DATA, base(), null);
        assertThat(trial.rates(8)).isEqualTo(new ClozeTrial.Rates(1e-2, 1e-2));
        ClozeTrial none = new ClozeTrial(plan(1, 0, 1e-12, 1e-11), DATA, base(), null);
        assertThat(none.rates(8)).isEqualTo(new ClozeTrial.Rates(1e-12, 1e-12));
    }

    @Test
    void textsAreSeparated() {
        ClozeBase base = base();
        Split split = ClozeBase.texts(List.of("some animal", "kind"), base.tokenizer());
        int[] some = base.tokenizer().encode("some animal");
        int[] kind = base.tokenizer().encode("kind");
        int separator = ControlTokens.of(base.tokenizer()).sep();
        List<Integer> expected = new ArrayList<>();
        Arrays.stream(some).forEach(expected::add);
        expected.add(separator);
        Arrays.stream(kind).forEach(expected::add);
        expected.add(separator);
        assertThat(Arrays.stream(split.train().read(0, (int) split.train().size()))
                        .boxed())
                .isEqualTo(expected);
        assertThat(split.validation().size()).isZero();
    }

    @Test
    void theBaseIsTrainedOnceAndKept() {
        List<String> steps = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                steps.add("step");
            }
        };
        ClozePlan plan = plan(1, 0, 1e-3);
        ClozeBase first = ClozeBase.of(plan, DATA, listener);
        assertThat(steps).hasSize(2);
        assertThat(Files.exists(folder.resolve("lab/bert-2/config.json"))).isTrue();
        ClozeBase second = ClozeBase.of(plan, DATA, listener);
        assertThat(steps).hasSize(2);
        assertThat(weights(second.trained())).isEqualTo(weights(first.trained()));
        assertThat(weights(second.untrained())).isEqualTo(weights(first.untrained()));
        assertThat(weights(first.trained())).isNotEqualTo(weights(first.untrained()));
        GlossData.CLASSES
                .values()
                .forEach(word ->
                        assertThat(second.tokenizer().encode(word)).as(word).hasSize(1));
        BertMaskedLm copy = ClozeBase.copy(second.trained());
        assertThat(weights(copy)).isEqualTo(weights(second.trained()));
        Map<String, Tensor> own = second.trained().namedParameters();
        copy.namedParameters().forEach((name, each) -> assertThat(each).isNotSameAs(own.get(name)));
    }
}
