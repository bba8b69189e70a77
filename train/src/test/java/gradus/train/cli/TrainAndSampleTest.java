package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
        for (String[] command : new String[][] {{}, {"train"}, {"sample"}, {"doctor"}}) {
            List<String> arguments = new java.util.ArrayList<>(List.of(command));
            arguments.add("--help");
            Cli help = Cli.run(arguments.toArray(String[]::new));
            assertThat(help.code()).isZero();
            assertThat(help.err()).isEmpty();
            assertThat(help.out()).contains("Usage: gradus");
        }
        assertThat(Cli.run("--version").out()).matches("gradus \\d+\\.\\d+.*\\R");
    }
}
