package gradus.lessons.learn.worker;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Source;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/// Measures how long a learner waits from saving a file to the verdict: the first time, and then, with
/// everything warm, over all exercises of the course, with right answers, wrong ones and the stub.
public final class Latency {
    private static final int WRONG = 2;

    /// What passes at least before a learner saves the first time.
    private static final long READING_MILLIS = 3000;

    /// The same for further exercises, for which the processes run already.
    private static final long NEXT_MILLIS = 1000;

    private Latency() {}

    /// @param coldMillis   from nothing to a verdict, when nobody has had time to read the task
    /// @param firstMillis  the first verdict after a warm-up, as a learner meets it
    /// @param medianMillis of all further ones
    /// @param p95Millis    which 95 of 100 do not exceed
    /// @param verdicts     how many were measured
    public record Times(double coldMillis, double firstMillis, double medianMillis, double p95Millis, int verdicts) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "cold %.0f ms; first verdict after the warm-up %.0f ms; of %d verdicts: median %.0f ms, 95th"
                            + " percentile %.0f ms",
                    coldMillis,
                    firstMillis,
                    verdicts,
                    medianMillis,
                    p95Millis);
        }
    }

    /// @param course where the exercises are from, for the worker
    /// @param out    takes the slowest ones
    public static Times measure(List<Exercise> exercises, Class<?> course, PrintStream out)
            throws InterruptedException {
        Exercise one = exercises.getFirst();
        long start = System.nanoTime();
        try (Grading grading = new Grading(course)) {
            grading.verdict(one, one.source().with(one.source().body()));
            double cold = millis(start);
            double first = first(one, course);
            List<Double> all = new ArrayList<>();
            for (Exercise exercise : exercises) {
                grading.warmUp(exercise);
                Thread.sleep(NEXT_MILLIS);
                for (String text : texts(exercise)) {
                    long saved = System.nanoTime();
                    String verdict = grading.verdict(exercise, text).kind().toString();
                    double took = millis(saved);
                    all.add(took);
                    out.printf(Locale.ROOT, "%-40s %-10s %5.0f ms%n", exercise, verdict, took);
                }
            }
            Collections.sort(all);
            return new Times(
                    cold, first, all.get(all.size() / 2), all.get((int) Math.ceil(0.95 * all.size()) - 1), all.size());
        }
    }

    /// With a new worker, after the time that it takes to read a task.
    private static double first(Exercise exercise, Class<?> course) throws InterruptedException {
        try (Grading grading = new Grading(course)) {
            grading.warmUp(exercise);
            Thread.sleep(READING_MILLIS);
            long saved = System.nanoTime();
            grading.verdict(exercise, exercise.source().with(exercise.source().body()));
            return millis(saved);
        }
    }

    private static List<String> texts(Exercise exercise) {
        Source source = exercise.source();
        List<String> texts = new ArrayList<>(List.of(source.stub(exercise.name()), source.with(source.body())));
        exercise.bugs().stream()
                .limit(WRONG)
                .map(bug -> source.with(bug.in(source.body())))
                .forEach(texts::add);
        return texts;
    }

    private static double millis(long since) {
        return (System.nanoTime() - since) / 1e6;
    }
}
