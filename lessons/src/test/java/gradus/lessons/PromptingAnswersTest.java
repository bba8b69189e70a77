package gradus.lessons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.ScriptedModel;
import gradus.lessons.prompt.answer.AnswerExtractor;
import gradus.lessons.prompt.data.InstructionFilter;
import gradus.lessons.prompt.data.RougeL;
import gradus.lessons.prompt.demonstration.Demonstration;
import gradus.lessons.prompt.demonstration.LabelProbabilities;
import gradus.lessons.prompt.demonstration.SimilarSelection;
import gradus.lessons.prompt.method.Votes;
import gradus.lessons.prompt.react.ReAct;
import gradus.lessons.prompt.react.tool.Calculator;
import gradus.lessons.prompt.react.tool.ToolRun;
import gradus.lessons.prompt.template.PromptTemplate;
import gradus.lessons.prompt.tree.Game24;
import gradus.lessons.prompt.tree.Keep;
import gradus.lessons.prompting.CalibrateLabels;
import gradus.lessons.prompting.FillTemplate;
import gradus.lessons.prompting.NearestExamples;
import gradus.lessons.selfinstruct.ClusterExample;
import gradus.lessons.selfinstruct.PoolFilter;
import gradus.lessons.selfinstruct.RougeScore;
import gradus.lessons.thoughts.BreadthStep;
import gradus.lessons.thoughts.FractionMoves;
import gradus.lessons.thoughts.ReactLoop;
import gradus.lessons.votes.LastNumber;
import gradus.lessons.votes.MajorityOdds;
import gradus.lessons.votes.MajorityVote;
import gradus.lessons.votes.WeightedVotes;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// The answers of the lessons on prompting are what the library's own methods give, or what
/// counting all cases gives: so an answer and its grader cannot share a mistake.
class PromptingAnswersTest {
    /// Sums and quotients of at most 100 numbers of size 1.
    private static final double ROUNDING = 1e-12;

    private static double[] probabilities(Rng rng, int count) {
        return Tensor.randn(rng, count).to(DType.FLOAT64).softmax().toArray();
    }

