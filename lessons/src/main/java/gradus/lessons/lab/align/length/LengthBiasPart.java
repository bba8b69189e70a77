package gradus.lessons.lab.align.length;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.lessons.lab.align.AlignPart;
import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Curve;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Verdict;
import gradus.lessons.lab.option.LabFolder;
import gradus.tensor.random.Rng;
import gradus.train.optimizer.Adam;
import gradus.train.optimizer.AdamConfig;
import gradus.train.optimizer.Sgd;
import gradus.train.optimizer.SgdConfig;
import gradus.train.rl.GroupAdvantage;
import gradus.train.rl.GroupPolicyConfig;
import gradus.train.rl.RolloutConfig;
import gradus.train.run.compare.Interval;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.Consumer;

/// Part (b): GRPO's `1/|y|` against Dr. GRPO's constant (Liu et al. 2025, arXiv:2503.20783, section 3.1). What
/// is wrong is pushed down less per token the longer it is, and what is right is pushed up more the shorter it
/// is: so wrong answers grow longer and right ones shorter, though no length is paid for.
///
/// First the force on the probability of ending, by enumeration and drawn; then what becomes of the lengths, of
/// a [StopTable], whose share of right answers is fixed, and of a small GPT, which learns to answer as well.
/// Controls: Dr. GRPO, and GRPO with rewards that do not depend on the answer.
///
/// @param plan how much is drawn
/// @param rng  draws it
public record LengthBiasPart(LengthPlan plan, Rng rng) implements AlignPart {
    private static final double RIGHT = 0.2; // p of the table
    private static final double STOP = 0.25; // s of the table
    private static final double[] STOPS = {0.05, 0.25, 0.6};
    private static final double TABLE_RATE = 2;
    private static final double GPT_RATE = 3e-3;

    /// One way to learn.
    ///
    /// @param coin whether a coin decides what is paid
    /// @param step how much longer its steps must be to be as long as GRPO's: the table's optimiser does not
    ///     see to that by itself, as the GPT's does
    private record Way(String name, GroupPolicyConfig config, boolean coin, double step) {}

    private static List<Way> ways() {
        double std = 1 / Math.sqrt(RIGHT * (1 - RIGHT));
        double length = LengthPlan.LIMIT / EndLogitGradient.meanLength(STOP, LengthPlan.LIMIT);
        return List.of(
                new Way("grpo", GroupPolicyConfig.grpo(), false, 1),
                new Way("grpo, R - mean", GroupPolicyConfig.grpo().withAdvantage(GroupAdvantage.CENTRED), false, std),
                new Way("dr_grpo", GroupPolicyConfig.drGrpo(), false, std * length),
                new Way("grpo, paid by coin", GroupPolicyConfig.grpo(), true, 1));
    }

    @Override
    public String name() {
        return "b";
    }

    @Override
    public String run(LabFolder folder, Consumer<String> say) {
        StringBuilder text = new StringBuilder("## (b) Length bias\n\n");
        gradients(text, say);
        StringBuilder csv = new StringBuilder("policy,algorithm,window,share_right,right,right_±,wrong,wrong_±\n");
        lengths(text, csv, folder, say, false);
        lengths(text, csv, folder, say, true);
        folder.write("length-bias.csv", csv.toString());
        return text.toString();
    }

    private RolloutConfig rollouts() {
        return RolloutConfig.defaults()
                .withPrompts(plan.prompts())
                .withNumGenerations(LengthPlan.GROUP)
                .withMaxCompletionLength(LengthPlan.LIMIT);
    }

    // --- the force

    private void gradients(StringBuilder text, Consumer<String> say) {
        text.append(String.format(
                Locale.ROOT,
                "What moves the logit of ending, by enumeration and drawn (%d seeds of %d answers; ± is the 95 %%"
                        + " interval): groups of %d, at most %d tokens, %.0f %% right.%n%n",
                plan.seeds(),
                plan.gradients() * plan.prompts() * LengthPlan.GROUP,
                LengthPlan.GROUP,
                LengthPlan.LIMIT,
                100 * RIGHT));
        text.append(
                        "| ends with | mean length | grpo, wrong | drawn | grpo, right | drawn | dr_grpo, wrong | drawn |\n")
                .append("|---|---|---|---|---|---|---|---|\n");
        boolean within = true;
        for (double s : STOPS) {
            say.accept("b: the force at s = " + s);
            double[][] grpo = drawn(GroupPolicyConfig.grpo(), s);
            double[][] dr = drawn(GroupPolicyConfig.drGrpo(), s);
            double[] exact = {
                exact(GroupPolicyConfig.grpo(), s, false),
                exact(GroupPolicyConfig.grpo(), s, true),
                exact(GroupPolicyConfig.drGrpo(), s, false)
            };
            Interval[] found = {
                Verdict.over(plan.seeds(), i -> grpo[i][1]),
                Verdict.over(plan.seeds(), i -> grpo[i][0]),
                Verdict.over(plan.seeds(), i -> dr[i][1])
            };
            text.append(
                    String.format(Locale.ROOT, "| %.2f | %.1f |", s, EndLogitGradient.meanLength(s, LengthPlan.LIMIT)));
            for (int i = 0; i < found.length; i++) {
                within &= Math.abs(found[i].mean() - exact[i]) <= 2 * found[i].half();
                text.append(String.format(
                        Locale.ROOT,
                        " %.4f | %s |",
                        Math.abs(exact[i]) < 1e-12 ? 0 : exact[i],
                        Verdict.shown(found[i], 4)));
            }
            text.append('\n');
        }
        text.append(
                        "\nGRPO pushes the end of wrong answers away and that of right ones nearer, Dr. GRPO neither; what ")
                .append("is drawn ")
                .append(within ? "agrees with what is enumerated.\n\n" : "does not agree with what is enumerated.\n\n");
    }

