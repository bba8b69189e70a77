package gradus.lessons.learn.cli;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.grade.Verdict;
import gradus.lessons.learn.worker.Grading;

/// Who grades answers.
interface Judge extends AutoCloseable {
    Verdict verdict(Exercise exercise, String source) throws InterruptedException;

    /// Prepares for an exercise in the background.
    default void warmUp(Exercise exercise) {}

    @Override
    default void close() {}

    /// Runs answers in a process of their own.
    static Judge of(Grading grading) {
        return new Judge() {
            @Override
            public Verdict verdict(Exercise exercise, String source) throws InterruptedException {
                return grading.verdict(exercise, source);
            }

            @Override
            public void warmUp(Exercise exercise) {
                grading.warmUp(exercise);
            }

            @Override
            public void close() {
                grading.close();
            }
        };
    }
}
