package gradus.lessons.lab.align.proxy;

import gradus.lessons.lab.align.AlignPart;
import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Curve;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Verdict;
import gradus.lessons.lab.option.LabFolder;
import gradus.tensor.random.Rng;
import gradus.train.rl.BestOfN;
import gradus.train.run.compare.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// Part (c): a reward model is optimised, and the true reward looks on. Gao et al. 2022, "Scaling laws for
/// reward model overoptimization", arXiv:2210.10760: the farther the policy goes from where the comparisons
/// were made, the more it finds what the reward model believes and nobody said, and the two curves part.
///
/// The true reward is [Flattery], and all answers can be listed, so both rewards and the divergence are exact.
/// Control: the true reward itself, optimised in the same ways.
///
/// Departures from the paper: its gold reward is a larger reward model, and its policies and proxies are
/// language models; here PPO has no price for the divergence, as in most of the paper's runs.
///
/// @param plan how much is drawn and trained
/// @param rng  draws it
public record OveroptimisationPart(ProxyPlan plan, Rng rng) implements AlignPart {
    private static final double[] GRID = {0.25, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 7, 8};
    private static final int DRAWN = 16; // n of best-of-n that is drawn as well
    private static final int TIMES = 64;

    /// What is optimised.
    ///
    /// @param comparisons that the reward model has seen; 0 for the gold reward itself
    private record Reward(String name, int comparisons) {}

    /// Of one reward and one seed.
    ///
    /// @param correlation with the gold reward
    private record Ways(List<Point> best, List<Point> ppo, double correlation, double drawn) {}

    private List<Reward> rewards() {
        return List.of(
                new Reward(String.format(Locale.ROOT, "%,d comparisons", plan.few()), plan.few()),
                new Reward(String.format(Locale.ROOT, "%,d comparisons", plan.many()), plan.many()),
                new Reward("gold itself", 0));
    }

    @Override
    public String name() {
        return "c";
    }

    @Override
    public String run(LabFolder folder, Consumer<String> say) {
        SequencedMap<Reward, Ways[]> all = new LinkedHashMap<>();
        rewards().forEach(reward -> all.put(reward, new Ways[plan.seeds()]));
        int answers = 0;
        for (int seed = 0; seed < plan.seeds(); seed++) {
            say.accept("c: seed " + (seed + 1));
            ProxyTrial trial = new ProxyTrial(plan, rng.at(seed));
            answers = trial.answers();
            for (var each : all.entrySet()) {
                int comparisons = each.getKey().comparisons;
                double[] scores = comparisons == 0 ? trial.gold() : trial.proxy(comparisons);
                each.getValue()[seed] = new Ways(
                        trial.bestOfN(scores),
                        trial.ppo(scores),
                        trial.correlation(scores),
                        trial.drawnBestOfN(scores, DRAWN, TIMES));
            }
        }
        StringBuilder text = new StringBuilder("## (c) Over-optimisation\n\n");
        text.append(String.format(
                Locale.ROOT,
                "%,d answers, %d seeds; rewards are more than the reference's, ± is the 95 %% interval.%n%n",
                answers,
                plan.seeds()));
        StringBuilder csv = new StringBuilder("optimiser,reward,at,kl,proxy,proxy_±,gold,gold_±\n");
        best(text, csv, folder, all);
        ppo(text, csv, folder, all);
        turns(text, all);
        folder.write("over-optimisation.csv", csv.toString());
        return text.toString();
    }

    private static void head(StringBuilder text, String first, SequencedMap<Reward, Ways[]> all) {
        text.append(first);
        int columns = (int) first.chars().filter(c -> c == '|').count() - 1;
        for (Reward reward : all.keySet()) {
            text.append(reward.comparisons == 0 ? " gold itself |" : " %s: proxy | gold |".formatted(reward.name));
            columns += reward.comparisons == 0 ? 1 : 2;
        }
        text.append("\n|").append("---|".repeat(columns)).append('\n');
    }

