package gradus.train.cloze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.layers.model.BertMaskedLm;
import gradus.layers.model.config.BertConfig;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tokenizer.Tokenizer;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.corpus.ControlTokens;
import gradus.train.task.EncoderTokens;
import gradus.train.task.LanguageModelling;
import gradus.train.task.MaskedTexts;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/// Verbalizers, and the two ways to tell classes.
class ClozeTest {
    private static final Tokenizer TOKENIZER = MaskedTexts.TOKENIZER;
    private static final EncoderTokens TOKENS = ControlTokens.of(TOKENIZER);
    private static final BertConfig SIZE = new BertConfig(TOKENIZER.vocabularySize(), 16, 2, 1, 2, 8, 16, 0.0, 1e-12);
    private static final List<Example> EXAMPLES = List.of(
            new Example("a small animal that sees mice", 0),
            new Example("a large plant with leaves", 1),
            new Example("an animal that barks", 0),
            new Example("a plant with thorns", 1));

    private static SequencedMap<String, String> words(String... labelsAndWords) {
        SequencedMap<String, String> words = new LinkedHashMap<>();
        for (int i = 0; i < labelsAndWords.length; i += 2) {
            words.put(labelsAndWords[i], labelsAndWords[i + 1]);
        }
        return words;
    }

    private static List<List<String>> texts() {
        return EXAMPLES.stream().map(Example::texts).toList();
    }

    private static ClozeClassifier cloze(BertMaskedLm bert, String pattern, String... words) {
        return new ClozeClassifier(
                bert, Pattern.of(pattern, TOKENIZER), Verbalizer.ofWords(words(words), TOKENIZER), TOKENIZER);
    }

    private static int id(String word) {
        int[] ids = TOKENIZER.encode(word);
        assertThat(ids).as(word).hasSize(1);
        return ids[0];
    }

    // --- verbalizers

    @Test
    void badVerbalizers() {
        assertThatThrownBy(() -> Verbalizer.ofWords(words("noun.animal", "animalplant", "b", "plant"), TOKENIZER))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("\"animalplant\" of label noun.animal must be one token");
        assertThatThrownBy(() -> Verbalizer.ofWords(words("a", "☃", "b", "plant"), TOKENIZER))
                .hasMessageContaining("[UNK]");
        assertThatThrownBy(() -> Verbalizer.ofWords(words("a", "plant", "b", "plant"), TOKENIZER))
                .hasMessageContaining("stands for a and for b");
        assertThatThrownBy(() -> Verbalizer.ofWords(words("a", "plant"), TOKENIZER))
                .hasMessageContaining("at least 2 labels");
        assertThatThrownBy(() -> Verbalizer.ofWords(words("a", "", "b", "plant"), TOKENIZER))
                .hasMessageContaining("must be one token");
    }

    @Test
    void severalWordsOfALabelAreAveraged() {
        SequencedMap<String, List<String>> words = new LinkedHashMap<>();
        words.put("a", List.of("animal", "small"));
        words.put("b", List.of("plant"));
        Tensor logits = Tensor.of(
                IntStream.range(0, SIZE.vocabSize()).mapToDouble(v -> v * v).toArray(), 1, SIZE.vocabSize());
        Verbalizer verbalizer = Verbalizer.of(words, TOKENIZER);
        assertThat(verbalizer.labels()).containsExactly("a", "b");
        double[] scores = verbalizer.scores(logits).toArray();
        double animal = id("animal");
        double small = id("small");
        assertThat(scores[0]).isCloseTo((animal * animal + small * small) / 2, within(1e-2)); // float32 at 1e4
        assertThat(scores[1]).isCloseTo(Math.pow(id("plant"), 2), within(1e-2));
    }

