package gradus.lessons.lab.reasoning;

import static gradus.error.ConfigException.require;

import gradus.layers.model.LanguageModel;
import gradus.lessons.lab.material.LabPart;
import gradus.lessons.lab.material.LabSetting;
import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Curve;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.SeedTable;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.generate.Decoding;
import gradus.train.generate.Generator;
import gradus.train.generate.Sampling;
import gradus.train.generate.SpeculativeGenerator;
import gradus.train.run.compare.Interval;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.apache.commons.math3.stat.inference.ChiSquareTest;

/// Part `speculative`: a small model writes ahead and a larger one checks. How much sooner a text is written,
/// and whether it has the larger model's distribution: with a vocabulary of four tokens all texts of three
/// tokens are counted, and their probabilities are known. Leviathan et al. 2023, arXiv:2211.17192.
///
/// @param target  the larger model
/// @param draft   the smaller one, with the same tokens
/// @param counted short texts that are drawn for the distribution
/// @param timed   long texts that are timed
public record SpeculativePart(WriterRecipe target, WriterRecipe draft, int counted, int timed) implements LabPart {
    private static final List<Integer> AHEAD = List.of(1, 2, 4, 6);
    private static final int WARM = 3; // texts that are not timed
    private static final int USUAL = 4;
    private static final int SHORT = 3; // tokens of a text that is counted
    private static final double UNLIKELY = 0.01;
    private static final String ACCEPTED = "accepted";
    private static final String PER_PASS = "tokens a pass of the target";
    private static final String CLOCK = "times as fast by the clock";
    private static final String PROCESSOR = "by processor time";
    private static final String SAME = "p, speculative";
    private static final String OTHER = "p, draft alone";

    /// @throws gradus.error.ConfigException if there is no text
    public SpeculativePart {
        require(counted >= 1 && timed >= 1, "counted and timed must be at least 1; got %d and %d", counted, timed);
    }

    /// As the lab runs it.
    public static SpeculativePart standard() {
        return new SpeculativePart(WriterRecipe.target(), WriterRecipe.draft(), 2000, 15);
    }

    @Override
    public String name() {
        return "speculative";
    }

    @Override
    public String about() {
        return "speculative decoding: speed, and the same distribution";
    }

    @Override
    public String prediction() {
        return """
                A pass of the target reads several drafted tokens at once and keeps those that it could have drawn \
                itself, so a pass gives more than one token, and with a draft that is much cheaper a text is \
                written at least 1.3 times as fast. The texts have the target's distribution exactly, whatever the \
                draft is: a χ² test of all texts of three tokens finds nothing. Control: texts of the draft alone, \
                which it must find.""";
    }

    @Override
    public List<Recipe> recipes() {
        return List.of(target, draft);
    }

    @Override
    public String run(LabSetting setting) {
        SeedTable speed = new SeedTable("tokens drafted at a time", 2, ACCEPTED, PER_PASS, CLOCK, PROCESSOR);
        SeedTable equal = new SeedTable("χ² against the target's exact probabilities", 3, SAME, OTHER);
        for (long seed : setting.seeds()) {
            LanguageModel large = target.open(setting.material().folder(target, seed), seed);
            LanguageModel small = draft.open(setting.material().folder(draft, seed), seed);
            Rng rng = Rng.of(seed).at(name());
            for (int ahead : AHEAD) {
                speed.put(Integer.toString(ahead), timed(large, small, ahead, rng.at("timed")));
            }
            double[] exact = exact(large);
            Decoding fast = new SpeculativeGenerator(large, small, USUAL, Sampling.defaults(), id -> true);
            equal.put(
                    "p-value",
                    pValue(exact, counts(fast, rng.at("fast"))),
                    pValue(exact, counts(new Generator(small, Sampling.defaults()), rng.at("alone"))));
            setting.say().accept("speculative, seed " + seed + " is done");
        }
        plot(setting, speed);
        return section(speed, equal, setting.count());
    }

    /// Accept rate, tokens a pass, and how many times as fast as plain decoding, by the clock and by the
    /// processor time of this thread. The two take turns, text by text.
    private double[] timed(LanguageModel large, LanguageModel small, int ahead, Rng rng) {
        SpeculativeGenerator fast = new SpeculativeGenerator(large, small, ahead, Sampling.defaults(), id -> true);
        Generator plain = new Generator(large, Sampling.defaults());
        double[] sums = new double[4];
        for (int i = -WARM; i < timed; i++) {
            double[] slow = seconds(plain, rng.at(i));
            double[] quick = seconds(fast, rng.at(i));
            for (int j = 0; j < 2 && i >= 0; j++) {
                sums[j] += slow[j];
                sums[2 + j] += quick[j];
            }
        }
        return new double[] {
            fast.report().acceptRate(), fast.report().tokensPerPass(), sums[0] / sums[2], sums[1] / sums[3]
        };
    }

    /// By the clock, and of this thread on a processor.
    private double[] seconds(Decoding decoding, Rng rng) {
        long start = System.nanoTime();
        long busy = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        decoding.generate(new int[] {0, 1}, target.context() - 2, rng, id -> true);
        return new double[] {
            (System.nanoTime() - start) * 1e-9,
            (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - busy) * 1e-9
        };
    }