    @Property(tries = 200)
    void templates(@ForAll long seed, @ForAll @IntRange(max = 8) int parts) {
        Rng rng = Rng.of(seed);
        String[] names = {"a", "B", "b", "long_name"};
        String[] texts = {"", "x", "\n", "$1", "\\", "{a}", "}", "é"};
        StringBuilder template = new StringBuilder();
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < parts; i++) {
            String name = names[rng.at("name").index(i, names.length)];
            template.append(texts[rng.at("text").index(i, 5)])
                    .append('{')
                    .append(name)
                    .append('}');
            values.put(name, texts[rng.at("value").index(i, texts.length)]);
        }
        assertThat(FillTemplate.fill(template.toString(), values))
                .isEqualTo(PromptTemplate.of(template.toString()).fill(values));
    }

    /// The cosines of drawn vectors differ by more than float32 rounds, but for a pair in some 10⁶.
    @Property(tries = 200)
    void examples(@ForAll long seed, @ForAll @IntRange(min = 2, max = 9) int n, @ForAll @IntRange(max = 8) int drawn) {
        float[][] vectors = new float[n][];
        double[][] same = new double[n][];
        for (int i = 0; i < n; i++) {
            same[i] = Tensor.randn(Rng.of(seed).at(i), 5).mul(1 + i).toArray();
            double length = Math.sqrt(Arrays.stream(same[i]).map(x -> x * x).sum());
            vectors[i] = new float[5]; // of length 1, as an embedder gives them
            for (int c = 0; c < 5; c++) {
                vectors[i][c] = (float) (same[i][c] / length);
            }
        }
        int question = drawn % n;
        int k = 1 + drawn % (n - 1);
        List<Demonstration> pool = IntStream.range(0, n)
                .filter(i -> i != question)
                .mapToObj(i -> new Demonstration("" + i, "", "answer"))
                .toList();
        SimilarSelection selection = new SimilarSelection(
                texts -> texts.stream()
                        .map(each -> vectors[Integer.parseInt(each)])
                        .toArray(float[][]::new),
                pool,
                k);
        List<String> expected = selection.select("" + question).stream()
                .map(Demonstration::question)
                .toList();
        assertThat(Arrays.stream(NearestExamples.choose(same, question, k)).mapToObj(Integer::toString))
                .isEqualTo(expected);
    }

    @Property(tries = 200)
    void calibration(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 6) int labels,
            @ForAll @IntRange(min = 1, max = 4) int questions) {
        double[] p = probabilities(Rng.of(seed), labels);
        double[][] free = new double[questions][];
        double[] mean = new double[labels];
        for (int i = 0; i < questions; i++) {
            free[i] = probabilities(Rng.of(seed).at(i), labels);
            for (int y = 0; y < labels; y++) {
                mean[y] += free[i][y] / questions;
            }
        }
        List<String> names =
                IntStream.range(0, labels).mapToObj(y -> "label " + y).toList();
        double[] expected = new LabelProbabilities(null, null, List.of(), names).calibrated(p, mean);
        assertThat(CalibrateLabels.calibrate(p, free)).containsExactly(expected, within(ROUNDING));
    }

    @Property(tries = 200)
    void numbers(@ForAll long seed, @ForAll @IntRange(max = 6) int parts) {
        Rng rng = Rng.of(seed);
        String[] written = {
            "so", "7", "-12", "1,250", "2,000,000.25", "0.5", "cats.", "18.", "and", "3-2", "=", "$1,000"
        };
        String text = IntStream.range(0, parts)
                .mapToObj(i -> written[rng.index(i, written.length)])
                .collect(Collectors.joining(" "));
        Optional<String> expected = AnswerExtractor.number().extract(text);
        if (expected.isEmpty()) {
            assertThat(LastNumber.last(text)).isEmpty();
        } else {
            assertThat(LastNumber.last(text)).hasValue(Double.parseDouble(expected.get()));
        }
    }

    @Property(tries = 200)
    void votes(@ForAll long seed, @ForAll @IntRange(max = 12) int chains) {
        Rng rng = Rng.of(seed);
        List<Optional<String>> answers = new ArrayList<>();
        double[][] logs = new double[chains][];
        List<Votes.Vote> counted = new ArrayList<>();
        List<Votes.Vote> weighed = new ArrayList<>();
        for (int i = 0; i < chains; i++) {
            int answer = rng.at("answer").index(i, 4);
            answers.add(answer == 3 ? Optional.empty() : Optional.of("n" + answer));
            logs[i] = Arrays.stream(Tensor.rand(rng.at(i), 1 + i % 5).toArray())
                    .map(Math::log)
                    .toArray();
            if (answer < 3) {
                counted.add(new Votes.Vote("n" + answer, 1));
                double product = Arrays.stream(logs[i]).map(Math::exp).reduce(1, (a, b) -> a * b);
                weighed.add(new Votes.Vote("n" + answer, Math.pow(product, 1.0 / logs[i].length)));
            }
        }
        assertThat(MajorityVote.winner(answers)).isEqualTo(new Votes(counted).winner());
        Map<String, Double> totals = WeightedVotes.totals(answers, logs);
        Map<String, Double> expected = new Votes(weighed).totals();
        assertThat(totals).containsOnlyKeys(expected.keySet());
        expected.forEach((answer, total) -> assertThat(totals.get(answer)).isCloseTo(total, within(ROUNDING)));
    }

    /// Exactly, in whole numbers: p is a number of eighths.
    @Property(tries = 200)
    void odds(@ForAll @IntRange(min = 1, max = 7) int eighths, @ForAll @IntRange(min = 1, max = 60) int n) {
        BigInteger twice = BigInteger.ZERO; // of 8ⁿ times the odds
        BigInteger choose = BigInteger.ONE;
        for (int k = 0; k <= n; k++) {
            BigInteger term = choose.multiply(BigInteger.valueOf(eighths).pow(k))
                    .multiply(BigInteger.valueOf(8 - eighths).pow(n - k));
            twice = twice.add(term.multiply(BigInteger.valueOf(1 + Integer.signum(2 * k - n))));
            choose = choose.multiply(BigInteger.valueOf(n - k)).divide(BigInteger.valueOf(k + 1));
        }
        double expected = new BigDecimal(twice)
                .divide(new BigDecimal(BigInteger.TWO.pow(3 * n + 1)))
                .doubleValue();
        assertThat(MajorityOdds.right(eighths / 8.0, n)).isCloseTo(expected, within(1e-11));
    }

    @Property(tries = 200)
    void moves(@ForAll @IntRange(max = 30) int a, @ForAll @IntRange(max = 30) int b) {
        Set<String> expected = Game24.of(a + " " + b).all("").stream()
                .map(state -> state.replaceAll(".*\\(left: (.*)\\)", "$1"))
                .collect(Collectors.toSet());
        List<String> results = FractionMoves.results(new long[] {a, 1}, new long[] {b, 1});
        assertThat(results).doesNotHaveDuplicates();
        assertThat(Set.copyOf(results)).isEqualTo(expected);
    }

    /// With fractions: their values are those of the six operations on doubles.
    @Property(tries = 200)
    void movesOfFractions(
            @ForAll @IntRange(min = -9, max = 9) int a,
            @ForAll @IntRange(min = 1, max = 9) int below,
            @ForAll @IntRange(min = -9, max = 9) int b,
            @ForAll @IntRange(min = 1, max = 9) int other) {
        double x = (double) a / below;
        double y = (double) b / other;
        Set<Long> expected = new java.util.TreeSet<>();
        for (double value : new double[] {x + y, x - y, y - x, x * y, x / y, y / x}) {
            if (Double.isFinite(value)) {
                expected.add(Math.round(value * 1e9)); // values differ by 1/(81·81) at least
            }
        }
        Set<Long> values = new java.util.TreeSet<>();
        for (String each : FractionMoves.results(new long[] {a, below}, new long[] {b, other})) {
            assertThat(each).matches("-?\\d+(/\\d+)?");
            String[] parts = each.split("/");
            long above = Long.parseLong(parts[0]);
            long under = parts.length == 1 ? 1 : Long.parseLong(parts[1]);
            assertThat(BigInteger.valueOf(above).gcd(BigInteger.valueOf(under))).isEqualTo(BigInteger.ONE);
            values.add(Math.round((double) above / under * 1e9));
        }
        assertThat(values).isEqualTo(expected);
    }

    @Property(tries = 200)
    void breadth(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 4) int kept,
            @ForAll @IntRange(min = 1, max = 6) int b) {
        Rng rng = Rng.of(seed);
        Map<String, List<String>> next = new TreeMap<>();
        Map<String, Double> scores = new TreeMap<>();
        List<String> states = IntStream.range(0, kept).mapToObj(i -> "k" + i).toList();
        for (int i = 0; i < kept; i++) {
            Rng own = rng.at("next").at(i);
            next.put(
                    "k" + i,
                    IntStream.range(0, rng.at("count").index(i, 5))
                            .mapToObj(j -> "s" + own.index(j, 9))
                            .toList());
            scores.put("k" + i, 9.0);
        }
        for (int i = 0; i < 9; i++) {
            scores.put("s" + i, (double) rng.at("score").index(i, 5));
        }
        List<String> all = states.stream()
                .flatMap(state -> next.get(state).stream())
                .distinct()
                .toList();
        double[] values = all.stream().mapToDouble(scores::get).toArray();
        assertThat(BreadthStep.step(states, next, scores, b))
                .isEqualTo(
                        Keep.greedy().of(values, b, rng).stream().map(all::get).toList());
    }

    /// The library's model writes thoughts too, and its tools have other names; the answers are the same.
    @Property(tries = 200)
    void react(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int most) {
        String[] actions = {"calculate[2 * 3]", "calculate[cat]", "calculate[(1 + 2) * 3]", "nothing[x]", "finish[6]"};
        List<String> drawn = IntStream.range(0, most)
                .mapToObj(i -> actions[Rng.of(seed).index(i, actions.length)])
                .toList();
        ScriptedModel model = ScriptedModel.inOrder(
                drawn.stream().map(each -> " I act.\nAction: " + each).toArray(String[]::new));
        ReAct react =
                new ReAct(model, List.of(new Calculator()), most, ToolRun.defaults(), CompletionOptions.defaults());
        Calculator calculator = new Calculator();
        Map<String, UnaryOperator<String>> tools = Map.of("calculate", calculator::use);
        UnaryOperator<String> script = read -> drawn.get((int) read.lines().count() / 2);
        assertThat(ReactLoop.run(script, tools, most))
                .isEqualTo(react.ask("How much?").answer());
    }

    @Property(tries = 200)
    void alike(@ForAll long seed, @ForAll @IntRange(max = 9) int n, @ForAll @IntRange(max = 9) int m) {
        List<String> a = words(Rng.of(seed).at(1), n);
        List<String> b = words(Rng.of(seed).at(2), m);
        assertThat(RougeScore.f(a, b))
                .isCloseTo(RougeL.f(a, b), within(ROUNDING))
                .isEqualTo(RougeScore.f(b, a));
    }

    private static List<String> words(Rng rng, int count) {
        return IntStream.range(0, count).mapToObj(i -> "w" + rng.index(i, 4)).toList();
    }

    /// Texts of ten words, which no other rule refuses.
    @Property(tries = 200)
    void pool(@ForAll long seed, @ForAll @IntRange(max = 4) int seeds, @ForAll @IntRange(max = 8) int others) {
        InstructionFilter filter = new InstructionFilter(0.7);
        List<List<String>> texts = new ArrayList<>();
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < seeds + others; i++) {
            texts.add(words(Rng.of(seed).at(i), 10));
            String text = String.join(" ", texts.get(i));
            if (i < seeds) {
                filter.add(text);
            } else if (filter.offer(text).isEmpty()) {
                expected.add(i);
            }
        }
        double[][] like = new double[texts.size()][];
        for (int i = 0; i < like.length; i++) {
            List<String> own = texts.get(i);
            like[i] = texts.stream().mapToDouble(each -> RougeL.f(own, each)).toArray();
        }
        assertThat(PoolFilter.kept(like, seeds, 0.7))
                .containsExactly(expected.stream().mapToInt(i -> i).toArray());
    }

    /// The nearest of those that were made simple enough.
    @Property(tries = 200)
    void cluster(@ForAll long seed, @ForAll @IntRange(max = 7) int n) {
        Rng rng = Rng.of(seed);
        double[][] vectors = new double[n][];
        List<String> questions = new ArrayList<>();
        List<String> rationales = new ArrayList<>();
        double[] centre = {0.5, -0.5};
        TreeMap<Double, Integer> simple = new TreeMap<>();
        for (int i = 0; i < n; i++) {
            vectors[i] = new double[] {rng.at("x").gaussian(i), rng.at("y").gaussian(i)};
            int count = 58 + rng.at("words").index(i, 5);
            int lines = 3 + rng.at("lines").index(i, 5);
            boolean ends = rng.at("end").uniform(i) < 0.7;
            questions.add(String.join(" ", words(rng, count)));
            rationales.add(String.join("\n", words(rng, lines)) + (ends ? "." : ""));
            if (count <= 60 && lines <= 5 && ends) {
                simple.put(Math.hypot(vectors[i][0] - centre[0], vectors[i][1] - centre[1]), i);
            }
        }
        OptionalInt expected = simple.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(simple.firstEntry().getValue());
        assertThat(ClusterExample.choose(vectors, centre, questions, rationales))
                .isEqualTo(expected);
    }
}
