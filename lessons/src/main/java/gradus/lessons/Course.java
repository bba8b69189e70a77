package gradus.lessons;

import gradus.lessons.alibi.AlibiLesson;
import gradus.lessons.chunks.ChunksLesson;
import gradus.lessons.experts.ExpertsLesson;
import gradus.lessons.floats.FloatsLesson;
import gradus.lessons.initialisation.InitialisationLesson;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.longrope.LongRopeLesson;
import gradus.lessons.rope.RopeLesson;
import gradus.lessons.sinusoidal.SinusoidalLesson;
import gradus.lessons.softmax.SoftmaxLesson;
import gradus.lessons.swiglu.SwiGluLesson;
import java.util.List;
import java.util.Optional;

/// The lessons, in the order in which they build on each other.
public final class Course {
    private Course() {}

    public static List<Lesson> lessons() {
        return List.of(
                SoftmaxLesson.lesson(),
                SinusoidalLesson.lesson(),
                AlibiLesson.lesson(),
                RopeLesson.lesson(),
                LongRopeLesson.lesson(),
                ChunksLesson.lesson(),
                SwiGluLesson.lesson(),
                ExpertsLesson.lesson(),
                InitialisationLesson.lesson(),
                FloatsLesson.lesson());
    }

    /// All exercises, in order.
    public static List<Exercise> exercises() {
        return lessons().stream().flatMap(lesson -> lesson.exercises().stream()).toList();
    }

    /// The exercise of that name, however it is written.
    public static Optional<Exercise> exercise(String name) {
        return exercises().stream()
                .filter(each ->
                        each.name().equalsIgnoreCase(name) || each.toString().equalsIgnoreCase(name))
                .findFirst();
    }
}
