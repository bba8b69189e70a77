package gradus.lessons.learn.cli;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.grade.Verdict;
import java.nio.file.Path;

/// What happens while a learner works.
sealed interface Event {
    /// A key was pressed, or a line with that first letter was typed.
    record Key(char key) implements Event {}

    /// The file was saved.
    record Saved(Path file) implements Event {}

    /// The file is no longer there.
    record Gone(Path file) implements Event {}

    /// An answer was graded.
    record Graded(Exercise exercise, Verdict verdict) implements Event {}

    /// Something to be told went wrong in the background.
    record Failed(RuntimeException reason) implements Event {}

    /// Something is to be told.
    record Note(String text) implements Event {}

    /// The learner ends it.
    record End(int code) implements Event {}
}
