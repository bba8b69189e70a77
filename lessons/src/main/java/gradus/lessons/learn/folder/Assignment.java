package gradus.lessons.learn.folder;

import gradus.error.DataException;
import gradus.lessons.learn.exercise.Exercise;
import gradus.train.run.Nearest;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Which exercises a folder holds, as the file `assignment.txt` says: in each line the name of an exercise, as in
/// `Softmax` or `softmax/Softmax`, or of a lesson, which stands for all of its exercises. What follows a `#` is a
/// comment.
public final class Assignment {
    private Assignment() {}

    /// The exercises that a file names, in its order.
    ///
    /// @param course all exercises
    /// @throws DataException if it cannot be read, or names something else
    public static List<Exercise> read(Path file, List<Exercise> course) {
        return parse(file.toString(), LearnerFolder.read(file), course);
    }

    /// The exercises that a text names, in its order.
    ///
    /// @param name   how the file is called in messages
    /// @param course all exercises
    static List<Exercise> parse(String name, String text, List<Exercise> course) {
        Set<Exercise> chosen = new LinkedHashSet<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String wanted = lines.get(i).replaceFirst("#.*", "").strip();
            if (wanted.isEmpty()) {
                continue;
            }
            List<Exercise> found =
                    course.stream().filter(each -> isNamed(each, wanted)).toList();
            if (found.isEmpty()) {
                throw new DataException("%s line %s: there is no exercise or lesson %s%s"
                        .formatted(name, i + 1, wanted, meant(wanted, course)));
            }
            chosen.addAll(found);
        }
        if (chosen.isEmpty()) {
            throw new DataException(name + " names no exercise");
        }
        return List.copyOf(chosen);
    }

    private static boolean isNamed(Exercise exercise, String wanted) {
        return exercise.name().equalsIgnoreCase(wanted)
                || exercise.toString().equalsIgnoreCase(wanted)
                || exercise.lesson().equalsIgnoreCase(wanted);
    }

    /// `; did you mean Softmax?`, if a name is near.
    static String meant(String wanted, List<Exercise> course) {
        Set<String> names = new TreeSet<>();
        course.forEach(each -> names.addAll(List.of(each.name(), each.toString(), each.lesson())));
        return Nearest.to(wanted, names).map(it -> "; did you mean " + it + "?").orElse("");
    }
}
