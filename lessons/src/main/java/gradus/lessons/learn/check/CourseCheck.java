package gradus.lessons.learn.check;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.exercise.Source;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Proves of the course as a whole that its lessons stand in order, and that what learners get does not hold
/// answers.
public final class CourseCheck {
    private static final Pattern IMPORT = Pattern.compile("(?m)^import (?:static )?gradus\\.lessons\\.(\\w+)\\.");
    /// Shorter lines of an answer, such as `}`, stand in many files.
    private static final int TELLING = 25;

    private CourseCheck() {}

    /// What must be mended, in sentences; empty if the course is sound.
    public static List<String> faults(List<Lesson> lessons) {
        List<String> faults = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        List<String> all = lessons.stream().map(Lesson::name).toList();
        Set<String> before = new LinkedHashSet<>();
        for (Lesson lesson : lessons) {
            before.add(lesson.name());
            if (lesson.page().isBlank()) {
                faults.add(lesson.name() + " has an empty page");
            }
            for (Exercise exercise : lesson.exercises()) {
                if (!names.add(exercise.name())) {
                    faults.add("two exercises are called " + exercise.name());
                }
                if (!exercise.lesson().equals(lesson.name())) {
                    faults.add(exercise + " stands in the lesson " + lesson.name());
                }
                order(exercise, all, before, faults);
                leak(exercise, faults);
            }
        }
        return faults;
    }

    /// What learners are to have read must come first.
    private static void order(Exercise exercise, List<String> all, Set<String> before, List<String> faults) {
        Source source = exercise.source();
        Matcher imported = IMPORT.matcher(source.with(source.body()));
        while (imported.find()) {
            String other = imported.group(1);
            if (all.contains(other) && !before.contains(other)) {
                faults.add(exercise + " needs the lesson " + other + ", which comes later");
            }
        }
    }

    private static void leak(Exercise exercise, List<String> faults) {
        String stub = exercise.source().stub(exercise.name());
        exercise.source()
                .body()
                .lines()
                .map(String::strip)
                .filter(line -> line.length() >= TELLING && !line.startsWith("//") && stub.contains(line))
                .forEach(line -> faults.add(exercise + " shows a line of its answer outside the gap: " + line));
    }
}