    @Property(tries = 200)
    void otherWordsDoNotMatterAndSwappedWordsSwapScores(@ForAll @LongRange(min = 0, max = 10_000) long seed) {
        Rng rng = Rng.of(seed);
        double[] logits =
                IntStream.range(0, SIZE.vocabSize()).mapToDouble(rng::gaussian).toArray();
        double[] others = logits.clone();
        List<Integer> own = List.of(id("animal"), id("plant"), id("move"));
        for (int v = 0; v < others.length; v++) {
            others[v] = own.contains(v) ? logits[v] : rng.at("others").gaussian(v) * 10;
        }
        Verbalizer verbalizer = Verbalizer.ofWords(words("a", "animal", "b", "plant", "c", "move"), TOKENIZER);
        Verbalizer swapped = Verbalizer.ofWords(words("a", "plant", "b", "animal", "c", "move"), TOKENIZER);
        double[] p = softmax(verbalizer, logits);
        assertThat(softmax(verbalizer, others)).containsExactly(p);
        double[] q = softmax(swapped, logits);
        assertThat(new double[] {q[1], q[0], q[2]}).containsExactly(p, within(1e-6));
        assertThat(Arrays.stream(p).sum()).isCloseTo(1, within(1e-6));
    }

    private static double[] softmax(Verbalizer verbalizer, double[] logits) {
        return verbalizer.scores(Tensor.of(logits, 1, logits.length)).softmax().toArray();
    }

    // --- classifiers

    /// The definition, for each example alone: the logits of all positions, at the gap, of the labels' words.
    @Test
    void scoresAreTheLogitsAtTheGap() {
        BertMaskedLm bert = new BertMaskedLm(SIZE, Rng.of(3)).eval();
        for (String pattern : List.of("[MASK] : {text}", "{text} [MASK]")) { // at one place, and at many
            ClozeClassifier classifier = cloze(bert, pattern, "a", "animal", "p", "plant");
            double[] all = classifier.scores(texts()).toArray();
            for (int b = 0; b < EXAMPLES.size(); b++) {
                int[] ids =
                        Pattern.of(pattern, TOKENIZER).fill(texts().get(b), 16).ids();
                double[] logits = bert.forward(
                                Indices.of(ids).reshape(1, ids.length),
                                Indices.of(new int[ids.length]).reshape(1, ids.length),
                                KeyMask.full())
                        .toArray();
                int gap = IntStream.range(0, ids.length)
                        .filter(place -> ids[place] == TOKENS.mask())
                        .findFirst()
                        .orElseThrow();
                int row = gap * SIZE.vocabSize();
                assertThat(all[2 * b]).isCloseTo(logits[row + id("animal")], within(1e-5));
                assertThat(all[2 * b + 1]).isCloseTo(logits[row + id("plant")], within(1e-5));
            }
        }
    }

    /// However many there are, each as if it were alone, and dropout is off.
    @Test
    void probabilitiesAreThoseOfEachAlone() {
        BertConfig drops = SIZE.withDropout(0.5);
        TextClassifier way = cloze(new BertMaskedLm(drops, Rng.of(3)), "{text} [MASK]", "a", "animal", "p", "plant");
        List<List<String>> many = IntStream.range(0, TextClassifier.BATCH + 3)
                .mapToObj(i -> texts().get((i + i / TextClassifier.BATCH) % 4))
                .toList();
        double[][] all = way.probabilities(many);
        for (int i = 0; i < many.size(); i++) {
            assertThat(all[i]).containsExactly(way.probabilities(many.subList(i, i + 1))[0], within(1e-6));
        }
        TextClassifier never = cloze(new BertMaskedLm(SIZE, Rng.of(3)), "{text} [MASK]", "a", "animal", "p", "plant");
        assertThat(never.probabilities(many)).isDeepEqualTo(all);
    }

    @Test
    void swappedVerbalizersSwapProbabilities() {
        BertMaskedLm bert = new BertMaskedLm(SIZE, Rng.of(3));
        double[][] p = cloze(bert, "{text} [MASK]", "a", "animal", "p", "plant").probabilities(texts());
        double[][] q = cloze(bert, "{text} [MASK]", "a", "plant", "p", "animal").probabilities(texts());
        for (int n = 0; n < p.length; n++) {
            assertThat(new double[] {q[n][1], q[n][0]}).containsExactly(p[n], within(1e-6));
        }
        assertThat(bert.training()).isTrue();
    }

