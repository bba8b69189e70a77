package gradus.lessons.retrieve.rerank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.CorruptCheckpointException;
import gradus.error.DataException;
import gradus.layers.model.BertEncoder;
import gradus.layers.model.config.BertConfig;
import gradus.lessons.retrieve.search.Hit;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.train.WordPieceFrequencyTrainer;
import gradus.tokenizer.train.WordPieceTrainerOptions;
import gradus.train.TrainingListener;
import gradus.train.corpus.ControlTokens;
import gradus.train.run.SavedEmbedding;
import gradus.train.task.EncoderTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrossEncoderTest {
    private static final List<String> WORDS =
            List.of("cat", "dog", "oak", "fern", "rose", "ox", "mouse", "run", "walk", "fly");
    private static final Tokenizer TOKENIZER = new WordPieceFrequencyTrainer(WordPieceTrainerOptions.of(300))
            .train(String.join(" ", WORDS).repeat(20) + " about a the");
    private static final EncoderTokens TOKENS = ControlTokens.of(TOKENIZER);
    private static final BertConfig SIZE = new BertConfig(TOKENIZER.vocabularySize(), 12, 2, 1, 2, 16, 32, 0.0, 1e-12);

    private static CrossEncoder encoder(long seed) {
        CrossEncoder made = new CrossEncoder(SIZE, TOKENIZER, Rng.of(seed));
        made.model()
                .namedParameters()
                .forEach((name, each) -> each.copyFrom(each.detach()
                        .add(Tensor.randn(
                                        Rng.of(seed).at("more").at(name),
                                        each.shape().dims())
                                .mul(0.2))));
        made.model().eval();
        return made;
    }

    /// One pair read alone, by loops over its states.
    private static double loop(CrossEncoder made, String query, String passage) {
        PairScorer model = (PairScorer) made.model();
        PairScorer.Pair pair = PairScorer.pair(
                TOKENIZER.encode(query), TOKENIZER.encode(passage), TOKENS.cls(), TOKENS.sep(), SIZE.context());
        int time = pair.ids().length;
        double[] states = model.encoder()
                .forward(
                        Indices.of(pair.ids()).reshape(1, time),
                        Indices.of(new int[time]).reshape(1, time),
                        KeyMask.full())
                .toArray();
        double[] u = mean(states, 1, 1 + pair.question());
        double[] v = mean(states, pair.question() + 2, time - 1);
        double[] weight = model.namedParameters().get("head.weight").toArray();
        double score = model.namedParameters().get("head.bias").item();
        double dot = 0;
        double a = 1e-12;
        double b = 1e-12;
        for (int c = 0; c < SIZE.dim(); c++) {
            score += weight[c] * Math.abs(u[c] - v[c]) + weight[SIZE.dim() + c] * u[c] * v[c];
            dot += u[c] * v[c];
            a += u[c] * u[c];
            b += v[c] * v[c];
        }
        return score + model.namedParameters().get("scale").item() * dot / Math.sqrt(a * b);
    }

    private static double[] mean(double[] states, int from, int to) {
        double[] mean = new double[SIZE.dim()];
        for (int t = from; t < to; t++) {
            for (int c = 0; c < mean.length; c++) {
                mean[c] += states[t * mean.length + c] / (to - from);
            }
        }
        return mean;
    }

    /// Sums of some hundred terms of order 1, times 10, in float64.
    @Test
    void aScoreIsThatOfThePairReadAlone() {
        CrossEncoder made = encoder(1);
        made.model().to(DType.FLOAT64);
        List<String> texts = List.of("cat dog", "oak", "fern rose ox mouse run walk fly cat dog oak fern", "");
        double[] scores = made.scores("rose fly", texts);
        for (int i = 0; i < texts.size(); i++) {
            assertThat(scores[i]).isCloseTo(loop(made, "rose fly", texts.get(i)), within(1e-10));
        }
        List<String> many = new ArrayList<>(Collections.nCopies(70, "cat dog")); // more than are scored at a time
        many.set(3, "oak");
        many.set(69, "oak");
        double[] found = made.scores("rose fly", many);
        for (int i = 0; i < found.length; i++) {
            assertThat(found[i]).isCloseTo(many.get(i).equals("oak") ? scores[1] : scores[0], within(1e-12));
        }
        assertThat(made.scores("rose fly", texts.subList(1, 2))[0])
                .as("whatever stands beside it")
                .isCloseTo(scores[1], within(1e-12));
    }

    @Test
    void whatIsTooLongIsCut() {
        int[] ten = {10, 11, 12, 13, 14, 15, 16, 17, 18, 19};
        int[] two = {20, 21};
        assertThat(PairScorer.pair(two, ten, 1, 2, 9).ids()).containsExactly(1, 20, 21, 2, 10, 11, 12, 13, 2);
        assertThat(PairScorer.pair(ten, two, 1, 2, 9).ids()).containsExactly(1, 10, 11, 12, 13, 2, 20, 21, 2);
        assertThat(PairScorer.pair(ten, ten, 1, 2, 9).ids()).containsExactly(1, 10, 11, 12, 2, 10, 11, 12, 2);
        assertThat(PairScorer.pair(two, two, 1, 2, 9).ids()).containsExactly(1, 20, 21, 2, 20, 21, 2);
        assertThat(PairScorer.pair(ten, two, 1, 2, 9).question()).isEqualTo(4);
    }

    /// A question asks for the word in it; wrong passages have other words.
    private static List<RankingExample> examples() {
        List<RankingExample> examples = new ArrayList<>();
        for (int i = 0; i < WORDS.size(); i++) {
            List<String> wrong = new ArrayList<>();
            for (int j = 1; j < 4; j++) {
                wrong.add("a " + WORDS.get((i + j) % WORDS.size()));
            }
            examples.add(new RankingExample("about the " + WORDS.get(i), "a " + WORDS.get(i), wrong));
        }
        return examples;
    }

    @Test
    void theLossIsTheCrossEntropyOfTheRightPassage() {
        CrossEncoder made = encoder(2);
        made.model().to(DType.FLOAT64);
        ListwiseRanking task = new ListwiseRanking(made, examples(), 3, Rng.of(4));
        double expected = 0;
        for (int i = 0; i < 3; i++) {
            RankingExample each = examples().get(Rng.of(4).at(7).index(i, 10));
            double own = Math.exp(loop(made, each.query(), each.positive()));
            double all = own;
            for (String wrong : each.wrong()) {
                all += Math.exp(loop(made, each.query(), wrong));
            }
            expected -= Math.log(own / all) / 3;
        }
        ListwiseRanking.Lists part = task.parts(7).getFirst();
        assertThat(part.loss().item()).isCloseTo(expected, within(1e-10));
        assertThat(part.counted()).isEqualTo(3);
        GradientCheck.sampled(part::loss, made.model().namedParameters(), 4).requirePass();
    }

    @Test
    void itLearnsToRankAndIsTheSameWhenOpenedAgain(@TempDir Path folder) {
        CrossEncoder made = new CrossEncoder(SIZE, TOKENIZER, Rng.of(1));
        made.train(examples(), 60, 3, new TrainingListener() {});
        List<Hit> candidates =
                WORDS.stream().map(word -> new Hit("a " + word, 1)).toList();
        int right = 0;
        for (String word : WORDS) {
            List<Hit> reranked = made.rerank("about the " + word, candidates, id -> id);
            assertThat(Hit.ids(reranked)).containsExactlyInAnyOrderElementsOf(Hit.ids(candidates));
            right += reranked.getFirst().id().equals("a " + word) ? 1 : 0;
        }
        assertThat(right).isGreaterThanOrEqualTo(8);
        made.save(folder);
        assertThat(CrossEncoder.isIn(folder)).isTrue();
        CrossEncoder again = CrossEncoder.load(folder);
        assertThat(again.scores("about the cat", WORDS)).isEqualTo(made.scores("about the cat", WORDS));
    }

    @Test
    void itStartsFromAnEncoderOfTexts() {
        BertEncoder encoder = new BertEncoder(SIZE, Rng.of(8));
        CrossEncoder made = CrossEncoder.of(new SavedEmbedding(encoder, (TokenizerPipeline) TOKENIZER), Rng.of(1));
        made.model().namedParameters().forEach((name, parameter) -> {
            if (name.startsWith("encoder.")) {
                Tensor from = encoder.namedParameters().get(name.substring("encoder.".length()));
                assertThat(parameter.toFloatArray()).isEqualTo(from.toFloatArray());
                assertThat(parameter).isNotSameAs(from);
            }
        });
    }

    @Test
    void badInput(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> new RankingExample("q", "a", List.of())).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new RankingExample("q", "a", List.of("b", "a")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("right and wrong at once");
        CrossEncoder made = new CrossEncoder(SIZE, TOKENIZER, Rng.of(1));
        assertThatThrownBy(() -> made.train(List.of(), 1, 1, new TrainingListener() {}))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no questions");
        List<RankingExample> uneven = new ArrayList<>(examples());
        uneven.add(new RankingExample("q", "a", List.of("b")));
        assertThatThrownBy(() -> made.train(uneven, 1, 1, new TrainingListener() {}))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("equally many");
        assertThat(CrossEncoder.isIn(folder)).isFalse();
        made.save(folder);
        Files.writeString(folder.resolve("cross_encoder.json"), "{");
        assertThatThrownBy(() -> CrossEncoder.load(folder)).isInstanceOf(CorruptCheckpointException.class);
        for (String damaged : List.of("{}", "{\"vocabulary\": \"many\"}", "{\"vocabulary\": 9, \"context\": -1}")) {
            Files.writeString(folder.resolve("cross_encoder.json"), damaged);
            assertThatThrownBy(() -> CrossEncoder.load(folder))
                    .as(damaged)
                    .isInstanceOf(CorruptCheckpointException.class)
                    .hasMessageContaining("cross_encoder.json");
        }
    }
}
