package gradus.lessons.learn.book;

import gradus.error.UsageException;
import gradus.lessons.Course;
import gradus.lessons.learn.exercise.Lesson;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `gradus learn book`
@Command(
        name = "book",
        description = "Writes the lessons as a book: one HTML file that needs no network. Runs every lesson's program"
                + " to do so, and refuses to write a page that shows anything else than what its program prints.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  gradus learn book course.html"})
public final class BookCommand implements Runnable {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "<file>",
            defaultValue = "gradus-book.html",
            description = "where to write it (default: ${DEFAULT-VALUE})")
    private Path file;

    @Option(
            names = "--lesson",
            split = ",",
            paramLabel = "<name>",
            description = "only these lessons, by name, as in softmax")
    private List<String> names = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        List<Lesson> all = Course.lessons();
        for (String name : names) {
            if (all.stream().noneMatch(lesson -> lesson.name().equals(name))) {
                throw new UsageException("there is no lesson %s; the lessons are %s"
                        .formatted(
                                name,
                                String.join(", ", all.stream().map(Lesson::name).toList())));
            }
        }
        List<Lesson> chosen = all.stream()
                .filter(lesson -> names.isEmpty() || names.contains(lesson.name()))
                .toList();
        PrintWriter out = spec.commandLine().getOut();
        Book.write(file, chosen, lesson -> {
            out.println(lesson.title());
            out.flush();
        });
        String count = chosen.size() == 1 ? "1 lesson" : chosen.size() + " lessons";
        out.println(String.format(Locale.ROOT, "%s: %s, %.1f MB", file, count, bytes(file) / 1e6));
        out.flush();
    }

    private static double bytes(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
