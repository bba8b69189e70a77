package gradus.lessons.learn.worker;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.grade.Verdict;

/// Grades answers: compiles the text, looks for what an answer must not do, runs it in a process of its own, and
/// compares what it gave with the right answer.
public final class Grading implements AutoCloseable {
    public Grading() {}

    /// What is to be said of an answer. Never throws because of what stands in the text.
    ///
    /// @param source the whole file of the learner
    public Verdict verdict(Exercise exercise, String source) throws InterruptedException {
        throw new UnsupportedOperationException("not yet");
    }

    /// Prepares for an exercise, in the background, so that its first verdict comes fast.
    public void warmUp(Exercise exercise) {
        throw new UnsupportedOperationException("not yet");
    }

    @Override
    public void close() {}
}
