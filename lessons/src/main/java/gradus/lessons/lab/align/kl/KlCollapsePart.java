package gradus.lessons.lab.align.kl;

import gradus.layers.loss.alignment.KlEstimator;
import gradus.lessons.lab.align.AlignPart;
import gradus.lessons.lab.align.ClosedForm;
import gradus.lessons.lab.align.EnumerableProblem;
import gradus.lessons.lab.align.KlPlacement;
import gradus.lessons.lab.align.Outcomes;
import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Curve;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Verdict;
import gradus.lessons.lab.option.LabFolder;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.train.run.compare.Interval;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Part (d): what the estimates k1, k2 and k3 of the divergence do where the policy has gone far from the
/// reference. k3 never has the wrong sign and is right on average, but its mean hangs on answers that the
/// policy has nearly given up; drawn seldom, they pull with ref/π.
///
/// First the estimates and their pulls at policies ever farther from the reference, beside the exact
/// divergence; then policies that learn from samples, for growing β, beside the policy that the formula gives.
///
/// The last way to learn is that of a published collapse: *Build a Reasoning Model (From Scratch)*, chapter 6,
/// whose script adds `β·mean(ln π - ln ref)` of whole answers to the loss. That is k1, whose gradient is 0 on
/// average only if the answers are drawn from the policy itself; the script draws at temperature 0.8 (and
/// within top-p 0.9), and then k1 as a loss pushes down whatever is drawn oftener than the policy says,
/// wherever the reference is.
///
/// @param plan how much is drawn
/// @param rng  draws it
public record KlCollapsePart(KlPlan plan, Rng rng) implements AlignPart {
    private static final double[] TILTS = {1, 0.2, 0.1, 0.05, 0.03, 0.02};
    private static final double[] BETAS = {0.01, 0.03, 0.1, 0.3};
    private static final SampledDescent.Setting SETTING = new SampledDescent.Setting(16, 8, 300, 1);
    private static final double LOST = 0.25;

    private static final int MANY = 256;
    private static final SampledDescent.Setting GENTLE = new SampledDescent.Setting(MANY, 2, 300, 1);

    /// One way to learn.
    ///
    /// @param times what β is multiplied by: what k1 as a loss does shows at larger prices only
    private record Way(String name, KlPlacement placement, SampledDescent.Setting setting, double times) {}

    private static final List<Way> WAYS = List.of(
            new Way("k1 in the reward", KlPlacement.K1_IN_REWARD, SETTING, 1),
            new Way("k2 as loss", KlPlacement.K2_LOSS, SETTING, 1),
            new Way("k3 as loss", KlPlacement.K3_LOSS, SETTING, 1),
            new Way("k3 as loss, 256 draws", KlPlacement.K3_LOSS, SETTING.withBatch(MANY), 1),
            new Way("k1 as loss, 256 draws", KlPlacement.K1_LOSS, GENTLE, 10),
            new Way("k1 as loss, drawn at 0.8", KlPlacement.K1_LOSS, GENTLE.withTemperature(0.8), 10));

    @Override
    public String name() {
        return "d";
    }

    /// Answers of tokens 0 and 1, paid by their share of ones, which the reference writes less often.
    static EnumerableProblem problem(int length, double beta, Rng rng) {
        Outcomes outcomes = new Outcomes(2, length);
        double[] rewards = new double[outcomes.count()];
        double[] logits = new double[outcomes.states() * 2];
        Arrays.setAll(rewards, n -> Integer.bitCount(n) / (double) length);
        Arrays.setAll(logits, i -> i % 2 == 0 ? 0.8 : 0.3 * rng.gaussian(i));
        Tensor reference = Tensor.of(logits, outcomes.states(), 2).to(DType.FLOAT32);
        return new EnumerableProblem(outcomes.count() + " answers", outcomes, rewards, reference, beta);
    }

    private EnumerableProblem problem(double beta) {
        return problem(plan.length(), beta, rng.at("reference"));
    }

    @Override
    public String run(LabFolder folder, Consumer<String> say) {
        EnumerableProblem problem = problem(1);
        StringBuilder text = new StringBuilder("## (d) The divergence, far from the reference\n\n");
        text.append(String.format(
                Locale.ROOT,
                "%d answers of %d tokens, %d seeds; ± is the 95 %% interval.%n%n",
                problem.outcomes().count(),
                plan.length(),
                plan.seeds()));
        estimates(text, problem);
        trainings(text, folder, say);
        return text.toString();
    }

