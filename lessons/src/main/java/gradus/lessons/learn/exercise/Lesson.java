package gradus.lessons.learn.exercise;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// One lesson: a page to read, a short program to run, exercises to do.
///
/// @param title     as it stands in the table of contents
/// @param program   a class with a `main` that runs in less than a minute; the page `lesson.md` lies beside
///     it and shows what it prints
/// @param exercises in the order in which they are to be done
public record Lesson(String title, Class<?> program, List<Exercise> exercises) {
    public Lesson {
        exercises = List.copyOf(exercises);
    }

    public static Lesson of(String title, Class<?> program, Exercise... exercises) {
        return new Lesson(title, program, List.of(exercises));
    }

    /// The lesson's name: the last part of its package, as in `softmax`.
    public String name() {
        String name = program.getPackageName();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /// The page, in Markdown.
    public String page() {
        try (InputStream in = program.getResourceAsStream("lesson.md")) {
            if (in == null) {
                throw new IllegalStateException("no lesson.md beside " + program.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
