package gradus.lessons.learn.cli;

import gradus.error.ResourceException;
import gradus.lessons.Course;
import gradus.lessons.learn.check.CourseCheck;
import gradus.lessons.learn.check.ExerciseCheck;
import gradus.lessons.learn.check.ExerciseReport;
import gradus.lessons.learn.compile.Compiler;
import gradus.lessons.learn.exercise.Exercise;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToIntFunction;

/// What the check of the course found, one line for each exercise, and what must be mended.
final class CourseTable {
    private static final String ROW = "%-34s %9s %9s %8s %9s %9s";

    private final Screen screen;
    private final boolean changes;

    /// @param changes whether to try changed answers too
    CourseTable(Screen screen, boolean changes) {
        this.screen = screen;
        this.changes = changes;
    }

    /// @return whether every grader can be trusted
    boolean check(List<Exercise> exercises) {
        List<ExerciseReport> reports = new ArrayList<>();
        long seed = new Random().nextLong();
        screen.faint(String.format(Locale.ROOT, ROW, "", "mistakes", "least", "right", "changes", "through a"));
        screen.faint(
                String.format(Locale.ROOT, ROW, "exercise", "named", "distance", "answers", "refused", "weak test"));
        try (Compiler compiler = new Compiler()) {
            for (Exercise exercise : exercises) {
                ExerciseReport report = ExerciseCheck.of(exercise, seed, changes, compiler);
                reports.add(report);
                screen.line(row(report));
            }
        } catch (IOException e) {
            throw new ResourceException("the compiler cannot be closed: " + e.getMessage(), e);
        }
        total(reports);
        List<String> faults = new ArrayList<>(CourseCheck.faults(Course.lessons()));
        for (ExerciseReport report : reports) {
            report.faults().forEach(fault -> faults.add(report.exercise() + " " + fault));
        }
        screen.line();
        if (changes) {
            alive(reports);
        }
        faults.forEach(screen::line);
        screen.line(
                faults.isEmpty()
                        ? "Every grader can be trusted: right answers pass, mistakes are refused and named."
                        : faults.size() + " faults; the numbers of the probes were those of seed " + seed);
        return faults.isEmpty();
    }

    private String row(ExerciseReport report) {
        return String.format(
                        Locale.ROOT,
                        ROW,
                        report.exercise(),
                        report.named() + " of " + report.bugs(),
                        distance(report.separation()),
                        1 + report.variants(),
                        changes ? report.mutantsKilled() + " of " + report.mutants() : "",
                        report.throughWeak())
                .stripTrailing();
    }

    /// In tolerances; beyond a million it says no more.
    private static String distance(double tolerances) {
        return tolerances > 1e6 ? "> 1e6" : String.format(Locale.ROOT, "%,.0f", tolerances);
    }

    private void total(List<ExerciseReport> reports) {
        double least =
                reports.stream().mapToDouble(ExerciseReport::separation).min().orElse(0);
        int bugs = sum(reports, ExerciseReport::bugs);
        screen.line(String.format(
                        Locale.ROOT,
                        ROW,
                        reports.size() + " exercises",
                        sum(reports, ExerciseReport::named) + " of " + bugs,
                        distance(least),
                        sum(reports, each -> 1 + each.variants()),
                        changes
                                ? sum(reports, ExerciseReport::mutantsKilled) + " of "
                                        + sum(reports, ExerciseReport::mutants)
                                : "",
                        sum(reports, ExerciseReport::throughWeak))
                .stripTrailing());
        screen.line();
        screen.line("Distances are in tolerances, of the two answers that are nearest to each other.");
        screen.line("A weak test compares the result of one input and lets pass what is off by 0.01:");
        screen.line("%s of the %s mistakes would come through it."
                .formatted(sum(reports, ExerciseReport::throughWeak), bugs));
    }

    private void alive(List<ExerciseReport> reports) {
        reports.stream().filter(each -> !each.alive().isEmpty()).forEach(report -> {
            screen.line("changes to " + report.exercise() + " that pass:");
            report.alive().forEach(each -> screen.line("  " + each));
        });
    }

    private static int sum(List<ExerciseReport> reports, ToIntFunction<ExerciseReport> number) {
        return reports.stream().mapToInt(number).sum();
    }
}