    @Test
    void bothWaysLearnFourExamples() {
        BertMaskedLm bert = new BertMaskedLm(SIZE, Rng.of(3));
        List<TextClassifier> ways = List.of(
                ClsClassifier.of(bert, TOKENIZER, 2, Rng.of(4)),
                cloze(bert, "{text} [MASK]", "a", "animal", "p", "plant"));
        for (TextClassifier way : ways) {
            TrainConfig config = TrainConfig.defaults()
                    .withSteps(60)
                    .withWarmup(2)
                    .withLr(1e-2)
                    .withMinLr(1e-2)
                    .withEvalEvery(0);
            Classification task =
                    new Classification(way, EXAMPLES, EXAMPLES, new LanguageModelling.Sizes(4, 1), Rng.of(1));
            double before = task.evaluate(0).orElseThrow();
            Trainer.of(task, config).run();
            assertThat(task.evaluate(0).orElseThrow()).isLessThan(0.2 * before);
            assertThat(TextClassifier.accuracy(way.probabilities(texts()), EXAMPLES))
                    .isEqualTo(1);
        }
    }

    @Test
    void clsTakesTheEncoderAndLeavesTheBaseAlone() {
        BertMaskedLm bert = new BertMaskedLm(SIZE, Rng.of(3));
        ClsClassifier way = ClsClassifier.of(bert, TOKENIZER, 3, Rng.of(4));
        Map<String, Tensor> from = bert.namedParameters();
        long shared = way.model().namedParameters().entrySet().stream()
                .filter(each -> from.containsKey(each.getKey()))
                .peek(each -> {
                    assertThat(each.getValue().toFloatArray())
                            .isEqualTo(from.get(each.getKey()).toFloatArray());
                    assertThat(each.getValue()).isNotSameAs(from.get(each.getKey()));
                })
                .count();
        assertThat(shared).isEqualTo(from.size() - 5L); // without the masked-token head
        assertThat(way.scores(texts()).shape().dims()).containsExactly(4, 3);
        assertThat(way.scores(List.of(List.of("a ".repeat(40), "b ".repeat(40))))
                        .shape()
                        .dims())
                .containsExactly(1, 3); // shortened
    }

    @Test
    void gradientsOfBothWays() {
        BertMaskedLm bert = new BertMaskedLm(SIZE, Rng.of(3));
        ClozeClassifier cloze = cloze(bert, "{text} [MASK]", "a", "animal", "p", "plant");
        ClsClassifier cls = ClsClassifier.of(bert, TOKENIZER, 2, Rng.of(4));
        for (TextClassifier way : List.of(cloze, cls)) {
            way.model().to(DType.FLOAT64);
            Classification task =
                    new Classification(way, EXAMPLES, List.of(), new LanguageModelling.Sizes(4, 1), Rng.of(1));
            GradientCheck.sampled(task.parts(0).getFirst()::loss, way.model().namedParameters(), 5)
                    .requirePass();
            assertThat(task.evaluate(0)).isEmpty();
        }
    }