    private double exact(GroupPolicyConfig config, double s, boolean right) {
        return EndLogitGradient.exact(config, RIGHT, s, LengthPlan.LIMIT, LengthPlan.GROUP, right);
    }

    private double[][] drawn(GroupPolicyConfig config, double s) {
        double[][] all = new double[plan.seeds()][];
        Arrays.setAll(
                all,
                seed -> EndLogitGradient.drawn(
                        config,
                        new StopTable(RIGHT, s, 1 + LengthPlan.LIMIT),
                        rollouts(),
                        plan.gradients(),
                        rng.at("force").at(seed)));
        return all;
    }

    // --- the lengths

    private void lengths(StringBuilder text, StringBuilder csv, LabFolder folder, Consumer<String> say, boolean gpt) {
        String policy = gpt ? "GPT" : "table";
        text.append(
                        gpt
                                ? "A GPT of two heads, which learns to answer too"
                                : "The table, whose share of right answers stays")
                .append(String.format(
                        Locale.ROOT,
                        ": mean lengths in the first and in the last tenth of %d iterations of %d answers, %d seeds.%n%n",
                        plan.iterations(),
                        plan.prompts() * LengthPlan.GROUP,
                        plan.seeds()));
        text.append("| algorithm | right | wrong, first | last | grew by | ")
                .append(gpt ? "" : "predicted | ")
                .append("right, first | last | grew by |")
                .append(gpt ? "" : " predicted |")
                .append(" wrong more than right |\n")
                .append("|---|---|---|---|---|---|---|---|---|")
                .append(gpt ? "\n" : "---|---|\n");
        SequencedMap<String, Curve> curves = new LinkedHashMap<>();
        SequencedMap<String, LengthTrial[]> all = new LinkedHashMap<>();
        for (Way way : ways()) {
            say.accept("b: " + policy + ", " + way.name);
            LengthTrial[] trials = new LengthTrial[plan.seeds()];
            Arrays.setAll(trials, seed -> trial(way, gpt, seed));
            all.put(way.name, trials);
            row(text, way, trials, gpt);
            record(csv, curves, policy, way.name, trials);
        }
        finding(text, all);
        LabPlot.curves(
                folder.path().resolve("length-bias-" + (gpt ? "gpt" : "table") + ".png"),
                new Labels("Length bias: " + policy, "iteration", "mean length, tokens"),
                curves);
    }

    private LengthTrial trial(Way way, boolean gpt, int seed) {
        Rng own = rng.at(gpt ? "gpt" : "table").at(seed);
        Talk talk = way.coin ? Talk.byCoin(own.at("coin")) : Talk.paid();
        LengthTrial.Setting setting;
        if (gpt) {
            Gpt model = new Gpt(new GptConfig(8, 1 + LengthPlan.LIMIT, 1, 2, 16, 0), own.at("model"));
            setting = new LengthTrial.Setting(
                    model,
                    new Adam(model.parameters(), AdamConfig.defaults()),
                    GPT_RATE,
                    way.config,
                    rollouts(),
                    plan.iterations());
        } else {
            StopTable model = new StopTable(RIGHT, STOP, 1 + LengthPlan.LIMIT);
            setting = new LengthTrial.Setting(
                    model,
                    new Sgd(model.parameters(), SgdConfig.defaults()),
                    TABLE_RATE * way.step,
                    way.config,
                    rollouts(),
                    plan.iterations());
        }
        return LengthTrial.run(setting, talk, plan.windows(), own.at("training"));
    }

