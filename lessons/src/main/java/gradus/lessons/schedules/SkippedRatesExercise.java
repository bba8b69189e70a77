package gradus.lessons.schedules;

import gradus.lessons.learn.exercise.Exercise;

final class SkippedRatesExercise {
    private static final double INF = Double.POSITIVE_INFINITY;

    private SkippedRatesExercise() {}

    static Exercise exercise() {
        return Exercise.of(SkippedRates.class, "A schedule that waits for skipped steps")
                .tolerance(1e-9)
                .probe(
                        "nothing skipped",
                        "the schedule itself",
                        t -> t.call(new double[] {1, 2, 0}, new double[] {0.3, 0.2, 0.1}))
                .probe(
                        "the second batch has no norm",
                        "0.3, then 0 for the skipped one, and the third batch is step 2: 0.2",
                        t -> t.call(new double[] {1, Double.NaN, 2}, new double[] {0.3, 0.2, 0.1}))
                .probe(
                        "an infinite norm",
                        "∞ is skipped like NaN",
                        t -> t.call(new double[] {INF, 1, INF, INF, 2}, new double[] {0.3, 0.2, 0.1}))
                .probe(
                        "more batches than the schedule has steps",
                        "the last rate goes on: 0.5, 0.4, 0.4, 0 and 0.4",
                        t -> t.call(new double[] {1, 1e30, 1, Double.NaN, 1}, new double[] {0.5, 0.4}))
                .probe("no batch", "no rate", t -> t.call(new double[0], new double[] {1}))
                .probe(
                        "all skipped, then one",
                        "three zeros, then the first rate",
                        t -> t.call(new double[] {Double.NaN, INF, Double.NaN, 1e-30}, new double[] {0.7, 0.6, 0.5}))
                .bug(
                        "The schedule moves on although the step was skipped",
                        "schedule[Math.min(steps, schedule.length - 1)]",
                        "schedule[Math.min(i, schedule.length - 1)]")
                .bug(
                        "Only NaN is skipped, and an infinite norm is not",
                        "Double.isFinite(norms[i])",
                        "!Double.isNaN(norms[i])")
                .bug(
                        "Only an infinite norm is skipped, and NaN is not",
                        "Double.isFinite(norms[i])",
                        "!Double.isInfinite(norms[i])")
                .bug(
                        "The schedule counts the step before it reads the rate, and its first rate is never used",
                        "Math.min(steps, schedule.length - 1)",
                        "Math.min(steps + 1, schedule.length - 1)")
                .bug("Nothing is skipped", "Double.isFinite(norms[i])", "true")
                .bug(
                        "After its end the schedule begins again",
                        "Math.min(steps, schedule.length - 1)",
                        "steps % schedule.length")
                .bug(
                        "A norm of 0 is skipped too, although there is nothing wrong with it",
                        "Double.isFinite(norms[i])",
                        "norms[i] > 0 && norms[i] < Double.POSITIVE_INFINITY")
                .variant("the schedule as a queue", """
                        var left = new java.util.ArrayDeque<Double>();
                        for (double rate : schedule) {
                            left.add(rate);
                        }
                        double[] rates = new double[norms.length];
                        for (int i = 0; i < rates.length; i++) {
                            if (norms[i] - norms[i] != 0) {
                                continue;
                            }
                            rates[i] = left.size() > 1 ? left.poll() : left.peek();
                        }
                        return rates;
                        """)
                .variant("counting the skipped ones", """
                        double[] rates = new double[norms.length];
                        int skipped = 0;
                        for (int i = 0; i < norms.length; i++) {
                            if (Double.isNaN(norms[i]) || Double.isInfinite(norms[i])) {
                                skipped++;
                                rates[i] = 0;
                            } else {
                                int step = i - skipped;
                                rates[i] = step < schedule.length ? schedule[step] : schedule[schedule.length - 1];
                            }
                        }
                        return rates;
                        """)
                .hints(
                        "How many steps has the optimiser taken when batch i comes?",
                        "Count steps apart from batches; Double.isFinite says which batch is good.",
                        "rates[i] = schedule[Math.min(steps, schedule.length - 1)] for a good batch, and then steps++.")
                .reading("The section \"Steps that are not taken\" of this lesson");
    }
}
