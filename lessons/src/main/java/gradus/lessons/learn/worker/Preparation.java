package gradus.lessons.learn.worker;

import gradus.lessons.learn.exercise.Exercise;

/// Makes classes of a learner's text, without running any of it.
@FunctionalInterface
public interface Preparation {
    /// @param text the learner's whole file
    Prepared of(Exercise exercise, String text) throws InterruptedException;
}
