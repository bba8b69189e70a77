package gradus.lessons.lab.ema;

import gradus.lessons.lab.measure.Section;
import gradus.tensor.random.Rng;
import gradus.train.average.EmaKind;
import gradus.train.schedule.ScheduleConfig;
import gradus.train.schedule.ScheduleKind;
import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;

/// The noise of averages on a bowl, against what it must be.
///
/// @param seeds how many
/// @param count of numbers in each bowl
record BowlPart(int seeds, int count) {
    /// Before anything is measured.
    static final String PREDICTION = """
            SGD on θ²/2 with normal noise of the gradient comes to rest at a mean square of ησ²/(2 - η), and an average of decay d \
            at (1 - d)/(1 + d)·(1 + ad)/(1 - ad) times that, a = 1 - η (an autoregressive process through a filter). The \
            library's averages should have that noise, within what chance allows 999 times in 1,000. Behind a rate that fell to 0 \
            the last fifth of the steps, θ itself should have less noise than the average has at a constant rate with d = 0.9, \
            and averaging it should gain nothing more. At the start, an average that begins as a copy should keep its \
            beginning for about 1/(1 - d) steps; corrected or with a decay that grows it should not.""";

    private static final double OUTSIDE = 0.001; // of measurements lie outside of the interval
    private static final int STEPS = 2000; // 10 times what the slowest average remembers, 1/(1 - d) = 100 and 1/η = 20
    private static final List<Double> RATES = List.of(0.05, 0.5);
    private static final List<Double> DECAYS = List.of(0.9, 0.99);
    private static final double NEAR_EXACT = 1e-5; // a number of 32 bits has 24 of them behind the point
    private static final double A = 0.95;
    private static final double SLOW = 0.99;
    private static final List<Integer> BEGINNING = List.of(1, 10, 50, 200, 500);

    /// A measured mean square over the exact one.
    ///
    /// @param ratio of the two
    /// @param low   the lowest ratio that is within chance
    /// @param high  the highest
    record Ratio(double ratio, double low, double high) {
        /// A sum of n squares of normal numbers follows χ² with n degrees of freedom.
        ///
        /// @param n how many numbers the mean is of
        static Ratio of(double measured, double exact, int n) {
            ChiSquaredDistribution squares = new ChiSquaredDistribution(n);
            return new Ratio(
                    measured / exact,
                    squares.inverseCumulativeProbability(OUTSIDE / 2) / n,
                    squares.inverseCumulativeProbability(1 - OUTSIDE / 2) / n);
        }

        boolean isWithin() {
            return ratio >= low && ratio <= high;
        }
    }

    Section section() {
        Section section = new Section("A bowl", PREDICTION);
        StringBuilder table = new StringBuilder(
                "| rate | decay | exact noise | measured over exact | chance allows |\n|---|---|---|---|---|\n");
        boolean within = true;
        boolean less = true;
        double raw = Double.NaN;
        double constant = Double.NaN;
        double fallen = Double.NaN;
        double fallenAveraged = Double.NaN;
        for (ScheduleKind kind : List.of(ScheduleKind.CONSTANT, ScheduleKind.WSD_LINEAR)) {
            for (double rate : RATES) {
                double[] measured = measured(kind, rate);
                double[] exact = exact(kind, rate);
                for (int i = 0; i < exact.length; i++) {
                    Ratio ratio = Ratio.of(measured[i], exact[i], seeds * count);
                    within &= ratio.isWithin();
                    table.append(String.format(
                            Locale.ROOT,
                            "| %s, %s | %s | %.5f | %.4f | %.4f to %.4f |%n",
                            rate,
                            kind == ScheduleKind.CONSTANT ? "constant" : "falls",
                            i == 0 ? "none" : DECAYS.get(i - 1).toString(),
                            exact[i],
                            ratio.ratio(),
                            ratio.low(),
                            ratio.high()));
                }
                if (kind == ScheduleKind.CONSTANT) {
                    less &= measured[1] < measured[0] && measured[2] < measured[1];
                    raw = rate == RATES.getFirst() ? measured[0] : raw;
                    constant = rate == RATES.getFirst() ? measured[1] : constant;
                } else if (rate == RATES.getFirst()) {
                    fallen = measured[0];
                    fallenAveraged = Math.min(measured[1], measured[2]);
                }
            }
        }
        section.add(table.toString())
                .claim("The noise is the exact one in all rows", "see the table", within)
                .claim("At a constant rate a longer average has less noise", "see the table", less)
                .claim(
                        "Behind a fallen rate of 0.05, θ has less noise than the average of decay 0.9 at a constant one",
                        String.format(Locale.ROOT, "%.5f and %.5f", fallen, constant),
                        fallen < constant)
                .claim(
                        "Averaging it gains nothing more",
                        String.format(Locale.ROOT, "%.5f averaged and %.5f raw", fallenAveraged, fallen),
                        fallenAveraged >= fallen)
                .claim(
                        "It gains less than at the constant rate",
                        String.format(Locale.ROOT, "%.5f and %.5f", fallen - fallenAveraged, raw - constant),
                        fallen - fallenAveraged < raw - constant);
        return start(section);
    }

