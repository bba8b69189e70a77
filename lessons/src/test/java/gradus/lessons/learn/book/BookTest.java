package gradus.lessons.learn.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.DataException;
import gradus.error.UsageException;
import gradus.lessons.Course;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.lessons.softmax.SoftmaxLesson;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import picocli.CommandLine;

class BookTest {
    private static final Pattern CODE = Pattern.compile("(?m)^```[\\s\\S]*?^```$|`[^`\\n]+`");

    @TempDir
    Path folder;

    /// A program that prints something else than its page, `lesson.md` among the test's resources, shows.
    static final class Liar {
        private Liar() {}

        public static void main(String[] arguments) {
            System.out.println("the sum is 5");
        }
    }

    /// A dot for each picture that the page shows, without running its program.
    static Printed dots(Lesson lesson) {
        ByteArrayOutputStream dot = new ByteArrayOutputStream();
        try {
            ImageIO.write(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), "png", dot);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Printed.of(Printed.pictures(lesson.page()).stream()
                .distinct()
                .collect(Collectors.toMap(Function.identity(), name -> dot.toByteArray())));
    }

    private static Document parsed(String html) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(html)));
    }

    private static List<Element> elements(Document document, String tag) {
        NodeList found = document.getElementsByTagName(tag);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            elements.add((Element) found.item(i));
        }
        return elements;
    }

    private static int formulas(String page) {
        String text = CODE.matcher(page).replaceAll("");
        return (int) Pattern.compile("\\$\\$[^$]+\\$\\$|\\$[^$]+\\$")
                .matcher(text)
                .results()
                .count();
    }

    @Test
    void holdsEveryLessonFormulaPictureAndExercise() throws Exception {
        List<Lesson> lessons = Course.lessons();
        String html = Book.html(lessons, BookTest::dots);
        Document book = parsed(html);

        int formulas = lessons.stream().mapToInt(each -> formulas(each.page())).sum();
        assertThat(elements(book, "math").size()).isGreaterThanOrEqualTo(formulas);
        int pictures = lessons.stream()
                .mapToInt(each -> Printed.pictures(each.page()).size())
                .sum();
        assertThat(elements(book, "img")).hasSize(pictures);
        List<String> ids = new ArrayList<>();
        elements(book, "*").stream()
                .map(each -> each.getAttribute("id"))
                .filter(id -> !id.isEmpty())
                .forEach(ids::add);
        assertThat(ids).doesNotHaveDuplicates();
        for (Exercise each : Course.exercises()) {
            assertThat(ids).contains(each.lesson() + "-" + each.name());
            assertThat(html.replaceAll("<[^>]+>", ""))
                    .doesNotContain(TexSymbols.escaped(each.source().body()));
        }
        for (Element link : elements(book, "a")) {
            String target = link.getAttribute("href");
            assertThat(target).matches("#.*|https?://.*");
            assertThat(target.startsWith("#") ? ids : List.of(target)).contains(target.replaceFirst("^#", ""));
        }
        assertThat(elements(book, "nav")).hasSize(1);
        assertThat(html.replaceAll("(?s)<code>.*?</code>", "").replaceAll("<[^>]+>", ""))
                .as("formulas left as text")
                .doesNotContain("$$", "\\frac");
    }

    @Test
    void loadsNothing() throws Exception {
        Document book = parsed(Book.html(Course.lessons(), BookTest::dots));
        for (Element each : elements(book, "*")) {
            assertThat(each.getTagName()).isNotIn("script", "link", "iframe", "object", "video", "audio", "base");
            assertThat(each.getAttribute("src")).matches("|data:image/png;base64,.*");
            assertThat(each.getAttribute("style")).isEmpty();
        }
        assertThat(elements(book, "style")).hasSize(1);
        assertThat(elements(book, "style").getFirst().getTextContent().replace("url(\"data:font/woff;base64,", ""))
                .doesNotContain("url(", "@import");
        assertThat(elements(book, "meta").get(1).getAttribute("content")).startsWith("default-src 'none';");
    }

    @Test
    void holdsWhatTheProgramsDraw() throws Exception {
        Path file = folder.resolve("new/book.html");
        Book.write(file, List.of(SoftmaxLesson.lesson()));
        Element picture = elements(parsed(Files.readString(file)), "img").getFirst();
        assertThat(picture.getAttribute("width")).isEqualTo("800");
        assertThat(picture.getAttribute("alt")).startsWith("The probability");
        assertThat(Path.of("pictures")).doesNotExist();
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void refusesAPageThatShowsSomethingElse() {
        Path file = folder.resolve("book.html");
        assertThatThrownBy(() -> Book.write(file, List.of(Lesson.of("A lesson that lies", Liar.class))))
                .isInstanceOf(DataException.class)
                .hasMessage("lesson book: line 1 of the output: the page shows \"the sum is 4\","
                        + " the program prints \"the sum is 5\"");
        assertThat(file).doesNotExist();
    }

    @Test
    void comparesWordsExactlyAndNumbersNearly() {
        Printed printed = new Printed("loss 2.345 after 1,200 steps\n", new TreeMap<>(Map.of("a", new byte[0])));
        String page = "```output\n%s\n```\n![a](a.png)";
        assertThat(printed.faults(page.formatted("loss 2.346 after 1,200 steps")))
                .isEmpty();
        assertThat(printed.faults(page.formatted("loss  2.31 after 1,200 steps")))
                .isEmpty();
        assertThat(printed.faults(page.formatted("loss 2.200 after 1,200 steps")))
                .hasSize(1);
        assertThat(printed.faults(page.formatted("loss -2.345 after 1,200 steps")))
                .hasSize(1);
        assertThat(printed.faults(page.formatted("Loss 2.345 after 1,200 steps")))
                .hasSize(1);
        assertThat(printed.faults(page.formatted("loss 2.345 after 1,200 steps\nmore")))
                .hasSize(1);
        assertThat(printed.faults("nothing")).hasSize(3);
        assertThat(printed.faults(page.formatted("loss 2.345 after 1,200 steps").replace("a.png", "b.png")))
                .containsExactly(
                        "the page shows b.png, which the program does not draw",
                        "the program draws a.png, which the page does not show");
    }

    @Test
    void catchesWhatAProgramPrintsAndDraws() {
        assertThat(Printed.by(Lesson.of("", Drawing.class)).pictures()).containsOnlyKeys("curve");
        assertThat(Printed.by(Lesson.of("", Liar.class)).text().strip()).isEqualTo("the sum is 5");
        assertThat(System.getProperty("gradus.pictures")).isNull();
    }

    static final class Drawing {
        private Drawing() {}

        public static void main(String[] arguments) {
            LinePlot.of("t", "x", "y").line("one", 1, 2).save("curve");
        }
    }

    @Test
    void colours() {
        assertThat(JavaCode.html(
                        "/// a < b\nint x = 1_000; // no\nString s = \"a\\\"b\"; @Override var R = List.of();"))
                .isEqualTo("<span class=\"comment\">/// a &lt; b</span>\n"
                        + "<span class=\"keyword\">int</span> x = <span class=\"number\">1_000</span>;"
                        + " <span class=\"comment\">// no</span>\n"
                        + "<span class=\"type\">String</span> s ="
                        + " <span class=\"text\">&quot;a\\&quot;b&quot;</span>;"
                        + " <span class=\"annotation\">@Override</span> <span class=\"keyword\">var</span> R ="
                        + " <span class=\"type\">List</span>.of();");
    }

    @Test
    void isACommand() {
        Path file = folder.resolve("book.html");
        StringWriter out = new StringWriter();
        int code = new CommandLine(new BookCommand())
                .setOut(new PrintWriter(out))
                .execute(file.toString(), "--lesson", "softmax");
        assertThat(code).isZero();
        assertThat(out.toString())
                .startsWith("Softmax and cross-entropy")
                .containsPattern("book.html: 1 lesson, 0\\.\\d MB");
        AtomicReference<Exception> thrown = new AtomicReference<>();
        new CommandLine(new BookCommand())
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    thrown.set(e);
                    return 1;
                })
                .execute("--lesson=none");
        assertThat(thrown.get()).isInstanceOf(UsageException.class).hasMessageStartingWith("there is no lesson none;");
    }
}
