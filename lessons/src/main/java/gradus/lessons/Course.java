package gradus.lessons;

import gradus.lessons.attention.AttentionLesson;
import gradus.lessons.autograd.AutogradLesson;
import gradus.lessons.backward.BackwardLesson;
import gradus.lessons.bigram.BigramLesson;
import gradus.lessons.bpe.BpeLesson;
import gradus.lessons.cache.CacheLesson;
import gradus.lessons.embeddings.EmbeddingsLesson;
import gradus.lessons.flash.FlashLesson;
import gradus.lessons.gradcheck.GradcheckLesson;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.masks.MasksLesson;
import gradus.lessons.mlp.MlpLesson;
import gradus.lessons.norms.NormsLesson;
import gradus.lessons.regression.RegressionLesson;
import gradus.lessons.softmax.SoftmaxLesson;
import gradus.lessons.sparse.SparseLesson;
import gradus.lessons.tensors.TensorsLesson;
import gradus.lessons.wordpiece.WordpieceLesson;
import java.util.List;
import java.util.Optional;

/// The lessons, in the order in which they build on each other.
public final class Course {
    private Course() {}

    public static List<Lesson> lessons() {
        return List.of(
                TensorsLesson.lesson(),
                AutogradLesson.lesson(),
                BackwardLesson.lesson(),
                GradcheckLesson.lesson(),
                RegressionLesson.lesson(),
                SoftmaxLesson.lesson(),
                BigramLesson.lesson(),
                MlpLesson.lesson(),
                EmbeddingsLesson.lesson(),
                BpeLesson.lesson(),
                WordpieceLesson.lesson(),
                AttentionLesson.lesson(),
                MasksLesson.lesson(),
                NormsLesson.lesson(),
                CacheLesson.lesson(),
                SparseLesson.lesson(),
                FlashLesson.lesson());
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
