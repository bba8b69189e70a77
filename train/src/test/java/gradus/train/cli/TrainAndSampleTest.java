package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.format.Tokenizers;
import gradus.train.run.RunConfig;
import gradus.train.run.RunFolder;
import gradus.train.run.text.ModelText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TrainAndSampleTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    @Test
    void aRunLeavesEverything() throws Exception {
        Path run = folder.resolve("a/b/run");
        Cli trained = Cli.train(Cli.text(folder), run, "--seed", "5");
        assertThat(trained.code()).as(trained.err()).isZero();
        assertThat(trained.err()).contains("step 2: validation loss", "step 4: validation loss", "(whole split)");

        JsonNode config = JSON.readTree(run.resolve("config.json"));
        assertThat(config.at("/model/dim").intValue()).isEqualTo(16);
        assertThat(config.at("/train/steps").intValue()).isEqualTo(4);
        assertThat(config.at("/train/seed").intValue()).isEqualTo(5);
        assertThat(config.at("/model/vocabSize").intValue())
                .isEqualTo(config.at("/data/vocabulary").intValue());
        assertThat(RunConfig.read(new RunFolder(run)).train().batchSize()).isEqualTo(2);

        List<JsonNode> metrics = Files.readAllLines(run.resolve("metrics.jsonl")).stream()
                .map(JSON::readTree)
                .toList();
        assertThat(metrics.stream().filter(line -> line.has("loss"))).hasSize(4);
        assertThat(metrics.stream().filter(line -> line.has("validationLoss"))).hasSize(3);
        assertThat(metrics.stream().filter(line -> line.has("loss")))
                .allMatch(line -> line.has("step")
                        && line.has("lr")
                        && line.has("gradNorm")
                        && line.get("tokensPerSecond").doubleValue() > 0);

        assertThat(ImageIO.read(run.resolve("loss.png").toFile()).getWidth()).isEqualTo(960);
        assertThat(Files.readString(run.resolve("samples.txt")))
                .isEqualTo(trained.out())
                .contains("--- 10\n");
        assertThat(run.resolve("model.safetensors")).isNotEmptyFile();
        assertThat(run.resolve("tokenizer.json")).isNotEmptyFile();
    }

    @Test
    void theSameSeedGivesTheSameWeights() throws Exception {
        Path data = Cli.text(folder);
        Path run = folder.resolve("run");
        assertThat(Cli.train(data, run).code()).isZero();
        byte[] first = Files.readAllBytes(run.resolve("model.safetensors"));
        Cli.train(data, run).assertRefused("not empty");
        assertThat(Cli.train(data, run, "--overwrite").code()).isZero();
        assertThat(Files.readAllBytes(run.resolve("model.safetensors"))).isEqualTo(first);
        assertThat(Cli.train(data, run, "--overwrite", "--seed", "2").code()).isZero();
        assertThat(Files.readAllBytes(run.resolve("model.safetensors"))).isNotEqualTo(first);
    }

    @Test
    void sampling() throws Exception {
        String run = folder.resolve("run").toString();
        assertThat(Cli.train(Cli.text(folder), Path.of(run)).code()).isZero();
        Cli one = Cli.run("sample", "--run", run, "--prompt", "Größe", "--tokens", "20");
        assertThat(one.code()).as(one.err()).isZero();
        assertThat(one.out()).startsWith("Größe").endsWith("\n");
        assertThat(one.out().codePointCount(0, one.out().length())).isEqualTo(5 + 20 + 1);
        assertThat(Cli.run("sample", "--run", run, "--prompt", "Größe", "--tokens", "20"))
                .isEqualTo(one);
        assertThat(Cli.run("sample", "--run", run, "--prompt", "Größe", "--tokens", "20", "--seed", "2")
                        .out())
                .isNotEqualTo(one.out());
        assertThat(Cli.run("sample", "--run", run, "--tokens", "3", "--count", "4")
                        .out()
                        .split("---\n"))
                .hasSize(4);
    }

    /// Trains with a given tokenizer, and WordPiece, which forgets spaces and the ends of lines, writes them all the
    /// same.
    @ParameterizedTest
    @ValueSource(strings = {"bpe", "wordpiece"})
    void withATokenizer(String kind) throws Exception {
        Path data = Cli.text(folder);
        Path run = folder.resolve("run");
        String tokenizer = folder.resolve("tokenizer").toString();
        String[] train = {"tokenizer", "train", "--data", data.toString(), "--kind", kind, "--vocab", "300", "--out"};
        assertThat(Cli.run(with(train, tokenizer)).code()).isZero();
        Cli trained = Cli.train(data, run, "--tokenizer", tokenizer);
        assertThat(trained.code()).as(trained.err()).isZero();
        assertThat(trained.err()).contains("tokens to learn from", "bytes each", "bits per byte");
        assertThat(run.resolve("tokenizer.json")).hasSameTextualContentAs(Path.of(tokenizer, "tokenizer.json"));

        JsonNode last =
                JSON.readTree(Files.readAllLines(run.resolve("metrics.jsonl")).getLast());
        Tokenizer saved = Tokenizers.load(run);
        String text = Files.readString(data);
        double bytes = text.getBytes(StandardCharsets.UTF_8).length
                / (double) ModelText.of(saved).encode(text).length;
        assertThat(last.get("bitsPerByte").doubleValue())
                .isCloseTo(last.get("validationLoss").doubleValue() / bytes / Math.log(2), withinPercentage(5));

        Cli sampled = Cli.run("sample", "--run", run.toString(), "--prompt", "quick ", "--tokens", "20");
        assertThat(sampled.code()).as(sampled.err()).isZero();
        assertThat(sampled.out()).startsWith("quick ").endsWith("\n").doesNotContain("quick  ");

        String[] replace = {
            "tokenizer", "train", "--data", data.toString(), "--kind", kind, "--overwrite", "--out", run.toString()
        };
        String five = kind.equals("bpe") ? "<a>" : "[UNK],<a>,<b>,<c>,<d>";
        assertThat(Cli.run(with(replace, "--special=" + five, "--vocab=300")).code())
                .isZero();
        Cli.run("sample", "--run", run.toString())
                .assertOneLine(1, "tokenizer.json is not the tokenizer that"); // BAD-INPUT 134
        String ten = "[UNK],<1>,<2>,<3>,<4>,<5>,<6>,<7>,<8>,<9>";
        assertThat(Cli.run(with(replace, "--special=" + ten, "--vocab=999")).code())
                .isZero();
        Cli.run("sample", "--run", run.toString()).assertOneLine(1, "tokens; the model of"); // BAD-INPUT 133
        Cli.train(data, folder.resolve("none"), "--tokenizer", data.toString()).assertOneLine(1, "no valid JSON");
        Cli.train(data, folder.resolve("none"), "--tokenizer", tokenizer, "--model.vocabSize=3")
                .assertRefused("--model.vocabSize is 3");
    }

    private static String[] with(String[] arguments, String... more) {
        return Stream.of(arguments, more).flatMap(Arrays::stream).toArray(String[]::new);
    }

    @Test
    void damagedRuns() throws Exception {
        Path run = folder.resolve("run");
        assertThat(Cli.train(Cli.text(folder), run).code()).isZero();
        Path config = run.resolve("config.json");
        String sound = Files.readString(config);
        for (String bad : List.of("", "{", "null", "[]", "{}", sound.replace("\"dim\" : 16", "\"dim\" : 17"))) {
            Files.writeString(config, bad);
            Cli.run("sample", "--run", run.toString()).assertOneLine(1, "config.json");
        }
        Files.writeString(config, sound.replace("\"dim\" : 16", "\"dim\" : 32"));
        Cli.run("sample", "--run", run.toString()).assertOneLine(1, "model.safetensors");
        Files.writeString(config, sound);
        Files.delete(run.resolve("model.safetensors"));
        Cli.run("sample", "--run", run.toString()).assertRefused("model.safetensors is missing");
        Cli.run("sample", "--run", folder.resolve("nowhere").toString()).assertRefused("holds no finished run");
    }

    @Test
    void helpEverywhere() {
        for (String[] command :
                new String[][] {{}, {"train"}, {"sample"}, {"doctor"}, {"tokenizer"}, {"tokenizer", "train"}}) {
            List<String> arguments = new java.util.ArrayList<>(List.of(command));
            arguments.add("--help");
            Cli help = Cli.run(arguments.toArray(String[]::new));
            assertThat(help.code()).isZero();
            assertThat(help.err()).isEmpty();
            assertThat(help.out()).contains("Usage: gradus");
        }
        assertThat(Cli.run("--version").out()).matches("gradus (\\d+\\.\\d+.*|unknown)\\R");
    }
}