    private double[] measured(ScheduleKind kind, double rate) {
        double[] sums = new double[DECAYS.size() + 1];
        for (long seed = 1; seed <= seeds; seed++) {
            NoisyBowl.End end = new NoisyBowl(count, 0, 1)
                    .train(
                            kind.of(ScheduleConfig.of(rate), STEPS),
                            STEPS,
                            EmaKind.DEBIASED,
                            DECAYS,
                            Rng.of(seed).at("bowl"));
            sums[0] += NoisyBowl.End.meanSquare(end.raw()) / seeds;
            for (int i = 0; i < DECAYS.size(); i++) {
                sums[i + 1] += NoisyBowl.End.meanSquare(end.averaged().get(i)) / seeds;
            }
        }
        return sums;
    }

    private static double[] exact(ScheduleKind kind, double rate) {
        double[] exact = new double[DECAYS.size() + 1];
        for (int i = 0; i < DECAYS.size(); i++) {
            ExactNoise noise = kind == ScheduleKind.CONSTANT
                    ? ExactNoise.stationary(rate, DECAYS.get(i), 1)
                    : ExactNoise.of(kind.of(ScheduleConfig.of(rate), STEPS), STEPS, DECAYS.get(i), 1);
            exact[0] = noise.raw();
            exact[i + 1] = noise.averaged();
        }
        return exact;
    }

    /// Without noise, from 1, so that all is exact.
    private static Section start(Section section) {
        StringBuilder table = new StringBuilder(
                "| step | θ | copy, decay 0.99 | debiased | warmed | largest error of the library's |\n|---|---|---|---|---|---|\n");
        double worst = 0;
        boolean later = true;
        for (int steps : BEGINNING) {
            ExactStart exact = ExactStart.of(A, SLOW, steps);
            double debiased = average(EmaKind.DEBIASED, steps);
            double warmed = average(EmaKind.WARMED, steps);
            double error = Math.max(Math.abs(debiased - exact.debiased()), Math.abs(warmed - exact.warmed()));
            worst = Math.max(worst, error);
            later &= exact.plain() > debiased && exact.plain() > warmed;
            table.append(String.format(
                    Locale.ROOT,
                    "| %d | %.6f | %.6f | %.6f | %.6f | %.1e |%n",
                    steps,
                    exact.raw(),
                    exact.plain(),
                    debiased,
                    warmed,
                    error));
        }
        return section.add("Without noise, from 1, at a rate of 0.05; the best is 0:\n\n" + table)
                .claim(
                        "The library's averages are exact within " + NEAR_EXACT,
                        String.format(Locale.ROOT, "%.1e", worst),
                        worst < NEAR_EXACT)
                .claim("At every step a plain copy is farther from the best than both", "see the table", later);
    }

    private static double average(EmaKind kind, int steps) {
        return new NoisyBowl(1, 1, 0)
                .train(step -> 1 - A, steps, kind, List.of(SLOW), Rng.of(1))
                .averaged()
                .getFirst()[0];
    }
}