    private void best(StringBuilder text, StringBuilder csv, LabFolder folder, SequencedMap<Reward, Ways[]> all) {
        text.append("Best of n, exactly:\n\n");
        head(text, "| n | ln n - (n-1)/n | KL | KL by gold |", all);
        SequencedMap<String, Curve> curves = new LinkedHashMap<>();
        for (int doubling = 0; doubling <= plan.doublings(); doubling++) {
            int at = doubling;
            int n = 1 << doubling;
            text.append(String.format(
                    Locale.ROOT,
                    "| %,d | %.2f | %.2f | %.2f |",
                    n,
                    BestOfN.mostDivergence(n),
                    divergence(all.firstEntry().getValue(), at),
                    divergence(all.lastEntry().getValue(), at)));
            cells(
                    text,
                    csv,
                    all,
                    "best of n",
                    String.valueOf(n),
                    seeds -> divergence(seeds, at),
                    (ways, value) -> value.applyAsDouble(ways.best.get(at)));
            text.append('\n');
        }
        curves(
                curves,
                all,
                seeds -> IntStream.rangeClosed(0, plan.doublings())
                        .mapToDouble(i -> divergence(seeds, i))
                        .toArray(),
                (ways, i, value) -> value.applyAsDouble(ways.best.get(i)));
        LabPlot.curves(
                folder.path().resolve("over-optimisation-best-of-n.png"),
                new Labels("Best of n", "KL from the reference, nats", "mean reward"),
                curves);
        text.append(String.format(Locale.ROOT, "%nThe gold reward of the best of %d, drawn %d times", DRAWN, TIMES));
        String between = ": ";
        int exact = Math.min(plan.doublings(), Integer.numberOfTrailingZeros(DRAWN));
        for (var each : all.entrySet()) {
            text.append(between)
                    .append(each.getKey().name)
                    .append(' ')
                    .append(Verdict.shown(over(each.getValue(), Ways::drawn), 2))
                    .append(" (")
                    .append(Verdict.shown(
                            over(each.getValue(), ways -> ways.best.get(exact).gold()), 2))
                    .append(" exactly)");
            between = ", ";
        }
        text.append(".\n\n");
    }

    /// How far the best of 2 to the power of a doubling is from the reference, over the seeds. Of answers that
    /// the gold reward values alike, such as the same words in another order, it prefers none: so the control
    /// departs less than a reward model, which has an opinion of each.
    private static double divergence(Ways[] seeds, int doubling) {
        return over(seeds, ways -> ways.best.get(doubling).kl()).mean();
    }

    private void ppo(StringBuilder text, StringBuilder csv, LabFolder folder, SequencedMap<Reward, Ways[]> all) {
        text.append("PPO, where it first comes to a divergence:\n\n");
        head(text, "| KL |", all);
        for (double kl : GRID) {
            text.append(String.format(Locale.ROOT, "| %.2f |", kl));
            cells(
                    text,
                    csv,
                    all,
                    "ppo",
                    String.valueOf(kl),
                    seeds -> kl,
                    (ways, value) -> Point.at(ways.ppo, kl, value));
            text.append('\n');
        }
        SequencedMap<String, Curve> curves = new LinkedHashMap<>();
        curves(curves, all, seeds -> GRID, (ways, i, value) -> Point.at(ways.ppo, GRID[i], value));
        LabPlot.curves(
                folder.path().resolve("over-optimisation-ppo.png"),
                new Labels("PPO", "KL from the reference, nats", "mean reward"),
                curves);
        text.append('\n');
    }

    /// Reads a number from the ways of a seed.
    @FunctionalInterface
    private interface Read {
        double of(Ways ways, ToDoubleFunction<Point> value);
    }

    /// The same at a place.
    @FunctionalInterface
    private interface ReadAt {
        double of(Ways ways, int i, ToDoubleFunction<Point> value);
    }

    private void cells(
            StringBuilder text,
            StringBuilder csv,
            SequencedMap<Reward, Ways[]> all,
            String optimiser,
            String at,
            ToDoubleFunction<Ways[]> kl,
            Read read) {
        for (var each : all.entrySet()) {
            Interval proxy = over(each.getValue(), ways -> read.of(ways, Point::proxy));
            Interval gold = over(each.getValue(), ways -> read.of(ways, Point::gold));
            if (each.getKey().comparisons != 0) {
                text.append(' ').append(Verdict.shown(proxy, 2)).append(" |");
            }
            text.append(' ').append(Verdict.shown(gold, 2)).append(" |");
            csv.append(optimiser)
                    .append(",\"")
                    .append(each.getKey().name)
                    .append("\",")
                    .append(at);
            for (double number : new double[] {
                kl.applyAsDouble(each.getValue()), proxy.mean(), proxy.half(), gold.mean(), gold.half()
            }) {
                csv.append(',').append(number);
            }
            csv.append('\n');
        }
    }

