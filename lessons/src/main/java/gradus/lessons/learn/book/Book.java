package gradus.lessons.learn.book;

import gradus.error.DataException;
import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.lessons.learn.exercise.Lesson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/// The whole course as one HTML file that needs nothing else: formulas are MathML, which browsers draw
/// themselves; pictures, style and the font of the formulas lie in the file, and its first lines forbid the
/// browser to load anything from elsewhere. Wide windows show the table of contents beside the text; on paper
/// every lesson begins a page.
public final class Book {
    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <title>Learn neural nets with Gradus</title>
            <style>
            """;

    private Book() {}

    /// Runs the programs of the lessons, which takes a few seconds each, and writes the book.
    ///
    /// @throws DataException     if a page shows what its program does not print or draw
    /// @throws ResourceException if the file cannot be written
    public static void write(Path file, List<Lesson> lessons) {
        write(file, lessons, lesson -> {});
    }

    /// @param progress told of each lesson before its program runs
    static void write(Path file, List<Lesson> lessons, Consumer<Lesson> progress) {
        String html = html(lessons, lesson -> {
            progress.accept(lesson);
            Printed printed = Printed.by(lesson);
            List<String> faults = printed.faults(lesson.page());
            if (!faults.isEmpty()) {
                throw new DataException("lesson %s: %s".formatted(lesson.name(), faults.getFirst()));
            }
            return printed;
        });
        Path whole = file.toAbsolutePath();
        Path part = whole.resolveSibling(whole.getFileName() + ".part");
        try {
            Files.createDirectories(whole.getParent());
            Files.writeString(part, html);
            Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new ResourceException(file + " cannot be written: " + FileReason.of(e), e);
        }
    }

    /// The book's text.
    ///
    /// @param printed runs a lesson's program
    /// @throws DataException if a formula or a picture of a page cannot be shown
    static String html(List<Lesson> lessons, Function<Lesson, Printed> printed) {
        List<String> chapters = new ArrayList<>();
        StringBuilder contents = new StringBuilder("<nav>\n<h2>Contents</h2>\n<ol>\n");
        for (Lesson lesson : lessons) {
            BookPage page = new BookPage(lesson, printed.apply(lesson));
            try {
                chapters.add(page.html(chapters.size() + 1));
            } catch (IllegalArgumentException e) {
                throw new DataException("lesson %s: %s".formatted(lesson.name(), e.getMessage()), e);
            }
            contents.append(entry(lesson, page));
        }
        contents.append("</ol>\n</nav>\n");
        return HEAD
                + style()
                + "</style>\n</head>\n<body>\n"
                + contents
                + "<main>\n<header><h1>Learn neural nets with Gradus</h1>\n"
                + introduction(lessons)
                + "</header>\n"
                + String.join("", chapters)
                + "</main>\n</body>\n</html>\n";
    }

    private static String entry(Lesson lesson, BookPage page) {
        StringBuilder entry = new StringBuilder("<li>%s\n<ul>\n".formatted(link(lesson.name(), escaped(lesson))));
        page.sections().forEach((id, heading) -> entry.append("<li>%s</li>\n".formatted(link(id, heading))));
        return entry.append("</ul>\n</li>\n").toString();
    }

    private static String escaped(Lesson lesson) {
        return TexSymbols.escaped(lesson.title());
    }

    private static String link(String id, String text) {
        return "<a href=\"#%s\">%s</a>".formatted(id, text);
    }

    private static String introduction(List<Lesson> lessons) {
        int exercises =
                lessons.stream().mapToInt(lesson -> lesson.exercises().size()).sum();
        return """
                <p>%s lessons and %s exercises. What a grey box shows was printed by the lesson's program when this book was
                made, and the pictures were drawn by it. The exercises are done with <code>gradus learn</code>, which says
                whether an answer is right and, if it is not, which mistake was made.</p>
                """.formatted(lessons.size(), exercises);
    }

    private static String style() {
        String font = Base64.getEncoder().encodeToString(resource("font/math.woff"));
        return new String(resource("book.css"), StandardCharsets.UTF_8).replace("@math.woff@", font);
    }

    private static byte[] resource(String name) {
        try (InputStream in = Book.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
