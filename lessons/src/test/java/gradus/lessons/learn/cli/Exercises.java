package gradus.lessons.learn.cli;

import gradus.lessons.learn.compile.Compiled;
import gradus.lessons.learn.compile.Compiler;
import gradus.lessons.learn.compile.Loaded;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Source;
import gradus.lessons.learn.folder.LearnerFolder;
import gradus.lessons.learn.grade.Bank;
import gradus.lessons.learn.grade.Grader;
import gradus.lessons.learn.grade.Verdict;
import java.util.List;
import java.util.Map;

/// A course of two exercises, and a judge that runs answers in this process.
public final class Exercises {
    private Exercises() {}

    public static List<Exercise> exercises() {
        return List.of(gradus.lessons.Course.exercise("Softmax").orElseThrow(), twice());
    }

    private static Exercise twice() {
        return Exercise.of(Twice.class, "Twice as much")
                .probe("two numbers", "2 · 1 and 2 · 3", t -> t.call(t.vector(1, 3)))
                .bug("It gives three times as much", "mul(2)", "mul(3)")
                .variant("a sum", "return x.add(x);")
                .hints("How often?", "Twice.", "x.mul(2)")
                .reading("nothing");
    }

    /// The file of an exercise with another body.
    public static String answer(Exercise exercise, String body) {
        return Source.inPackage(exercise.source().with(body), exercise.lesson());
    }

    public static String right(Exercise exercise) {
        return answer(exercise, exercise.source().body());
    }

    /// The file of an exercise with its first mistake.
    public static String wrong(Exercise exercise) {
        return answer(exercise, exercise.bugs().getFirst().in(exercise.source().body()));
    }

    static Judge judge() {
        return new Judge() {
            private final Compiler compiler = new Compiler();

            @Override
            public Verdict verdict(Exercise exercise, String source) {
                String name = exercise.lesson() + "." + exercise.name();
                Compiled compiled = compiler.compile(Map.of(name, source));
                if (compiled.failed()) {
                    return Verdict.of(
                            Verdict.Kind.UNCOMPILED,
                            "it does not compile: " + compiled.problems().getFirst());
                }
                Grader grader = new Grader(Bank.of(exercise, 1, compiler));
                return grader.verdict(Bank.outcomes(exercise, Loaded.of(name, compiled.classes()), 1));
            }
        };
    }

    /// A folder with these exercises.
    public static LearnerFolder folder(java.nio.file.Path root) {
        return LearnerFolder.create(root, null, exercises());
    }
}
