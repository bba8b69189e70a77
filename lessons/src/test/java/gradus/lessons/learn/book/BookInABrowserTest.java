package gradus.lessons.learn.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gradus.lessons.Course;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// The book in a real browser that has no network. Skipped, and said so, where no Chromium is found;
/// `-Dgradus.browser` names another one.
class BookInABrowserTest {
    private static final List<String> NAMES = List.of(
            "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless_shell");

    /// Writes what the browser has made of the page into the title of the page.
    private static final String ASK = """
            <script>
            addEventListener("load", async () => {
              await document.fonts.ready;
              const all = (css) => Array.from(document.querySelectorAll(css));
              const box = (e) => e.getBoundingClientRect();
              const drawn = (e) => box(e).width > 1 && box(e).height > 5;
              const loaded = performance.getEntriesByType("resource").filter((e) => !e.name.startsWith("data:"));
              const rows = all("math mtable").filter((e) => e.rows === undefined && e.children.length > 1);
              const bracket = (e) => e.previousElementSibling?.tagName == "mo" && box(e.previousElementSibling);
              document.title = JSON.stringify({
                formulas: all("math").length,
                formulasDrawn: all("math").filter(drawn).length,
                pictures: all("img").length,
                picturesDrawn: all("img").filter((e) => e.naturalWidth > 0).length,
                loaded: loaded.length,
                width: innerWidth,
                sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
                fontOfFormulas: [...document.fonts].map((f) => f.family + " " + f.status).join(),
                matrices: rows.filter(bracket).length,
                bracketsTooLow: rows.filter((e) => bracket(e) && bracket(e).height < 0.8 * box(e).height).length,
                fractions: all("math mfrac").length,
                fractionsUpright: all("math mfrac").filter((e) =>
                  box(e.firstElementChild).bottom <= box(e.lastElementChild).top + 1).length,
              });
            });
            </script>
            """;

    @TempDir
    Path folder;

    private static Optional<String> browser() {
        String given = System.getProperty("gradus.browser");
        if (given != null) {
            return Optional.of(given);
        }
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .flatMap(place -> NAMES.stream().map(name -> Path.of(place, name)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    /// A wide window, and the narrowest that Chromium opens: a page that fits there fits a telephone held upright
    /// but for 1 part in 4.
    @ParameterizedTest
    @ValueSource(ints = {1280, 500})
    void drawsFormulasAndPicturesWithoutANetwork(int width) throws Exception {
        Optional<String> browser = browser();
        assumeTrue(browser.isPresent(), "no Chromium on this machine: the book was not opened in a browser");
        String html = Book.html(Course.lessons(), BookTest::dots)
                .replaceFirst("<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "") // which forbids the question
                .replace("</body>", ASK + "</body>");
        JsonNode seen = opened(browser.get(), html, width);
        assertThat(seen.get("width").intValue()).isEqualTo(width);
        assertThat(seen.get("formulas").intValue()).isPositive();
        assertThat(seen.get("formulasDrawn")).isEqualTo(seen.get("formulas"));
        assertThat(seen.get("pictures").intValue()).isPositive();
        assertThat(seen.get("picturesDrawn")).isEqualTo(seen.get("pictures"));
        assertThat(seen.get("loaded").intValue()).as("files asked for").isZero();
        assertThat(seen.get("sideways").intValue())
                .as("pixels beyond the window")
                .isZero();
        assertThat(seen.get("fontOfFormulas").stringValue()).isEqualTo("Gradus Math loaded");
        assertThat(seen.get("matrices").intValue()).isPositive();
        assertThat(seen.get("bracketsTooLow").intValue()).isZero();
        assertThat(seen.get("fractions").intValue()).isPositive();
        assertThat(seen.get("fractionsUpright")).isEqualTo(seen.get("fractions"));
    }

    private JsonNode opened(String browser, String html, int width) throws Exception {
        Path page = Files.writeString(folder.resolve("book.html"), html);
        Path dom = folder.resolve("dom.html");
        Process process = new ProcessBuilder(
                        browser,
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--window-size=" + width + ",800",
                        "--user-data-dir=" + folder.resolve("profile"),
                        "--host-resolver-rules=MAP * ~NOTFOUND",
                        "--virtual-time-budget=10000",
                        "--dump-dom",
                        page.toUri().toString())
                .redirectOutput(dom.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(process.waitFor(90, TimeUnit.SECONDS))
                    .as("the browser ended")
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        Matcher title = Pattern.compile("<title>(.*?)</title>").matcher(Files.readString(dom, StandardCharsets.UTF_8));
        assertThat(title.find()).isTrue();
        return new ObjectMapper().readTree(title.group(1).replace("&quot;", "\""));
    }
}
