package gradus.lessons;

import gradus.lessons.accumulation.AccumulationLesson;
import gradus.lessons.adamw.AdamwLesson;
import gradus.lessons.beams.BeamsLesson;
import gradus.lessons.ema.EmaLesson;
import gradus.lessons.gpt.GptLesson;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.muon.MuonLesson;
import gradus.lessons.perplexity.PerplexityLesson;
import gradus.lessons.sampling.SamplingLesson;
import gradus.lessons.schedules.SchedulesLesson;
import gradus.lessons.softmax.SoftmaxLesson;
import java.util.List;
import java.util.Optional;

/// The lessons, in the order in which they build on each other.
public final class Course {
    private Course() {}

    public static List<Lesson> lessons() {
        return List.of(
                SoftmaxLesson.lesson(),
                AdamwLesson.lesson(),
                MuonLesson.lesson(),
                SchedulesLesson.lesson(),
                AccumulationLesson.lesson(),
                EmaLesson.lesson(),
                GptLesson.lesson(),
                SamplingLesson.lesson(),
                BeamsLesson.lesson(),
                PerplexityLesson.lesson());
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
