package gradus.lessons.lab.inference;

import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.Verdict;
import gradus.tensor.kernel.vector.Parallel;
import gradus.train.run.compare.Interval;
import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/// What the rows say: the claims about reading and writing, each with an interval over rounds, and how near the
/// roofline comes.
///
/// @param plan        of the model
/// @param rows        as they were measured
/// @param roof        of the machine
/// @param speculative the texts that were written both ways
record InferenceReport(InferencePlan plan, Rows rows, Roof roof, SpeculativeTrial speculative) {
    private static final double NEAR = 0.2;
    private static final double MEGA = 1e6;

    @Override
    public String toString() {
        return bottlenecks() + "\n" + remedies() + "\n" + roofline();
    }

    /// How many times as long one row took as another one, over rounds.
    private Interval times(String row, String other) {
        return Verdict.over(
                plan.rounds(),
                round -> rows.get(row).seconds(round) / rows.get(other).seconds(round));
    }

    private String bottlenecks() {
        int longest = plan.longest();
        int small = plan.part(4);
        String cached = Rows.write(longest);
        String whole = Rows.read(longest);
        Interval exponent = exponent();
        return new Section("Two bottlenecks", Expected.bottlenecks(plan))
                .claim(
                        "The time of fused attention grows with this power of the length",
                        exponent,
                        exponent.mean() - exponent.half() > 1.8 && exponent.mean() + exponent.half() < 2.2)
                .add(String.format(
                        Locale.ROOT,
                        "**%s.** A token behind %s others has %.2f FLOP/byte, reading %s at once %.0f; the ridge of this"
                                + " machine is at %.1f.",
                        rows.get(cached).cost().intensity() < roof.ridge() / 10
                                        && !roof.byMemory(rows.get(whole).cost())
                                ? "Holds"
                                : "Does not hold here",
                        longest,
                        rows.get(cached).cost().intensity(),
                        longest,
                        rows.get(whole).cost().intensity(),
                        roof.ridge()))
                .claim(
                        "Behind " + longest + " tokens the next one costs without a cache so many times as much",
                        times(whole, cached),
                        20)
                .toString();
    }

    /// Of each round, from a line through the logarithms.
    private Interval exponent() {
        return Verdict.over(plan.rounds(), round -> {
            SimpleRegression line = new SimpleRegression();
            for (int parts : new int[] {4, 2, 1}) {
                int time = plan.part(parts);
                line.addData(Math.log(time), Math.log(rows.get(Rows.fused(time)).seconds(round)));
            }
            return line.getSlope();
        });
    }

    private String remedies() {
        int longest = plan.longest();
        String one = Rows.write(plan.part(16));
        String quarter = Rows.write(plan.part(4));
        String many = Rows.texts(Rows.TEXTS);
        Section section = new Section("What helps", Expected.remedies(plan))
                .claim(
                        "A token of each of %s texts costs so many times one, and less than %s"
                                .formatted(Rows.TEXTS, Rows.TEXTS / 2),
                        times(many, quarter),
                        below(times(many, quarter), Rows.TEXTS / 2.0));
        for (String kind : List.of("gqa", "mqa", "window")) {
            section.claim(
                    String.format(
                            Locale.ROOT,
                            "%s: heads of their own take so many times as long (%.0f MB against %.0f MB)",
                            kind,
                            rows.get("mha").cost().bytes() / MEGA,
                            rows.get(kind).cost().bytes() / MEGA),
                    times("mha", kind),
                    1);
        }
        String several = Rows.few(Rows.CHECKED);
        section.claim(
                "A pass of %s tokens costs so many times one, and less than 2".formatted(Rows.CHECKED),
                times(several, one),
                below(times(several, one), 2));
        speculation(section, one, several);
        for (String format : List.of("q8_0", "nf4")) {
            section.claim(
                    "%s: weights of 32 bits take so many times as long for a token".formatted(format),
                    times(one, format),
                    1);
        }
        return section.claim(
                        "Step by step, attention over %s tokens takes so many times as long as fused"
                                .formatted(longest),
                        times(Rows.plain(longest), Rows.fused(longest)),
                        1)
                .toString();
    }

    private static boolean below(Interval times, double bound) {
        return times.mean() + times.half() < bound;
    }