    // --- estimates

    private void estimates(StringBuilder text, EnumerableProblem problem) {
        text.append(String.format(
                Locale.ROOT,
                "Means of %,d draws at policies `ref·exp(r/τ)/Z`, in brackets the standard deviation of one draw:%n%n",
                plan.draws()));
        text.append("| τ | KL | k1 | k2 | k3 | one pull of k2 | one pull of k3 | cosine of k3's gradient |\n")
                .append("|---|---|---|---|---|---|---|---|\n");
        double[] reference = problem.referenceProbs();
        double[][] deviations = new double[TILTS.length][];
        for (int tilt = 0; tilt < TILTS.length; tilt++) {
            double[] probs = ClosedForm.gibbs(reference, problem.rewards(), TILTS[tilt]);
            EstimatorAtPolicy[] estimators = Arrays.stream(KlEstimator.values())
                    .map(estimator -> EstimatorAtPolicy.of(estimator, probs, reference))
                    .toArray(EstimatorAtPolicy[]::new);
            deviations[tilt] = Arrays.stream(estimators)
                    .mapToDouble(EstimatorAtPolicy::deviation)
                    .toArray();
            text.append(String.format(Locale.ROOT, "| %.2f | %.3f |", TILTS[tilt], estimators[0].mean()));
            Rng own = rng.at("estimates").at(tilt);
            for (EstimatorAtPolicy estimator : estimators) {
                Interval drawn = Verdict.over(plan.seeds(), seed -> estimator.drawn(plan.draws(), own.at(seed)));
                text.append(String.format(Locale.ROOT, " %s (%.2f) |", Verdict.shown(drawn, 3), estimator.deviation()));
            }
            text.append(String.format(
                    Locale.ROOT,
                    " %.2f | %.2f | %.3f |%n",
                    estimators[1].pullDeviation(),
                    estimators[2].pullDeviation(),
                    EstimatorAtPolicy.cosine(estimators[1].gradient(), estimators[2].gradient())));
        }
        text.append("\nk3 scatters more than k1 ")
                .append(where(i -> deviations[i][2] > deviations[i][0]))
                .append(", and less ")
                .append(where(i -> deviations[i][2] < deviations[i][0]))
                .append(".\n\n");
    }

    private static String where(IntPredicate holds) {
        String at = IntStream.range(0, TILTS.length)
                .filter(holds)
                .mapToObj(i -> String.valueOf(TILTS[i]))
                .collect(Collectors.joining(", "));
        return at.isEmpty() ? "nowhere" : "at τ = " + at;
    }

    // --- trainings

    private void trainings(StringBuilder text, LabFolder folder, Consumer<String> say) {
        EnumerableProblem plain = problem(1);
        double[] reference = plain.referenceProbs();
        text.append(String.format(
                Locale.ROOT,
                "Policies that learn from %d draws a step where nothing else is said, %d steps at rate %.0f (k1 as loss: %.0f),"
                        + " from a reward of %.3f: means of the last quarter, and the most that was lost of a reward once"
                        + " reached.%n%n",
                SETTING.batch(),
                plan.steps(),
                SETTING.lr(),
                GENTLE.lr(),
                mean(reference, plain.rewards())));
        text.append("| | β | reward | by formula | KL | by formula | lost on the way |\n")
                .append("|---|---|---|---|---|---|---|\n");
        StringBuilder csv = new StringBuilder("way,beta,seed,reward,kl,lost,reward_formula,kl_formula\n");
        SequencedMap<Way, SampledDescent[][]> all = new LinkedHashMap<>();
        for (Way way : WAYS) {
            say.accept("d: " + way.name);
            SampledDescent[][] runs = new SampledDescent[BETAS.length][plan.seeds()];
            for (int b = 0; b < BETAS.length; b++) {
                EnumerableProblem problem = problem(BETAS[b] * way.times);
                SampledDescent.Setting setting = way.setting.withSteps(plan.steps());
                Arrays.setAll(
                        runs[b],
                        seed -> SampledDescent.run(
                                problem,
                                way.placement,
                                setting,
                                rng.at("training").at(seed)));
                row(text, csv, way, problem, runs[b]);
            }
            all.put(way, runs);
        }
        finding(text, all);
        folder.write("kl-collapse.csv", csv.toString());
        SequencedMap<String, Curve> curves = new LinkedHashMap<>();
        all.forEach((way, runs) -> {
            Interval[] kl = new Interval[BETAS.length];
            Arrays.setAll(kl, b -> over(runs[b], KlCollapsePart::kl));
            curves.put(
                    way.name,
                    new Curve(
                            Arrays.stream(BETAS)
                                    .map(beta -> Math.log10(beta * way.times))
                                    .toArray(),
                            Arrays.stream(kl).mapToDouble(Interval::mean).toArray(),
                            Arrays.stream(kl).mapToDouble(Interval::half).toArray()));
        });
        LabPlot.curves(
                folder.path().resolve("kl-collapse.png"),
                new Labels("Where policies come to that learn from samples", "log10 β", "KL(π‖ref), nats"),
                curves);
    }