    private void curves(
            SequencedMap<String, Curve> curves,
            SequencedMap<Reward, Ways[]> all,
            Function<Ways[], double[]> divergences,
            ReadAt read) {
        for (var each : all.entrySet()) {
            double[] kl = divergences.apply(each.getValue());
            List<ToDoubleFunction<Point>> values = new ArrayList<>(List.of(Point::gold));
            if (each.getKey().comparisons != 0) {
                values.addFirst(Point::proxy);
            }
            for (int v = 0; v < values.size(); v++) {
                ToDoubleFunction<Point> value = values.get(v);
                Interval[] at = new Interval[kl.length];
                Arrays.setAll(at, i -> over(each.getValue(), ways -> read.of(ways, i, value)));
                String kind = values.size() == 1 ? "" : v == 0 ? ": proxy" : ": gold";
                curves.put(
                        each.getKey().name + kind,
                        new Curve(
                                kl,
                                Arrays.stream(at).mapToDouble(Interval::mean).toArray(),
                                Arrays.stream(at).mapToDouble(Interval::half).toArray()));
            }
        }
    }

    /// Over all seeds, or nothing where one of them has no such number: other seeds are no substitute.
    private static Interval over(Ways[] seeds, ToDoubleFunction<Ways> value) {
        return Arrays.stream(seeds).mapToDouble(value).anyMatch(Double::isNaN)
                ? new Interval(Double.NaN, Double.NaN)
                : Verdict.over(seeds.length, i -> value.applyAsDouble(seeds[i]));
    }

    // --- where the gold reward turns

    private static double fall(List<Point> way) {
        return Point.peak(way).gold() - way.getLast().gold();
    }

    private static double gain(List<Point> way) {
        return way.getLast().proxy() - Point.peak(way).proxy();
    }

    private void turns(StringBuilder text, SequencedMap<Reward, Ways[]> all) {
        text.append("Where the gold reward is highest, and what becomes of it by the end:\n\n")
                .append("| optimised | correlation with gold | best of n: highest at KL | then falls by |")
                .append(" while the proxy gains | PPO: highest at KL | then falls by | while the proxy gains |\n")
                .append("|---|---|---|---|---|---|---|---|\n");
        for (var each : all.entrySet()) {
            Ways[] seeds = each.getValue();
            text.append("| ").append(each.getKey().name).append(" | ");
            text.append(Verdict.shown(over(seeds, Ways::correlation), 2)).append(" |");
            for (ToDoubleFunction<Ways> value : List.<ToDoubleFunction<Ways>>of(
                    ways -> Point.peak(ways.best).kl(),
                    ways -> fall(ways.best),
                    ways -> gain(ways.best),
                    ways -> Point.peak(ways.ppo).kl(),
                    ways -> fall(ways.ppo),
                    ways -> gain(ways.ppo))) {
                text.append(' ').append(Verdict.shown(over(seeds, value), 2)).append(" |");
            }
            text.append('\n');
        }
        Ways[] few = all.firstEntry().getValue();
        Ways[] gold = all.lastEntry().getValue();
        Ways[] many = all.get(rewards().get(1));
        text.append("\nOptimised by ");
        text.append(sentence("best of n", few, many, gold, Ways::best)).append("; by ");
        text.append(sentence("PPO", few, many, gold, Ways::ppo)).append(".\n\n");
    }

    private String sentence(String optimiser, Ways[] few, Ways[] many, Ways[] gold, Function<Ways, List<Point>> way) {
        Interval later = Verdict.over(
                few.length,
                i -> Point.peak(way.apply(many[i])).kl()
                        - Point.peak(way.apply(few[i])).kl());
        return String.format(
                Locale.ROOT,
                "%s, the reward model of %,d comparisons %s, that of %,d %s; with more comparisons the turn comes %s"
                        + " (%s nats); the control ends %s below its highest gold reward",
                optimiser,
                plan.few(),
                turn(few, gold, way),
                plan.many(),
                turn(many, gold, way),
                Verdict.of(later).choose("later", "earlier", "neither later nor earlier for certain"),
                Verdict.shown(later, 2),
                Verdict.shown(over(gold, ways -> fall(way.apply(ways))), 2));
    }

    /// What becomes of the gold reward, beside the control, whose highest point need not be its last either.
    private static String turn(Ways[] seeds, Ways[] gold, Function<Ways, List<Point>> way) {
        Interval fall = Verdict.over(seeds.length, i -> fall(way.apply(seeds[i])) - fall(way.apply(gold[i])));
        boolean falls = Verdict.of(fall) == Verdict.MORE;
        boolean gains = Verdict.of(over(seeds, ways -> gain(way.apply(ways)))) == Verdict.MORE;
        return falls && gains
                ? "goes on growing while the gold reward turns down"
                : falls ? "takes the gold reward down again" : "does not take the gold reward down for certain";
    }
}
