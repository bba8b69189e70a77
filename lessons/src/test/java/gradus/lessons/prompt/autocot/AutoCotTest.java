package gradus.lessons.prompt.autocot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.ScriptedModel;
import gradus.lessons.prompt.Thought;
import gradus.lessons.prompt.answer.AnswerExtractor;
import gradus.lessons.prompt.demonstration.Demonstration;
import gradus.lessons.prompt.method.FewShotChain;
import gradus.lessons.prompt.method.ZeroShotChain;
import gradus.lessons.retrieve.embed.Embedder;
import gradus.lessons.retrieve.search.SentenceEmbedder;
import gradus.tensor.random.Rng;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AutoCotTest {
    private static final AnswerExtractor NUMBER = AnswerExtractor.number();

    private static float[][] vectors(List<Integer> numbers) {
        float[][] vectors = new float[numbers.size() / 2][];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = new float[] {numbers.get(2 * i), numbers.get(2 * i + 1)};
        }
        return vectors;
    }

    private static double squared(float[] a, double[] b) {
        return Math.pow(a[0] - b[0], 2) + Math.pow(a[1] - b[1], 2);
    }

    /// At the end every vector is nearest to its centre, every centre is the mean of its vectors (after the
    /// last assignment moved nothing), no cluster is empty, and the sum is what the definition says.
    @Property(tries = 200)
    void lloydsFixedPoint(
            @ForAll @Size(min = 2, max = 40) List<@IntRange(min = -9, max = 9) Integer> numbers,
            @ForAll @IntRange(min = 1, max = 6) int most,
            @ForAll @IntRange(min = 1, max = 9) int grain,
            @ForAll long seed) {
        float[][] vectors = vectors(numbers.stream().map(x -> x / grain).toList()); // coarse ones are often equal
        int k = Math.min(most, vectors.length);
        KMeans means = KMeans.of(vectors, k, Rng.of(seed));
        double inertia = 0;
        for (int c = 0; c < k; c++) {
            int cluster = c;
            int[] own = means.nearestFirst(c, vectors);
            assertThat(own).isNotEmpty();
            for (int axis = 0; axis < 2; axis++) {
                int a = axis;
                double mean = IntStream.of(own)
                        .mapToDouble(i -> vectors[i][a])
                        .average()
                        .orElseThrow();
                assertThat(means.centres()[c][axis]).isCloseTo(mean, within(1e-12));
            }
            for (int i : own) {
                assertThat(means.cluster()[i]).isEqualTo(cluster);
                inertia += squared(vectors[i], means.centres()[c]);
                for (double[] other : means.centres()) {
                    assertThat(squared(vectors[i], means.centres()[c]))
                            .isLessThanOrEqualTo(squared(vectors[i], other) + 1e-9);
                }
            }
            for (int i = 1; i < own.length; i++) {
                assertThat(squared(vectors[own[i - 1]], means.centres()[c]))
                        .isLessThanOrEqualTo(squared(vectors[own[i]], means.centres()[c]));
            }
        }
        assertThat(means.inertia()).isCloseTo(inertia, within(1e-9));
        assertThat(KMeans.of(vectors, k, Rng.of(seed)).cluster()).isEqualTo(means.cluster());
    }

    /// Three heaps far apart are found, from every seed.
    @Property(tries = 200)
    void heapsAreFound(@ForAll long seed) {
        float[][] vectors = new float[30][];
        for (int i = 0; i < 30; i++) {
            double far = 100 * (i % 3);
            vectors[i] = new float[] {(float) (far + Rng.of(seed).uniform(i)), (float) -far};
        }
        int[] cluster = KMeans.of(vectors, 3, Rng.of(seed)).cluster();
        for (int i = 3; i < 30; i++) {
            assertThat(cluster[i]).isEqualTo(cluster[i % 3]);
        }
        assertThat(IntStream.of(cluster).distinct().count()).isEqualTo(3);
    }

    /// Of ten beginnings the best end is taken: on these few points nearly always the best there is, found by
    /// trying all divisions. One beginning alone ends worse more often.
    @Test
    void theBestOfTenBeginnings() {
        int best = 0;
        for (long seed = 0; seed < 40; seed++) {
            float[][] vectors = new float[9][];
            for (int i = 0; i < vectors.length; i++) {
                vectors[i] = new float[] {(float) Rng.of(seed).at("points").uniform(i)};
            }
            double least = Double.POSITIVE_INFINITY;
            for (int code = 0; code < 19_683; code++) { // 3⁹
                least = Math.min(least, inertia(code, vectors));
            }
            double found = KMeans.of(vectors, 3, Rng.of(seed)).inertia();
            assertThat(found).isGreaterThan(least - 1e-9);
            best += found < least + 1e-9 ? 1 : 0;
        }
        assertThat(best).isGreaterThanOrEqualTo(38);
    }

    private static double inertia(int code, float[]... points) {
        double[] sum = new double[3];
        double[] squares = new double[3];
        int[] sizes = new int[3];
        int rest = code;
        for (float[] point : points) {
            sum[rest % 3] += point[0];
            squares[rest % 3] += point[0] * (double) point[0];
            sizes[rest % 3]++;
            rest /= 3;
        }
        double inertia = 0;
        for (int c = 0; c < 3; c++) {
            inertia += sizes[c] == 0 ? 0 : squares[c] - sum[c] * sum[c] / sizes[c];
        }
        return inertia;
    }

    private static Outcome chain(String rationale, String answer) {
        return new Outcome(Optional.ofNullable(answer), List.of(new Thought("rationale", "x", rationale)));
    }

    @Test
    void theRules() {
        AutoCotRules rules = AutoCotRules.arithmetic();
        assertThat(rules.allows("w ".repeat(60))).isTrue();
        assertThat(rules.allows("w ".repeat(61))).isFalse();
        assertThat(rules.allows(chain("Two and two.\n\nSo 4.", "4"))).isTrue();
        assertThat(rules.allows(chain("1\n2\n3\n4\nIt is 5.", "5"))).isTrue();
        assertThat(rules.allows(chain("1\n2\n3\n4\n5\nIt is 6.", "6")))
                .as("6 lines")
                .isFalse();
        assertThat(rules.allows(chain("So 4", "4"))).as("no full stop").isFalse();
        assertThat(rules.allows(chain("So 4.", null))).as("no answer").isFalse();
        assertThat(rules.allows(chain("", "4"))).isFalse();
        String far = "We have 4 here. " + "More and more words follow on. ".repeat(3) + "That is all there is to it.";
        assertThat(rules.allows(chain(far, "4")))
                .as("the answer is far from the end")
                .isFalse();
        assertThat(AutoCotRules.general().allows(chain(far, "4"))).isTrue();
        assertThat(rules.allows(chain("It is $1,250. That is all.", "1250")))
                .as("of the last ten words")
                .isTrue();
        String tenth = "It is 4, one. two three four five six seven eight nine.";
        assertThat(rules.allows(chain(tenth, "4"))).as("the tenth last word").isTrue();
        assertThat(rules.allows(chain(tenth.replace("nine", "nine ten"), "4")))
                .as("the eleventh last word")
                .isFalse();
        assertThatThrownBy(() -> new AutoCotRules(0, 5, true)).isInstanceOf(ConfigException.class);
    }

    /// Of each cluster the nearest to the centre whose rationale obeys; no more is asked than needed; where
    /// none does, the cluster has none.
    @Test
    void oneOfEachCluster() {
        Embedder embedder = texts -> texts.stream()
                .map(each -> new float[] {each.charAt(0) * 1000, Integer.parseInt(each.substring(1))})
                .toArray(float[][]::new);
        List<String> questions = List.of("a1", "a5", "a6", "b0", "b1", "b9", "c3");
        ScriptedModel model = ScriptedModel.empty()
                .when(prompt -> prompt.contains("Therefore"), " 7")
                .when(prompt -> prompt.contains("a5"), "So it is 7")
                .when(prompt -> prompt.contains("c3"), "No.")
                .when(prompt -> true, "It\nis 7.");
        AutoCot automatic = new AutoCot(embedder, new ZeroShotChain(model, NUMBER), 3, AutoCotRules.arithmetic(), 4);
        List<Demonstration> made = automatic.demonstrations(questions);
        assertThat(made)
                .containsExactlyInAnyOrder(
                        new Demonstration("a6", "It is 7.", "7"), new Demonstration("b1", "It is 7.", "7"));
        assertThat(model.prompts()).as("a5, a6, b1 and c3, two prompts each").hasSize(8);
        assertThat(automatic.demonstrations(questions)).isEqualTo(made);
        ScriptedModel answering = ScriptedModel.inOrder("The answer is 9.");
        assertThat(new FewShotChain(answering, made, NUMBER).ask("q").answer()).contains("9");
    }

    @Test
    void byMiniLm() {
        List<String> questions = List.of(
                "How many legs have two cats?",
                "What is 3 plus 4?",
                "How many legs have five dogs?",
                "What is 8 plus 1?");
        ScriptedModel model = ScriptedModel.empty()
                .when(prompt -> prompt.contains("Therefore"), " 7")
                .when(prompt -> true, "It is 7.");
        List<Demonstration> made = new AutoCot(
                        SentenceEmbedder.miniLm(), new ZeroShotChain(model, NUMBER), 2, AutoCotRules.arithmetic(), 0)
                .demonstrations(questions);
        assertThat(made.stream().map(each -> each.question().startsWith("How"))).containsExactlyInAnyOrder(true, false);
    }

    @Test
    void mistakes() {
        AutoCot automatic = new AutoCot(
                texts -> new float[texts.size()][1],
                new ZeroShotChain(ScriptedModel.empty(), NUMBER),
                3,
                AutoCotRules.general(),
                0);
        assertThatThrownBy(() -> automatic.demonstrations(List.of("a", "b")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("clusters must be 1 to 2, as many as there are questions; got 3");
    }
}