    private void speculation(Section section, String one, String several) {
        double tokens = speculative.report().tokensPerPass();
        double expected = SpeculativeTrial.expected(
                tokens,
                rows.get(one).seconds(),
                rows.get("draft").seconds(),
                rows.get(several).seconds());
        Interval times = Interval.of(speculative.times());
        section.claim(
                String.format(
                        Locale.ROOT,
                        "Speculative decoding, %s ahead, %.0f %% accepted, %.2f tokens a pass (the weights are random and made to"
                                + " agree, so the accepted share says nothing of trained models): expected %.2f times as fast, measured",
                        SpeculativeTrial.AHEAD,
                        100 * speculative.report().acceptRate(),
                        tokens,
                        expected),
                times,
                Math.abs(times.mean() / expected - 1) <= NEAR);
    }

    private String roofline() {
        List<Measured> all = rows.all();
        long classical = all.stream()
                .filter(each -> near(each, roof.seconds(each.cost())))
                .count();
        long lowered = all.stream()
                .filter(each -> near(each, roof.lowered(each.cost(), each.products())))
                .count();
        StringBuilder machine = new StringBuilder(String.format(
                Locale.ROOT,
                "This machine with %s threads, %s; medians of %s rounds in which everything takes its turn and the fastest of %s"
                        + " runs counts. Memory %.1f GB/s, products at most %.1f GFLOP/s, a pass without work %.3f ms. Products of"
                        + " so many rows, GFLOP/s:",
                Parallel.THREADS,
                Stopwatch.ofProcessor() ? "seconds of a processor" : "seconds by the clock",
                plan.rounds(),
                Stopwatch.RUNS,
                roof.bandwidth() * 1e-9,
                roof.peak() * 1e-9,
                1e3 * roof.overhead()));
        roof.reached()
                .forEach((products, flops) ->
                        machine.append(String.format(Locale.ROOT, " %s: %.1f;", products, flops * 1e-9)));
        Section section = new Section("Roofline", Expected.roofline())
                .add(machine.toString())
                .add(rows.table(roof))
                .add("**%s.** The roof is within 20 %% of what was measured for %s of %s rows, the lowered one for %s."
                        .formatted(
                                lowered == all.size() ? "Holds" : "Does not hold here",
                                classical,
                                all.size(),
                                lowered));
        section.add(cache());
        all.stream()
                .filter(each -> !near(each, roof.lowered(each.cost(), each.products())))
                .forEach(each -> section.add("- " + each.name() + ": " + why(each)));
        return section.toString();
    }

    /// How fast attention reads a cache: what all of it costs more than a window of it.
    private String cache() {
        Measured whole = rows.get("mha");
        Measured window = rows.get("window");
        double bytes = whole.cost().bytes() - window.cost().bytes();
        double seconds = whole.seconds() - window.seconds();
        return String.format(
                Locale.ROOT,
                "The whole cache of %s texts has %.0f MB more than a window of it and takes %.2f ms longer: attention reads"
                        + " a cache at %.1f GB/s, memory gives %.1f.",
                Rows.TEXTS,
                bytes / MEGA,
                1e3 * seconds,
                bytes / seconds * 1e-9,
                roof.bandwidth() * 1e-9);
    }

    private static boolean near(Measured each, double predicted) {
        return Math.abs(each.seconds() / predicted - 1) <= NEAR;
    }

    /// What the numbers say of a row that is not under the lowered roof.
    private String why(Measured each) {
        double gflops = each.cost().flops() / each.seconds() * 1e-9;
        double gbytes = each.cost().bytes() / each.seconds() * 1e-9;
        String reached = String.format(Locale.ROOT, "%.1f GFLOP/s and %.1f GB/s", gflops, gbytes);
        if (each.seconds() < roof.lowered(each.cost(), each.products())) {
            return reached
                    + ": faster than the roof: the processor's caches keep some of the bytes from one pass to the next,"
                    + " or the machine was slower while it was measured itself.";
        }
        return switch (each.group()) {
            case Rows.QUANTISED ->
                reached + ": unpacking the codes is arithmetic too, which one layer alone does faster.";
            case Rows.ATTENTION ->
                reached + ": exponentials, and tiles or heads of few channels, whose products are far from the peak.";
            case Rows.READ ->
                reached
                        + ": norms, activations, exponentials and the products of single heads are slower than large products.";
            default ->
                reached
                        + ": neither bound is reached; what lies between the products (norms, activations, the cache's rows one"
                        + " by one) is not counted.";
        };
    }
}
