package gradus.lessons.learn.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// The files of a new exercise and a new lesson. They compile, and `gradus learn check --course` refuses them
/// until they are filled in.
final class Templates {
    private Templates() {}

    /// @param module the folder of the module lessons
    /// @param fresh  whether the lesson is new too
    static Map<Path, String> files(Path module, String lesson, String exercise, boolean fresh) {
        Path sources = module.resolve("src/main/java/gradus/lessons").resolve(lesson);
        Map<Path, String> files = new LinkedHashMap<>();
        files.put(sources.resolve(exercise + ".java"), filled(ANSWER, lesson, exercise));
        files.put(sources.resolve(exercise + "Exercise.java"), filled(DEFINITION, lesson, exercise));
        if (fresh) {
            files.put(sources.resolve(program(lesson) + ".java"), filled(PROGRAM, lesson, exercise));
            files.put(
                    module.resolve("src/main/resources/gradus/lessons")
                            .resolve(lesson)
                            .resolve("lesson.md"),
                    filled(PAGE, lesson, exercise));
        }
        return files;
    }

    /// The name of a lesson's program, as in `SoftmaxLesson`.
    static String program(String lesson) {
        return Character.toUpperCase(lesson.charAt(0)) + lesson.substring(1) + "Lesson";
    }

    private static String filled(String template, String lesson, String exercise) {
        return template.replace("LESSON", lesson)
                .replace("PROGRAM", program(lesson))
                .replace("METHOD", Character.toLowerCase(exercise.charAt(0)) + exercise.substring(1))
                .replace("EXERCISE", exercise);
    }

    private static final String ANSWER = """
            package gradus.lessons.LESSON;

            import gradus.tensor.Tensor;

            /// What it is about, in one sentence.
            public final class EXERCISE {
                private EXERCISE() {}

                /// The task: the equation, every argument, the axis, what happens at the edges.
                ///
                /// **Shapes** x (..., C) → (..., C)
                public static Tensor METHOD(Tensor x) {
                    // --- your answer
                    return x.mul(2); // (..., C)
                    // ---
                }
            }
            """;

    private static final String DEFINITION = """
            package gradus.lessons.LESSON;

            import gradus.lessons.learn.exercise.Exercise;

            final class EXERCISEExercise {
                private EXERCISEExercise() {}

                static Exercise exercise() {
                    return Exercise.of(EXERCISE.class, "What it is about, in a few words")
                            .forbid("methodOfTheLibraryThatDoesTheJob")
                            .probe("the smallest case", "the computation by hand", t -> t.call(t.vector(1, 2)))
                            .probe("odd sizes, and gradients", "", t -> t.callWithGradients(t.normal(2, 3, 5)))
                            // at least one probe more
                            .bug("What is wrong, and how it shows", "x.mul(2)", "x.mul(3)")
                            // at least two mistakes more
                            .variant("another way to write it", "return x.add(x);")
                            // at least one variant more
                            .hints("A question.", "A step.", "Almost the answer.")
                            .reading("");
                }
            }
            """;

    private static final String PROGRAM = """
            package gradus.lessons.LESSON;

            import gradus.lessons.learn.exercise.Lesson;

            /// What the experiment shows.
            public final class PROGRAM {
                private PROGRAM() {}

                public static Lesson lesson() {
                    return Lesson.of("The title of the page", PROGRAM.class, EXERCISEExercise.exercise());
                }

                public static void main(String[] arguments) {
                    System.out.println("what the page shows");
                }
            }
            """;

    private static final String PAGE = """
            # The title of the page

            The idea.

            $$y = 2x$$

            ```output
            what the page shows
            ```

            ## What to try

            - A change to the program, and a question about what it prints.

            ## Sources

            - Author year, *Title*, where.
            """;
}
