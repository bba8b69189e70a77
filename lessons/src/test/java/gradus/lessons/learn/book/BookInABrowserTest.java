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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The book in a real browser that has no network. Skipped, and said so, where no Chromium is found;
/// `-Dgradus.browser` names another one.
class BookInABrowserTest {
    private static final List<String> NAMES = List.of(
            "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless_shell");

    /// Writes what the browser has made of the page into the title of the page.
    private static final String ASK = """
            <script>
            addEventListener("load", () => {
              const all = (tag) => Array.from(document.querySelectorAll(tag));
              const drawn = (e) => { const r = e.getBoundingClientRect(); return r.width > 1 && r.height > 5; };
              const loaded = performance.getEntriesByType("resource").filter((e) => !e.name.startsWith("data:"));
              const wide = all("main *").filter((e) => !e.closest("pre, table, math") &&
                e.getBoundingClientRect().right > document.documentElement.clientWidth + 1);
              document.title = "formulas " + all("math").filter(drawn).length + " of " + all("math").length +
                ", pictures " + all("img").filter((e) => e.naturalWidth > 0).length + " of " + all("img").length +
                ", loaded " + loaded.length + ", too wide " + wide.length + ", MathML " +
                (all("math mfrac").length == 0 || all("math mfrac").some((e) =>
                  e.firstElementChild.getBoundingClientRect().bottom
                    <= e.lastElementChild.getBoundingClientRect().top + 1));
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

    @Test
    void drawsFormulasAndPicturesWithoutANetwork() throws Exception {
        Optional<String> browser = browser();
        assumeTrue(browser.isPresent(), "no Chromium on this machine: the book was not opened in a browser");
        String html = Book.html(Course.lessons(), BookTest::dots)
                .replaceFirst("<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "") // which forbids the question
                .replace("</body>", ASK + "</body>");
        Path page = Files.writeString(folder.resolve("book.html"), html);
        Path dom = folder.resolve("dom.html");
        Process process = new ProcessBuilder(
                        browser.get(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--window-size=1000,800",
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
        Matcher counts = Pattern.compile("formulas (\\d+) of (\\d+), pictures (\\d+) of (\\d+), loaded (\\d+),"
                        + " too wide (\\d+), MathML (\\w+)")
                .matcher(title.group(1));
        assertThat(counts.matches()).as(title.group(1)).isTrue();
        assertThat(counts.group(1)).isEqualTo(counts.group(2)).isNotEqualTo("0");
        assertThat(counts.group(3)).isEqualTo(counts.group(4)).isNotEqualTo("0");
        assertThat(counts.group(5)).isEqualTo("0");
        assertThat(counts.group(6)).isEqualTo("0");
        assertThat(counts.group(7)).as("fractions have a denominator below").isEqualTo("true");
    }
}