    @Test
    void anEnsembleIsTheMean() {
        double[][] one = {{0.2, 0.8}, {1, 0}};
        double[][] two = {{0.6, 0.4}, {0.5, 0.5}};
        assertThat(Ensemble.mean(List.of(one, two))[0]).containsExactly(new double[] {0.4, 0.6}, within(1e-15));
        assertThat(Ensemble.mean(List.of(one, two))[1]).containsExactly(new double[] {0.75, 0.25}, within(1e-15));
        assertThatThrownBy(() -> Ensemble.mean(List.of())).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> Ensemble.mean(List.of(one, new double[][] {{1, 0}})))
                .hasMessageContaining("same classes");
    }

    @Test
    void anEpochHasEveryExampleOnce() {
        BertMaskedLm bert = new BertMaskedLm(SIZE, Rng.of(3));
        Classification task = new Classification(
                cloze(bert, "{text} [MASK]", "a", "animal", "p", "plant"),
                EXAMPLES,
                List.of(),
                new LanguageModelling.Sizes(2, 1),
                Rng.of(1));
        List<Example> seen = new java.util.ArrayList<>(task.parts(4).getFirst().examples());
        seen.addAll(task.parts(5).getFirst().examples());
        assertThat(seen).containsExactlyInAnyOrderElementsOf(EXAMPLES);
        assertThat(task.parts(4).getFirst().examples())
                .isEqualTo(task.parts(4).getFirst().examples());
    }

    /// Whatever the batch, the mean is that of the examples; and a later epoch has another order.
    @Test
    void theEvaluationIsTheMeanOverExamples() {
        BertMaskedLm bert = new BertMaskedLm(SIZE.withDropout(0.5), Rng.of(3));
        ClozeClassifier way = cloze(bert, "{text} [MASK]", "a", "animal", "p", "plant");
        LanguageModelling.Sizes three = new LanguageModelling.Sizes(3, 1);
        Classification task = new Classification(way, EXAMPLES, EXAMPLES, three, Rng.of(1));
        double[] losses = EXAMPLES.stream()
                .mapToDouble(each -> -Math.log(way.probabilities(List.of(each.texts()))[0][each.label()]))
                .toArray();
        assertThat(task.evaluate(0).orElseThrow())
                .isCloseTo(Arrays.stream(losses).average().orElseThrow(), within(1e-6));
        assertThat(task.evaluate(1).orElseThrow())
                .isCloseTo(Arrays.stream(losses, 0, 3).average().orElseThrow(), within(1e-6));
        Classification whole =
                new Classification(way, EXAMPLES, List.of(), new LanguageModelling.Sizes(4, 1), Rng.of(1));
        assertThat(IntStream.range(0, 8)
                        .mapToObj(epoch -> whole.parts(epoch).getFirst().examples())
                        .distinct()
                        .count())
                .isGreaterThan(2);
    }

    /// `[CLS] text [SEP] text2 [SEP]`.
    @Test
    void clsReadsTextsWithTheirEnds() {
        ClsClassifier way = ClsClassifier.of(new BertMaskedLm(SIZE, Rng.of(3)), TOKENIZER, 2, Rng.of(4));
        way.model() // so large that a token more or less matters
                .namedParameters()
                .forEach((name, each) -> each.copyFrom(each.detach()
                        .add(Tensor.randn(Rng.of(6).at(name), each.shape().dims())
                                .mul(0.3))));
        int[] ids = {TOKENS.cls(), id("small"), id("animal"), TOKENS.sep(), id("plant"), TOKENS.sep()};
        double[] expected = way.model()
                .forward(
                        Indices.of(ids).reshape(1, ids.length),
                        Indices.of(new int[ids.length]).reshape(1, ids.length),
                        KeyMask.full())
                .toArray();
        assertThat(way.scores(List.of(List.of("small animal", "plant"))).toArray())
                .containsExactly(expected, within(1e-5)); // sums of 8 terms of order 1 in float32
    }

    @Test
    void badExamples() {
        BertMaskedLm bert = new BertMaskedLm(SIZE, Rng.of(3));
        ClozeClassifier way = cloze(bert, "{text} [MASK]", "a", "animal", "p", "plant");
        LanguageModelling.Sizes sizes = new LanguageModelling.Sizes(4, 1);
        assertThatThrownBy(() -> new Classification(way, List.of(), List.of(), sizes, Rng.of(1)))
                .isInstanceOf(DataException.class);
        assertThatThrownBy(() -> new Classification(way, List.of(new Example("a", 2)), List.of(), sizes, Rng.of(1)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("label 2 is out of range");
        assertThatThrownBy(() -> new Example(List.of(), 0)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new Example("a", -1)).hasMessageContaining("at least 0");
    }
}