    private void row(StringBuilder text, Way way, LengthTrial[] trials, boolean gpt) {
        int last = plan.windows() - 1;
        text.append("| ").append(way.name).append(" | ");
        text.append(String.format(
                Locale.ROOT,
                "%.0f → %.0f %% |",
                100 * Verdict.over(trials.length, i -> trials[i].share()[0]).mean(),
                100 * Verdict.over(trials.length, i -> trials[i].share()[last]).mean()));
        for (boolean right : new boolean[] {false, true}) {
            Interval first = Verdict.over(trials.length, i -> of(trials[i], right)[0]);
            Interval end = Verdict.over(trials.length, i -> of(trials[i], right)[last]);
            Interval growth = Verdict.over(trials.length, i -> trials[i].growth(right));
            text.append(' ').append(Verdict.shown(first, 2));
            text.append(" | ").append(Verdict.shown(end, 2));
            text.append(" | ").append(Verdict.shown(growth, 2)).append(" |");
            if (!gpt) {
                text.append(String.format(Locale.ROOT, " %.2f |", predicted(way, right)));
            }
        }
        text.append(' ').append(Verdict.shown(Verdict.over(trials.length, i -> trials[i].parting()), 2));
        text.append(" |\n");
    }

    private static double[] of(LengthTrial trial, boolean right) {
        return right ? trial.right() : trial.wrong();
    }

    /// By how much the answers grow where each step follows the exact gradient.
    double predicted(String way, boolean right) {
        return ways().stream()
                .filter(each -> each.name.equals(way))
                .mapToDouble(each -> predicted(each, right))
                .findFirst()
                .orElseThrow();
    }

    private double predicted(Way way, boolean right) {
        int window = plan.iterations() / plan.windows();
        double logit = Math.log(STOP / (1 - STOP));
        double first = 0;
        double last = 0;
        for (int i = 0; i < plan.iterations(); i++) {
            double s = 1 / (1 + Math.exp(-logit));
            double length = EndLogitGradient.meanLength(s, LengthPlan.LIMIT);
            first += i < window ? length / window : 0;
            last += i >= plan.iterations() - window ? length / window : 0;
            logit += way.coin ? 0 : TABLE_RATE * way.step * exact(way.config, s, right);
        }
        return last - first;
    }

    private void record(
            StringBuilder csv, SequencedMap<String, Curve> curves, String policy, String way, LengthTrial[] trials) {
        int windows = plan.windows();
        double[] middle = new double[windows];
        Arrays.setAll(middle, w -> (w + 0.5) * plan.iterations() / windows);
        Interval[][] both = new Interval[2][windows];
        for (int w = 0; w < windows; w++) {
            int at = w;
            both[0][w] = Verdict.over(trials.length, i -> trials[i].right()[at]);
            both[1][w] = Verdict.over(trials.length, i -> trials[i].wrong()[at]);
            double share =
                    Verdict.over(trials.length, i -> trials[i].share()[at]).mean();
            csv.append(String.join(
                            ",",
                            policy,
                            '"' + way + '"',
                            String.valueOf(w + 1),
                            String.valueOf(share),
                            String.valueOf(both[0][w].mean()),
                            String.valueOf(both[0][w].half()),
                            String.valueOf(both[1][w].mean()),
                            String.valueOf(both[1][w].half())))
                    .append('\n');
        }
        for (int kind = 0; kind < 2; kind++) {
            curves.put(
                    way + (kind == 0 ? ": right" : ": wrong"),
                    new Curve(
                            middle,
                            Arrays.stream(both[kind])
                                    .mapToDouble(Interval::mean)
                                    .toArray(),
                            Arrays.stream(both[kind])
                                    .mapToDouble(Interval::half)
                                    .toArray()));
        }
    }

    private void finding(StringBuilder text, SequencedMap<String, LengthTrial[]> all) {
        text.append("\nWrong answers grow ");
        String between = "";
        for (var each : all.entrySet()) {
            Interval parting = Verdict.over(plan.seeds(), i -> each.getValue()[i].parting());
            text.append(between)
                    .append(Verdict.of(parting)
                            .choose("by more than right ones", "by less than right ones", "as right ones do"))
                    .append(" under ")
                    .append(each.getKey().replace("grpo, ", "grpo with ").replace("with paid", "paid"))
                    .append(" (")
                    .append(Verdict.shown(parting, 1))
                    .append(')');
            between = ", ";
        }
        LengthTrial[] grpo = all.get("grpo");
        LengthTrial[] dr = all.get("dr_grpo");
        Interval difference = Verdict.over(plan.seeds(), i -> grpo[i].parting() - dr[i].parting());
        text.append("; ")
                .append(Verdict.of(difference).choose("more", "less", "not certainly more"))
                .append(" under grpo than under dr_grpo, by ")
                .append(Verdict.shown(difference, 1))
                .append(" tokens.\n\n");
    }
}
