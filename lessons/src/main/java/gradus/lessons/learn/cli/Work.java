package gradus.lessons.learn.cli;

import gradus.lessons.Course;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.worker.Grading;
import gradus.train.cli.terminal.Console;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// What the commands work with.
///
/// @param course all exercises
/// @param judge  makes who grades
/// @param keys   opens the source of keys
record Work(Console console, List<Exercise> course, Supplier<Judge> judge, Function<Consumer<Event>, Keys> keys) {
    static Work of(Console console) {
        return new Work(console, Course.exercises(), () -> Judge.of(new Grading()), Keys::ofProcess);
    }

    Screen screen() {
        return new Screen(console);
    }
}
