package gradus.train.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.FeedForwards;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.random.Rng;
import gradus.tokenizer.CharTokenizer;
import gradus.tokenizer.Tokenizer;
import gradus.train.TrainConfig;
import gradus.train.cli.Cli;
import gradus.train.run.SavedModel;
import gradus.train.run.compare.RunRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern DATA =
            Pattern.compile("<script id=\"data\" type=\"application/json\">(.*?)</script>", Pattern.DOTALL);

    @TempDir
    static Path runs;

    @BeforeAll
    static void train() throws Exception {
        Path text = Cli.text(runs);
        String[] size = {
            "--preset=char-tiny",
            "--model.layers=2",
            "--model.heads=2",
            "--model.dim=16",
            "--model.context=16",
            "--train.batchSize=2",
            "--train.evalEvery=2",
            "--steps=4",
            "--data",
            text.toString()
        };
        for (List<String> one : List.of(
                List.of("--out=" + runs.resolve("gpt")),
                List.of("--out=" + runs.resolve("moe"), "--model.feedForward=mixtral", "--report"),
                List.of("--out=" + runs.resolve("other"), "--train.lr=0.1"))) {
            List<String> arguments = new ArrayList<>(List.of("train"));
            arguments.addAll(List.of(size));
            arguments.addAll(one);
            Cli ended = Cli.run(arguments.toArray(String[]::new));
            assertThat(ended.code()).as(ended.err()).isZero();
        }
        Path lines = Files.writeString(
                runs.resolve("lines.txt"), "the dog\nthe quick brown fox jumps over the lazy dog\na fox\n".repeat(60));
        Cli bert = Cli.run(
                "train",
                "--task=mlm",
                "--preset=bert-tiny",
                "--model.layers=1",
                "--model.dim=16",
                "--train.batchSize=4",
                "--train.evalEvery=2",
                "--steps=4",
                "--data",
                lines.toString(),
                "--out=" + runs.resolve("bert"));
        assertThat(bert.code()).as(bert.err()).isZero();
    }

    private static String page(String... more) throws Exception {
        Path out = Files.createTempFile(runs, "page", ".html");
        List<String> arguments = new ArrayList<>(List.of("report", "--out", out.toString()));
        arguments.addAll(List.of(more));
        Cli told = Cli.run(arguments.toArray(String[]::new));
        assertThat(told.code()).as(told.err()).isZero();
        return Files.readString(out);
    }

    private static JsonNode data(String html) {
        Matcher found = DATA.matcher(html);
        assertThat(found.find()).isTrue();
        return JSON.readTree(found.group(1));
    }

    private static JsonNode data(Path... run) throws Exception {
        return data(page(List.of(run).stream().map(Path::toString).toArray(String[]::new)));
    }

    /// A training that writes its page logs how far it moves the weights; others do not.
    @Test
    void updatesAreLoggedWhereTheReportIs() throws Exception {
        assertThat(Files.readString(runs.resolve("moe/metrics.jsonl")))
                .contains("\"update/wte\":", "\"update/h.0\":", "\"update/h.1\":");
        assertThat(Files.readString(runs.resolve("gpt/metrics.jsonl"))).doesNotContain("update/");
        assertThat(Files.readString(runs.resolve("moe/report.html"))).contains("\"update/h.1\":[");
    }

    @Test
    void thePagesFiguresAreThoseOfTheLog() throws Exception {
        Path run = runs.resolve("gpt");
        JsonNode shown = data(run).path("runs").path(0);
        int steps = 0;
        int evaluations = 0;
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            JsonNode logged = JSON.readTree(line);
            boolean step = logged.has("loss");
            JsonNode columns = shown.path(step ? "steps" : "evaluations");
            int at = step ? steps++ : evaluations++;
            for (String name : logged.propertyNames()) {
                if (logged.path(name).isNumber()) {
                    assertThat(columns.path(name).path(at).doubleValue())
                            .as("%s of line %s", name, line)
                            .isEqualTo(logged.path(name).doubleValue());
                }
            }
        }
        assertThat(steps).isEqualTo(4);
        assertThat(evaluations).isGreaterThanOrEqualTo(2);
        assertThat(shown.path("steps").path("step")).hasSize(4);
        assertThat(shown.path("settings").path("model.layers").stringValue()).isEqualTo("2");
        assertThat(shown.path("samples").stringValue()).isEqualTo(Files.readString(run.resolve("samples.txt")));
    }

    @Test
    void thePageAsksForNothing() throws Exception {
        String html = page(runs.resolve("gpt").toString());
        assertThat(html).contains("default-src 'none'");
        assertThat(html.replaceAll("(?s)<script>.*?</script>", ""))
                .doesNotContain("http://", "https://", " src=", " href=");
        assertThat(html).doesNotContain("{{").doesNotContain("http-equiv=\"refresh\"");
    }

    /// Of a text that the model reads.
    private static double[] lossesByLoops(SavedModel saved, int... ids) {
        int vocabulary = saved.model().vocabSize();
        double[] logits = saved.model()
                .forward(gradus.tensor.type.Indices.of(ids).reshape(1, ids.length))
                .toArray();
        double[] losses = new double[ids.length];
        for (int t = 1; t < ids.length; t++) {
            double sum = 0;
            for (int v = 0; v < vocabulary; v++) {
                sum += Math.exp(logits[(t - 1) * vocabulary + v]);
            }
            losses[t] = Math.log(sum) - logits[(t - 1) * vocabulary + ids[t]];
        }
        return losses;
    }

    @Test
    void everyTokenHasItsLoss() throws Exception {
        Path run = runs.resolve("gpt");
        String text = "the quick brown fox"; // of 19 letters, of which 16 are a window
        JsonNode inside =
                data(page(run.toString(), "--text", text)).path("runs").path(0).path("inside");
        SavedModel saved = SavedModel.open(run);
        int[] ids = saved.text().encode(text);
        double[] first = lossesByLoops(saved, java.util.Arrays.copyOf(ids, 16));
        double[] second = lossesByLoops(saved, java.util.Arrays.copyOfRange(ids, 16, 19));
        assertThat(inside.path("losses")).hasSize(19);
        for (int t = 0; t < 19; t++) {
            JsonNode loss = inside.path("losses").path(t);
            if (t % 16 == 0) {
                assertThat(loss.isNull()).isTrue();
            } else {
                double expected = t < 16 ? first[t] : second[t - 16];
                assertThat(loss.doubleValue()).isEqualTo(expected, within(1e-4)); // four places
            }
            assertThat(inside.path("tokens").path(t).stringValue()).isEqualTo(text.substring(t, t + 1));
        }
    }

    @Test
    void aMixtureShowsItsExperts() throws Exception {
        JsonNode inside = data(runs.resolve("moe")).path("runs").path(0).path("inside");
        int read = inside.path("attention").path("count").intValue();
        assertThat(read).isEqualTo(16);
        assertThat(inside.path("experts")).hasSize(2);
        for (JsonNode layer : inside.path("experts")) {
            int all = 0;
            for (JsonNode count : layer.path("tokens")) {
                all += count.intValue();
            }
            assertThat(all).as("two experts for each token").isEqualTo(2 * read);
        }
        assertThat(inside.path("lens").path("rows")).hasSize(2);
        assertThat(inside.path("activations").path(0).path("name").stringValue())
                .isEqualTo("h.0");
        assertThat(runs.resolve("moe/report.html"))
                .content()
                .contains("\"inside\":", "moe")
                .doesNotContain("http-equiv=\"refresh\"");
    }

    @Test
    void anEncoderIsSeenBothWays() throws Exception {
        JsonNode inside = data(runs.resolve("bert")).path("runs").path(0).path("inside");
        assertThat(inside.path("causal").booleanValue()).isFalse();
        assertThat(inside.has("lens")).isFalse();
        assertThat(inside.path("tokens").path(0).stringValue()).isEqualTo("[CLS]");
        assertThat(inside.path("tokens")).as("the longest line, of nine words").hasSizeGreaterThanOrEqualTo(11);
        assertThat(inside.path("losses").path(0).isNull()).isTrue();
        assertThat(inside.path("losses").path(1).doubleValue()).isPositive();
        byte[] weights = java.util.Base64.getDecoder()
                .decode(inside.path("attention")
                        .path("layers")
                        .path(0)
                        .path("weights")
                        .stringValue());
        int count = inside.path("attention").path("count").intValue();
        assertThat(weights[count - 1]).as("the first attends to the last").isNotZero();
    }

    @Test
    void severalRunsAreCompared() throws Exception {
        JsonNode data = data(runs.resolve("gpt"), runs.resolve("other"));
        assertThat(data.path("runs")).hasSize(2);
        assertThat(data.path("runs").path(1).path("name").stringValue()).isEqualTo("other");
        List<String> different = new ArrayList<>();
        data.path("differences").forEach(row -> different.add(row.path(0).stringValue()));
        assertThat(different).containsExactly("setting", "train.lr");
        assertThat(data.path("results")).hasSize(3);
    }

    @Test
    void whatModelsWriteEndsNoScript() throws Exception {
        Path run = runs.resolve("hostile");
        Files.createDirectories(run);
        for (String name : List.of("config.json", "metrics.jsonl")) {
            Files.copy(runs.resolve("gpt").resolve(name), run.resolve(name));
        }
        String evil = "</script><script>alert(1)</script><!-- {{data}} \u2028 & \" '";
        Files.writeString(run.resolve("samples.txt"), evil);
        String html = page(run.toString());
        assertThat(html.split("</script>", -1)).hasSize(4);
        assertThat(data(html).path("runs").path(0).path("samples").stringValue())
                .isEqualTo(evil);
    }

    @Test
    void aLongRunFitsThePage() throws Exception {
        Path run = runs.resolve("long");
        Files.createDirectories(run);
        Files.copy(runs.resolve("gpt/config.json"), run.resolve("config.json"));
        StringBuilder lines = new StringBuilder();
        for (int step = 1; step <= 5000; step++) {
            lines.append(("{\"step\":%s,\"loss\":%s,\"lr\":%s,\"gradNorm\":%s,\"tokensPerSecond\":%s,\"tokens\":%s,"
                            + "\"time\":\"2026-01-01T00:00:00.%03dZ\"}\n")
                    .formatted(
                            step, Math.PI / step, Math.E / step, Math.sqrt(step), 1e5 / step, 64L * step, step % 1000));
        }
        Files.writeString(run.resolve("metrics.jsonl"), lines);
        String html = page(run.toString(), "--no-inside");
        assertThat(html.length()).isLessThan(3_000_000);
        assertThat(data(html).path("runs").path(0).path("steps").path("step")).hasSize(5000);

        Files.writeString(run.resolve("metrics.jsonl"), lines.toString().repeat(5));
        JsonNode steps = data(page(run.toString(), "--no-inside"))
                .path("runs")
                .path(0)
                .path("steps")
                .path("step");
        assertThat(steps).hasSize(RunData.MOST_STEPS);
        assertThat(steps.path(0).intValue()).isEqualTo(1);
        assertThat(steps.path(RunData.MOST_STEPS - 1).intValue()).isEqualTo(5000);
    }

    @Test
    void aRunWithoutItsDataShowsWhatItWrote() throws Exception {
        Path run = runs.resolve("moved");
        Files.createDirectories(run);
        for (String name :
                List.of("config.json", "metrics.jsonl", "samples.txt", "model.safetensors", "tokenizer.json")) {
            Files.copy(runs.resolve("gpt").resolve(name), run.resolve(name));
        }
        String config = Files.readString(run.resolve("config.json"));
        Files.writeString(run.resolve("config.json"), config.replace("text.txt", "gone.txt"));
        List<String> said = new ArrayList<>();
        JsonNode data =
                new Report(Optional.empty(), true, OptionalInt.empty(), said::add).data(List.of(RunRecord.open(run)));
        assertThat(said).singleElement().asString().contains("gone.txt", "its own samples are shown instead");
        assertThat(data.path("runs").path(0).path("inside").path("tokens")).isNotEmpty();
    }

    @Test
    void wrongCommandLinesAreRefused() {
        Cli.run("report", runs.resolve("none").toString()).assertRefused("none is no folder");
        Cli.run("report", runs.resolve("gpt").toString(), "--text", " ").assertRefused("--text");
        Cli.run("report", runs.resolve("gpt").toString(), "--out", runs.toString())
                .assertRefused("is a folder");
    }

    /// `2·in·out` of each product, `4·C` of each pair, by hand.
    @Test
    void theWorkOfAForwardPass() {
        int c = 16;
        int v = 5;
        int t = 8;
        Tokenizer tokenizer = CharTokenizer.of("abcde");
        Gpt gpt = new Gpt(new GptConfig(v, t, 2, 2, c, 0), Rng.of(1)).eval();
        SavedModel saved = new SavedModel(
                gpt,
                gradus.train.run.text.ModelText.of(tokenizer),
                gradus.train.pretrained.GenerationConfig.NONE,
                null,
                java.util.Set.of());
        Work work = Work.of(new DecoderSubject(saved, 2, TrainConfig.defaults()), 0, 1, 2, 3, 4, 3, 2, 1);
        double layer = 2 * c * 3 * c + 2 * c * c + 2 * 2 * c * 4 * c + 4 * c * (t + 1) / 2.0;
        assertThat(work.counted()).isEqualTo(2 * layer + 2 * c * v, within(1e-9));
        assertThat(work.formula()).isEqualTo(2.0 * gpt.parameterCount());

        Gpt moe = new Gpt(
                        new GptConfig(v, t, 2, 2, c, 0).withFeedForward(new FeedForwards.Mixtral(3, 2, 5, 0.01)),
                        Rng.of(1))
                .eval();
        SavedModel mixture = new SavedModel(
                moe,
                gradus.train.run.text.ModelText.of(tokenizer),
                gradus.train.pretrained.GenerationConfig.NONE,
                null,
                java.util.Set.of());
        double experts = 2 * 3 * 2 * c * 5; // two of three, each with three products
        double attention = 2 * c * 3 * c + 2 * c * c + 4 * c * (t + 1) / 2.0;
        double router = 2 * c * 3;
        assertThat(Work.of(new DecoderSubject(mixture, 2, TrainConfig.defaults()), 0, 1, 2, 3, 4, 3, 2, 1)
                        .counted())
                .isIn(2 * (attention + experts) + 2 * c * v, 2 * (attention + experts + router) + 2 * c * v);
    }

    /// Points of a plane stay as far from each other as they are, whatever the space that the plane lies in.
    @Test
    void principalComponentsKeepAPlane() {
        double[][] points = {{0, 0}, {4, 1}, {-3, 2}, {5, -2}, {1, 1}, {-6, 0.5}};
        double[][] axes = {{0.6, 0, 0.8, 0}, {0, 1, 0, 0}};
        double[][] vectors = new double[points.length][4];
        for (int i = 0; i < points.length; i++) {
            for (int d = 0; d < 4; d++) {
                vectors[i][d] = 7 + points[i][0] * axes[0][d] + points[i][1] * axes[1][d];
            }
        }
        double[][] plane = EmbeddingMap.principal(vectors);
        for (int i = 0; i < points.length; i++) {
            for (int j = 0; j < points.length; j++) {
                double expected = Math.hypot(points[i][0] - points[j][0], points[i][1] - points[j][1]);
                assertThat(Math.hypot(plane[i][0] - plane[j][0], plane[i][1] - plane[j][1]))
                        .isEqualTo(expected, within(1e-9));
            }
        }
        double first = 0;
        double second = 0;
        for (double[] p : plane) {
            first += p[0] * p[0];
            second += p[1] * p[1];
        }
        assertThat(first).isGreaterThan(second);
    }
}