    private static double kl(SampledDescent run) {
        return SampledDescent.end(run.kl());
    }

    private static double reward(SampledDescent run) {
        return SampledDescent.end(run.reward());
    }

    private static Interval over(SampledDescent[] seeds, ToDoubleFunction<SampledDescent> value) {
        return Verdict.over(seeds.length, seed -> value.applyAsDouble(seeds[seed]));
    }

    private static void row(
            StringBuilder text, StringBuilder csv, Way way, EnumerableProblem problem, SampledDescent[] runs) {
        double[] formula = way.placement.closedForm(problem, false);
        boolean known = way.setting.temperature() == 1; // no formula tells where other draws lead
        double reward = known ? mean(formula, problem.rewards()) : Double.NaN;
        double divergence = known ? divergence(formula, problem.referenceProbs()) : Double.NaN;
        text.append(String.format(
                Locale.ROOT,
                "| %s | %.2f | %s | %s | %s | %s | %s |%n",
                way.name,
                problem.beta(),
                Verdict.shown(over(runs, KlCollapsePart::reward), 3),
                number(reward),
                Verdict.shown(over(runs, KlCollapsePart::kl), 3),
                number(divergence),
                Verdict.shown(over(runs, SampledDescent::fall), 2)));
        for (int seed = 0; seed < runs.length; seed++) {
            csv.append('"')
                    .append(way.name)
                    .append("\",")
                    .append(problem.beta())
                    .append(',')
                    .append(seed);
            for (double value :
                    new double[] {reward(runs[seed]), kl(runs[seed]), runs[seed].fall(), reward, divergence}) {
                csv.append(',').append(value);
            }
            csv.append('\n');
        }
    }

    private void finding(StringBuilder text, SequencedMap<Way, SampledDescent[][]> all) {
        text.append("\nRuns that lost more than a quarter of the range of rewards on the way: ");
        String between = "";
        for (var each : all.entrySet()) {
            long lost = Arrays.stream(each.getValue())
                    .flatMap(Arrays::stream)
                    .filter(run -> run.fall() > LOST)
                    .count();
            text.append(between).append(each.getKey().name);
            text.append(String.format(Locale.ROOT, " %d of %d", lost, BETAS.length * plan.seeds()));
            between = "; ";
        }
        text.append(". From the smallest β to the largest, the divergence ");
        between = "";
        for (var each : all.entrySet()) {
            SampledDescent[][] runs = each.getValue();
            Interval change = Verdict.over(plan.seeds(), seed -> kl(runs[BETAS.length - 1][seed]) - kl(runs[0][seed]));
            text.append(between)
                    .append(Verdict.of(change).choose("grows", "falls", "changes by nothing that is certain"))
                    .append(" with ")
                    .append(each.getKey().name)
                    .append(" (")
                    .append(Verdict.shown(change, 2))
                    .append(')');
            between = "; ";
        }
        double[] uniform = new double[problem(1).outcomes().count()];
        Arrays.fill(uniform, 1.0 / uniform.length);
        text.append(String.format(
                Locale.ROOT,
                ". The policy that writes all answers alike has the reward %.3f and the divergence %.3f.%n%n",
                mean(uniform, problem(1).rewards()),
                divergence(uniform, problem(1).referenceProbs())));
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.3f", value);
    }

    private static double mean(double[] probs, double[] values) {
        return IntStream.range(0, probs.length)
                .mapToDouble(i -> probs[i] * values[i])
                .sum();
    }

    private static double divergence(double[] p, double[] q) {
        return IntStream.range(0, p.length)
                .mapToDouble(i -> p[i] == 0 ? 0 : p[i] * Math.log(p[i] / q[i]))
                .sum();
    }
}
