package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.layers.model.config.Attentions;
import gradus.layers.model.config.CacheKind;
import gradus.layers.model.config.FeedForwards;
import gradus.tensor.Scope;
import gradus.train.average.EmaKind;
import gradus.train.checkpoint.Safetensors;
import gradus.train.pretrained.HuggingFaceFolder;
import gradus.train.run.Line;
import gradus.train.run.RunConfig;
import gradus.train.run.RunFolder;
import gradus.train.run.compare.Interval;
import gradus.train.run.provenance.Circumstances;
import gradus.train.run.provenance.Commit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a run writes down of itself, and the other ways to set one up.
@Timeout(300)
class RunSettingsTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    private Cli train(String... more) throws Exception {
        Cli told = Cli.train(Cli.text(folder), folder.resolve("run"), more);
        assertThat(told.code()).as(told.err()).isZero();
        return told;
    }

    private RunConfig config(String run) {
        return RunConfig.read(new RunFolder(folder.resolve(run)));
    }

    private List<JsonNode> metrics(String run) throws Exception {
        return Files.readAllLines(folder.resolve(run).resolve("metrics.jsonl")).stream()
                .map(JSON::readTree)
                .toList();
    }

    @Test
    void u7_theLogTellsTimeAndTokens() throws Exception {
        Instant before = Instant.now().minus(Duration.ofSeconds(1));
        train("--train.accumulation=3");
        Instant last = before;
        for (JsonNode line : metrics("run")) {
            // 2 sequences · 3 batches · 8 tokens a step
            assertThat(line.get("tokens").longValue())
                    .isEqualTo(line.get("step").longValue() * 48);
            Instant time = Instant.parse(line.get("time").stringValue());
            assertThat(time).isBetween(last, Instant.now());
            last = time;
        }
    }

    @Test
    void u7_theConfigTellsDateCommitJvmAndProcessor() throws Exception {
        train();
        Circumstances made = config("run").made();
        assertThat(Duration.between(Instant.parse(made.date()), Instant.now()))
                .isBetween(Duration.ZERO, Duration.ofMinutes(10));
        assertThat(made.commit()).matches("|[0-9a-f]{40}|[0-9a-f]{64}");
        assertThat(made.jvm()).contains(Runtime.version().toString());
        assertThat(made.cores()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(made.os()).isNotBlank();
    }

    @Test
    void u7_theCommitIsThatOfTheCheckout() throws Exception {
        String one = "0123456789".repeat(4);
        String other = "abcdefabcd".repeat(4);
        Path inside = Files.createDirectories(folder.resolve("repo/a/b"));
        Path git = Files.createDirectories(folder.resolve("repo/.git/refs/heads"));
        assertThat(Commit.of(inside)).isEmpty();
        Files.writeString(folder.resolve("repo/.git/HEAD"), "ref: refs/heads/main\n");
        Files.writeString(git.resolve("main"), one + "\n");
        assertThat(Commit.of(inside)).hasValue(one);
        Files.delete(git.resolve("main"));
        Files.writeString(folder.resolve("repo/.git/packed-refs"), "# x\n" + other + " refs/heads/main\n");
        assertThat(Commit.of(inside)).hasValue(other);
        Files.writeString(folder.resolve("repo/.git/HEAD"), one + "\n");
        assertThat(Commit.of(inside)).hasValue(one);
        Files.writeString(folder.resolve("repo/.git/HEAD"), "nonsense\n");
        assertThat(Commit.of(inside)).isEmpty();
    }

    @Test
    void u7_theBestWeightsAreKept() throws Exception {
        // So high a rate spoils the model: the first evaluation stays the best.
        Cli told =
                train("--train.lr=30", "--train.minLr=30", "--train.clip=1", "--train.optimizer=sgd", "--steps", "8");
        double first = metrics("run").getFirst().get("validationLoss").doubleValue();
        assertThat(metrics("run").stream()
                        .filter(line -> line.has("validationLoss"))
                        .skip(1))
                .allMatch(line -> line.get("validationLoss").asDouble() > first);
        assertThat(told.err()).contains("lowest validation loss on the way", "after step 0", "best.safetensors");
        String run = folder.resolve("run").toString();
        Cli last = Cli.run("eval", "--run", run);
        Cli best = Cli.run("eval", "--run", run, "--best");
        assertThat(best.code()).isZero();
        assertThat(loss(best)).isCloseTo(first, within(0.2)).isLessThan(loss(last));
        assertThat(Cli.run("sample", "--run", run, "--best", "--tokens=5").code())
                .isZero();
        exportsTheBest(run);
        Files.delete(folder.resolve("run/best.safetensors"));
        Cli.run("eval", "--run", run, "--best").assertRefused("holds no best.safetensors");
        Cli.run("export", "--run", run, "--format", "hf", "--best", "--overwrite")
                .assertRefused("holds no best.safetensors");
    }

    private void exportsTheBest(String run) {
        Path hf = folder.resolve("hf");
        for (boolean best : new boolean[] {true, false}) {
            List<String> export = new ArrayList<>(
                    List.of("export", "--run", run, "--format", "hf", "--out", hf.toString(), "--overwrite"));
            if (best) {
                export.add("--best");
            }
            Cli told = Cli.run(export.toArray(String[]::new));
            assertThat(told.code()).as(told.err()).isZero();
            try (Scope scope = Scope.open()) {
                double[] written = HuggingFaceFolder.loadGpt2(hf)
                        .namedParameters()
                        .get("wte.weight")
                        .toArray();
                Path from = folder.resolve(best ? "run/best.safetensors" : "run/model.safetensors");
                assertThat(written)
                        .isEqualTo(Safetensors.open(from).read("wte.weight").toArray());
            }
        }
    }

    private static double loss(Cli eval) {
        return Double.parseDouble(eval.out()
                .lines()
                .filter(line -> line.startsWith("loss"))
                .findFirst()
                .orElseThrow()
                .replaceAll("[^0-9.]", ""));
    }

    @Test
    void u7_aTrainingWithoutImprovementEndsEarly() throws Exception {
        Cli told = train(
                "--train.lr=30",
                "--train.minLr=30",
                "--train.clip=1",
                "--train.optimizer=sgd",
                "--train.warmup=0",
                "--train.patience=2",
                "--steps",
                "100");
        assertThat(told.err()).contains("ended early after step 4: no evaluation since step 0");
        List<JsonNode> metrics = metrics("run");
        assertThat(metrics.getLast().get("step").intValue()).isEqualTo(4);
        assertThat(metrics.getLast().get("whole").booleanValue()).isTrue();
        byte[] weights = Files.readAllBytes(folder.resolve("run/model.safetensors"));
        Cli again = Cli.run("train", "--resume", folder.resolve("run").toString());
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(Files.readAllBytes(folder.resolve("run/model.safetensors"))).isEqualTo(weights);
        assertThat(metrics("run")).isEqualTo(metrics); // there was nothing left to do
    }

    @Test
    void u7_settingsComeFromAFile() throws Exception {
        train("--seed=9", "--model.attention=gqa", "--model.kvHeads=1", "--train.lr=0.01");
        byte[] weights = Files.readAllBytes(folder.resolve("run/model.safetensors"));
        String again = folder.resolve("again").toString();
        Cli told =
                Cli.run("train", "--config", folder.resolve("run/config.json").toString(), "--out", again);
        assertThat(told.code()).as(told.err()).isZero();
        assertThat(Files.readAllBytes(folder.resolve("again/model.safetensors")))
                .isEqualTo(weights);
        assertThat(config("again").model()).isEqualTo(config("run").model());

        Path some = Files.writeString(folder.resolve("some.json"), """
                {"preset": "char-tiny", "data": ["%s"],
                 "model": {"layers": 1, "attention": {"name": "window", "window": 5}},
                 "train": {"steps": 2, "warmup": 0, "batchSize": 2, "evalEvery": 0}}""".formatted(Cli.text(folder)));
        told = Cli.run(
                "train",
                "--config",
                some.toString(),
                "--out",
                folder.resolve("some").toString(),
                "--model.dim=8");
        assertThat(told.code()).as(told.err()).isZero();
        assertThat(config("some").model().attention()).isEqualTo(new Attentions.SlidingWindow(5, 0));
        assertThat(config("some").model().dim()).isEqualTo(8); // of the command line
        assertThat(config("some").model().context()).isEqualTo(32); // of char-tiny
        assertThat(config("some").train().steps()).isEqualTo(2);
    }

    @Test
    void u7_whatASettingsFileMustNotHold() throws Exception {
        Path file = folder.resolve("some.json");
        String[][] wrong = {
            {"{", "some.json"},
            {"[]", "must be a JSON object"},
            {"{\"modl\": {}}", "did you mean model"},
            {"{\"model\": {\"layer\": 1}}", "there is no model.layer; did you mean layers?"},
            {"{\"model\": {\"layers\": \"x\"}}", "model.layers must be a whole number"},
            {"{\"model\": {\"layers\": 0}}", "layers must be"},
            {"{\"model\": {\"attention\": {\"name\": \"no\"}}}", "model.attention: there is no no"},
            {"{\"model\": 3}", "model must be an object"},
            {"{\"train\": {\"lr\": null}}", "train.lr is null"},
            {"{\"train\": {\"lr\": " + "9".repeat(400) + "}}", "train.lr must be a number"},
            {"{\"train\": {\"schedule\": \"NONE\"}}", "some.json"},
            {"{\"preset\": \"none\"}", "there is no preset"},
            {"{\"data\": 3}", "data must be a file's name"}
        };
        for (String[] each : wrong) {
            Files.writeString(file, each[0]);
            Cli told = Cli.run(
                    "train",
                    "--config",
                    file.toString(),
                    "--out",
                    folder.resolve("run").toString());
            told.assertRefused("some.json", each[1]);
        }
        Cli.run("train", "--config", folder.resolve("none.json").toString()).assertRefused("none.json");
    }

    @Test
    void u7_severalSeedsGiveAMeanAndAnInterval() throws Exception {
        Cli told = train("--seeds=1,2,3");
        List<Double> losses = new ArrayList<>();
        for (int seed = 1; seed <= 3; seed++) {
            assertThat(config("run/seed-" + seed).train().seed()).isEqualTo(seed);
            losses.add(
                    metrics("run/seed-" + seed).getLast().get("validationLoss").doubleValue());
        }
        double mean = (losses.get(0) + losses.get(1) + losses.get(2)) / 3;
        assertThat(told.err()).contains(Line.format("3 seeds: validation loss %.4f ±", mean));
        // R: mean 2.5, t.test(c(1, 2, 3, 4))$conf.int is 0.4457397 to 4.5542603
        assertThat(Interval.of(List.of(1.0, 2.0, 3.0, 4.0)).half()).isCloseTo(2.0542603, within(1e-3));
        // R: t.test(c(1, 2))$conf.int is -4.853102 to 7.853102
        assertThat(Interval.of(List.of(1.0, 2.0)).half()).isCloseTo(6.353102, within(1e-3));
        Cli.train(Cli.text(folder), folder.resolve("x"), "--seeds=1").assertRefused("at least two different");
        Cli.train(Cli.text(folder), folder.resolve("x"), "--seeds=1,1").assertRefused("at least two different");
        Cli.train(Cli.text(folder), folder.resolve("x"), "--seeds=1,2", "--seed=3")
                .assertRefused("leave out --seed");
    }

    // --- choices that had no caller

    @Test
    void t2_choicesOfTheCommandLine() throws Exception {
        train(
                "--model.attention=window",
                "--model.window=3",
                "--model.cache=rolling",
                "--train.emaDecay=0.9",
                "--train.ema=debiased");
        assertThat(config("run").model().cache()).isEqualTo(CacheKind.ROLLING);
        assertThat(config("run").train().loop().average().kind()).isEqualTo(EmaKind.DEBIASED);
        Cli full = Cli.run("sample", "--run", folder.resolve("run").toString(), "--tokens=7", "--prompt=q");
        Path config = folder.resolve("run/config.json");
        Files.writeString(config, Files.readString(config).replace("\"ROLLING\"", "\"FULL\""));
        assertThat(Cli.run("sample", "--run", folder.resolve("run").toString(), "--tokens=7", "--prompt=q"))
                .isEqualTo(full);
        Cli mixture =
                Cli.train(Cli.text(folder), folder.resolve("z"), "--model.feedForward=mixtral", "--model.zLoss=0.001");
        assertThat(mixture.code()).as(mixture.err()).isZero();
        assertThat(config("z").model().feedForward()).isEqualTo(new FeedForwards.Mixtral(4, 2, 0, 0.01, 0.001));
    }

    @Test
    void t2_checkpointingGivesTheSameWeights() throws Exception {
        train("--model.dropout=0.2", "--model.layers=2");
        byte[] weights = Files.readAllBytes(folder.resolve("run/model.safetensors"));
        train("--model.dropout=0.2", "--model.layers=2", "--train.checkpointing", "--overwrite");
        assertThat(config("run").train().loop().gradients().checkpointing()).isTrue();
        assertThat(Files.readAllBytes(folder.resolve("run/model.safetensors"))).isEqualTo(weights);
    }

    // --- config.json of a run, read back

    @Test
    void r15_nullMissingAndUnknownFieldsOfARunsConfigAreNamed() throws Exception {
        train();
        Path file = folder.resolve("run/config.json");
        String sound = Files.readString(file);
        for (String field : List.of(
                "version",
                "preset",
                "trainingTokens",
                "linesAreEntries",
                "layers",
                "dropout",
                "attention",
                "placement",
                "steps",
                "lr",
                "schedule",
                "seed")) {
            String json = sound.replaceFirst("(\"" + field + "\" : )(\\{[^{}]*\\}|[^,\\n]*)", "$1null");
            assertThat(json).isNotEqualTo(sound);
            Files.writeString(file, json);
            Cli.run("sample", "--run", folder.resolve("run").toString())
                    .assertOneLine(1, "config.json", field + " is null");
            Files.writeString(file, sound.replaceFirst("\"" + field + "\" :", "\"" + field + "s\" :"));
            Cli.run("sample", "--run", folder.resolve("run").toString())
                    .assertOneLine(1, "config.json", "there is no ", field + "s");
        }
        for (String part : List.of("data", "model", "train")) {
            JsonNode root = JSON.readTree(sound);
            ((tools.jackson.databind.node.ObjectNode) root).remove(part);
            Files.writeString(file, root.toString());
            Cli.run("sample", "--run", folder.resolve("run").toString()).assertOneLine(1, part + " is missing");
        }
        for (String number : List.of("1" + "0".repeat(400), "1e400", "-1", "1.5", "true", "\"4\"")) {
            Files.writeString(file, sound.replaceFirst("\"layers\" : 1", "\"layers\" : " + number));
            Cli.run("sample", "--run", folder.resolve("run").toString()).assertOneLine(1, "config.json", "layers");
        }
    }
}
