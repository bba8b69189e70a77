package gradus.train.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gradus.train.cli.Cli;
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

/// A report in a real browser that has no network: somebody chooses a layer, a head, an axis and a theme.
/// Skipped, and said so, where no Chromium is found; `-Dgradus.browser` names another one.
class ReportInABrowserTest {
    private static final List<String> NAMES = List.of(
            "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless_shell");

    /// Clicks through the page, and writes what it has become into the title.
    private static final String ASK = """
            <script>
            const wrong = [];
            addEventListener("error", (e) => wrong.push(e.message));
            addEventListener("load", () => {
              const all = (css) => Array.from(document.querySelectorAll(css));
              const choose = (css, value) => {
                const select = document.querySelector(css);
                select.value = value;
                select.dispatchEvent(new Event("change"));
              };
              const drawn = () => all(".chart, .map").filter((e) => e.querySelector("canvas")?.width > 100).length;
              const curve = () => echarts.getInstanceByDom(document.querySelector(".chart")).getOption();
              const cells = () => echarts.getInstanceByDom(document.querySelector(".map")).getOption().series[0].data
                .reduce((sum, cell) => sum + (cell[0] + 1) * cell[2], 0);
              const seen = {};
              seen.theme = document.documentElement.dataset.theme;
              seen.charts = all(".chart, .map").length;
              seen.drawn = drawn();
              seen.curves = curve().series.map((each) => each.name);
              seen.axis = curve().xAxis[0].name;
              seen.first = cells();
              seen.entropy = document.querySelector(".entropy").textContent;
              choose("select.layer", 1);
              seen.second = cells();
              choose("select.head", 1);
              seen.third = cells();
              seen.otherEntropy = document.querySelector(".entropy").textContent;
              all(".text")[1].children[3].click();
              seen.marked = all(".text")[1].children[3].className;
              seen.lit = Array.from(all(".text")[1].children).filter((e) => e.style.background).length;
              choose("#axis", "tokens");
              seen.otherAxis = curve().xAxis[0].name;
              seen.points = curve().series[0].data.map((point) => point[0]);
              document.querySelector("#theme").click();
              seen.otherTheme = document.documentElement.dataset.theme;
              document.querySelector("#logarithmic").click();
              seen.scale = curve().yAxis[0].type;
              seen.drawnAgain = drawn();
              seen.sideways = document.documentElement.scrollWidth - document.documentElement.clientWidth;
              seen.loaded = performance.getEntriesByType("resource").filter((e) => !e.name.startsWith("data:")).length;
              seen.wrong = wrong;
              document.title = JSON.stringify(seen);
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

    @ParameterizedTest
    @ValueSource(ints = {1280, 500})
    void somebodyClicksThroughIt(int width) throws Exception {
        Optional<String> browser = browser();
        assumeTrue(browser.isPresent(), "no Chromium on this machine: the report was not opened in a browser");
        Path text = Cli.text(folder);
        for (int layers : List.of(2, 3)) {
            Cli ended = Cli.run(
                    "train",
                    "--preset=char-tiny",
                    "--model.layers=" + layers,
                    "--model.heads=2",
                    "--model.dim=16",
                    "--model.context=16",
                    "--train.batchSize=2",
                    "--train.evalEvery=2",
                    "--steps=4",
                    "--data",
                    text.toString(),
                    "--out=" + folder.resolve("run" + layers));
            assertThat(ended.code()).as(ended.err()).isZero();
        }
        Path page = folder.resolve("page.html");
        Cli told = Cli.run(
                "report",
                folder.resolve("run2").toString(),
                folder.resolve("run3").toString(),
                "--out",
                page.toString());
        assertThat(told.code()).as(told.err()).isZero();
        String html = Files.readString(page)
                .replaceFirst("<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "") // which forbids the question
                .replace("</head>", ASK + "</head>");
        JsonNode seen = opened(browser.get(), html, width);
        assertThat(seen.path("wrong")).isEmpty();
        assertThat(seen.path("charts").intValue()).isGreaterThanOrEqualTo(7);
        assertThat(seen.path("drawn")).isEqualTo(seen.path("charts"));
        assertThat(seen.path("drawnAgain")).isEqualTo(seen.path("charts"));
        assertThat(seen.path("curves").toString())
                .contains("run2, training", "run2, validation", "run3, training", "run3, validation");
        assertThat(seen.path("axis").stringValue()).isEqualTo("step");
        assertThat(seen.path("otherAxis").stringValue()).isEqualTo("tokens");
        assertThat(seen.path("points").toString()).isEqualTo("[32,64,96,128]"); // two texts of 16 tokens a step
        assertThat(List.of(seen.path("first"), seen.path("second"), seen.path("third")))
                .doesNotHaveDuplicates();
        assertThat(seen.path("entropy").stringValue()).contains("bits: as if it attended to");
        assertThat(seen.path("otherEntropy")).isNotEqualTo(seen.path("entropy"));
        assertThat(seen.path("marked").stringValue()).isEqualTo("picked");
        assertThat(seen.path("lit").intValue()).isEqualTo(4); // the fourth token sees itself and those before
        assertThat(seen.path("otherTheme")).isNotEqualTo(seen.path("theme"));
        assertThat(seen.path("scale").stringValue()).isEqualTo("log");
        assertThat(seen.path("sideways").intValue())
                .as("pixels beyond the window")
                .isZero();
        assertThat(seen.path("loaded").intValue()).as("files asked for").isZero();
    }

    private JsonNode opened(String browser, String html, int width) throws Exception {
        Path page = Files.writeString(folder.resolve("asked.html"), html);
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
        return new ObjectMapper()
                .readTree(title.group(1)
                        .replace("&quot;", "\"")
                        .replace("&gt;", ">")
                        .replace("&lt;", "<"));
    }
}
