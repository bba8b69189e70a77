package gradus.lessons.learn.check;

import gradus.lessons.learn.exercise.Exercise;
import java.util.List;

/// What the check found of one exercise.
///
/// @param faults        what must be mended, in sentences; empty if it is sound
/// @param bugs          how many mistakes its bank holds
/// @param named         how many of them the grader calls by their own sentence
/// @param variants      how many further right answers it has
/// @param separation    the least distance of two answers, in tolerances
/// @param throughWeak   how many mistakes a test of one input within 0.01 would let through
/// @param mutants       how many changed answers ran
/// @param mutantsKilled how many of them were refused
/// @param alive         those that were not
public record ExerciseReport(
        Exercise exercise,
        List<String> faults,
        int bugs,
        int named,
        int variants,
        double separation,
        int throughWeak,
        int mutants,
        int mutantsKilled,
        List<String> alive) {
    public boolean sound() {
        return faults.isEmpty();
    }
}