    /// The probability of every short text behind `0 1`.
    ///
    /// **Shapes** → (V³)
    private double[] exact(LanguageModel model) {
        int tokens = target.tokens();
        double[] all = new double[(int) Math.pow(tokens, SHORT)];
        for (int text = 0; text < all.length; text++) {
            int[] ids = {0, 1, text / (tokens * tokens), text / tokens % tokens, text % tokens};
            try (var pause = Autograd.noGrad();
                    var scope = Scope.open()) {
                double[] logs = model.forward(Indices.of(Shape.of(1, SHORT + 1), Arrays.copyOf(ids, SHORT + 1)))
                        .logSoftmax(-1)
                        .toArray(); // (1, 4, V)
                double sum = 0;
                for (int i = 0; i < SHORT; i++) {
                    sum += logs[(i + 1) * tokens + ids[i + 2]];
                }
                all[text] = Math.exp(sum);
            }
        }
        return all;
    }

    private long[] counts(Decoding decoding, Rng rng) {
        long[] counts = new long[(int) Math.pow(target.tokens(), SHORT)];
        for (int i = 0; i < counted; i++) {
            int text = 0;
            for (int id : decoding.generate(new int[] {0, 1}, SHORT, rng.at(i), id -> true)) {
                text = text * target.tokens() + id;
            }
            counts[text]++;
        }
        return counts;
    }

    /// How often counts at least as far from what is expected come by chance. Texts that are expected fewer
    /// than five times are put together, as the test asks; if they are still too rare, with the rarest other.
    static double pValue(double[] exact, long... counts) {
        long all = 0;
        for (long each : counts) {
            all += each;
        }
        double[] expected = new double[counts.length + 1];
        long[] observed = new long[counts.length + 1];
        int cells = 1; // the first holds the rare ones
        for (int i = 0; i < counts.length; i++) {
            int cell = exact[i] * all < 5 ? 0 : cells++;
            expected[cell] += exact[i] * all;
            observed[cell] += counts[i];
        }
        int from = expected[0] > 0 ? 0 : 1;
        if (from == 0 && expected[0] < 5 && cells > 1) { // together they are still too rare
            int rarest = 1;
            for (int cell = 2; cell < cells; cell++) {
                rarest = expected[cell] < expected[rarest] ? cell : rarest;
            }
            expected[rarest] += expected[0];
            observed[rarest] += observed[0];
            from = 1;
        }
        if (cells - from < 2) {
            return Double.NaN; // too few texts to tell anything
        }
        return new ChiSquareTest()
                .chiSquareTest(Arrays.copyOfRange(expected, from, cells), Arrays.copyOfRange(observed, from, cells));
    }

    String section(SeedTable speed, SeedTable equal, int seeds) {
        Interval clock = speed.of(Integer.toString(USUAL), CLOCK);
        int same = 0;
        int other = 0;
        for (int seed = 0; seed < seeds; seed++) {
            same += equal.at("p-value", SAME, seed) >= UNLIKELY / seeds ? 1 : 0;
            other += equal.at("p-value", OTHER, seed) < UNLIKELY / seeds ? 1 : 0;
        }
        return new Section("Speculative decoding", prediction())
                .add(speed.markdown())
                .add(equal.markdown())
                .claim(
                        "With " + USUAL + " drafted tokens a pass gives more than one token",
                        speed.of(Integer.toString(USUAL), PER_PASS),
                        1)
                .claim("By the clock it is at least 1.3 times as fast", clock, 1.3)
                .claim(
                        "By processor time it is at least 1.3 times as fast",
                        speed.of(Integer.toString(USUAL), PROCESSOR),
                        1.3)
                .claim(
                        "The distribution is the target's: in %s of %s seeds p is at least 0.01 over the number of seeds; the mean p"
                                .formatted(same, seeds),
                        equal.of("p-value", SAME),
                        same == seeds)
                .claim(
                        "Control: the draft alone is told from the target in %s of %s seeds; the mean p"
                                .formatted(other, seeds),
                        equal.of("p-value", OTHER),
                        other == seeds)
                .add(
                        "The models are so small that the clock says little of large ones; `gradus bench speculative` takes"
                                + " any two.")
                .toString();
    }

    private static void plot(LabSetting setting, SeedTable speed) {
        SequencedMap<String, Curve> curves = new LinkedHashMap<>();
        for (String column : List.of(PER_PASS, CLOCK, PROCESSOR)) {
            double[] x = AHEAD.stream().mapToDouble(Integer::doubleValue).toArray();
            double[] mean = new double[x.length];
            double[] half = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                mean[i] = speed.of(Integer.toString(AHEAD.get(i)), column).mean();
                half[i] = speed.of(Integer.toString(AHEAD.get(i)), column).half();
            }
            curves.put(column, new Curve(x, mean, half));
        }
        LabPlot.curves(
                setting.folder().path().resolve("speculative.png"),
                new Labels("Speculative decoding", "tokens drafted at a time", ""),
                curves);
    }
}
