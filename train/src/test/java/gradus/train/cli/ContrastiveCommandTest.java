package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.train.pretrained.SentenceEmbedding;
import gradus.train.run.SavedEmbedding;
import gradus.train.task.MaskedTexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// An encoder of texts by the command line: training, going on, and what other programs make of it.
class ContrastiveCommandTest {
    @TempDir
    private Path folder;

    private Path data;

    @BeforeEach
    void write() throws IOException {
        JsonMapper json = new JsonMapper();
        StringBuilder rows = new StringBuilder();
        List<String> lines = MaskedTexts.TEXT.repeat(5).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            rows.append(json.writeValueAsString(Map.of(
                            "anchor", lines.get(i).split(":")[0],
                            "positive", lines.get(i).split(":")[1],
                            "negative", lines.get((i + 1) % lines.size()).split(":")[1])))
                    .append('\n');
        }
        data = folder.resolve("pairs.jsonl");
        Files.writeString(data, rows);
    }

    private Cli train(String out, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "train",
                "--task=contrastive",
                "--preset=vectors-tiny",
                "--data",
                data.toString(),
                "--out",
                folder.resolve(out).toString(),
                "--model.dim=16",
                "--train.evalEvery=6"));
        if (!String.join(" ", more).contains("batchSize")) {
            arguments.add("--train.batchSize=4");
        }
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray(String[]::new));
    }

    @Test
    void fromExamplesToVectors() throws IOException {
        Cli trained = train("run", "--steps=30", "--matryoshka=4,16", "--hard-negatives", "--scale=10");
        assertThat(trained.err()).contains("encoder: 1 layers", "step 30", "everything is in");
        assertThat(trained.code()).isZero();
        Path run = folder.resolve("run");
        assertThat(run.resolve("config.json"))
                .content()
                .contains("\"task\" : \"contrastive\"", "\"scale\" : 10.0", "\"hardNegatives\" : true");
        assertThat(run.resolve("samples.txt")).content().contains("nearest:", "its own:");
        assertThat(run.resolve("metrics.jsonl"))
                .content()
                .contains("validationLoss")
                .doesNotContain("bitsPerByte");
        SentenceEmbedding embedding = SavedEmbedding.open(run);
        float[] vector = embedding.embed("a small animal");
        assertThat(vector).hasSize(16);
        assertThat(embedding.embed(List.of("a large plant with many leaves", "a small animal"))[1])
                .as("whatever is embedded beside it")
                .isEqualTo(vector);

        Cli export = Cli.run("export", "--run", run.toString(), "--format", "hf");
        assertThat(export.code()).isZero();
        assertThat(export.err()).doesNotContain("left out");
        SentenceEmbedding elsewhere = SavedEmbedding.open(run.resolve("hf"));
        assertThat(elsewhere.settings()).isEqualTo(embedding.settings());
        assertThat(elsewhere.embed("a small animal")).isEqualTo(vector);
        Path again = folder.resolve("again-hf");
        Cli convert = Cli.run("convert", run.resolve("hf").toString(), again.toString());
        assertThat(convert.code()).as(convert.err()).isZero();
        assertThat(SavedEmbedding.open(again).embed("a small animal")).isEqualTo(vector);
        Cli same = train("again", "--steps=1", "--config=" + run.resolve("config.json"), "--symmetric");
        assertThat(same.code()).isZero();
        assertThat(folder.resolve("again/config.json"))
                .content()
                .contains("\"scale\" : 10.0", "\"symmetric\" : true", "\"hardNegatives\" : true");

        for (String[] other : new String[][] {
            {"sample", "--run", run.toString()},
            {"eval", "--run", run.toString(), "--data", data.toString()}
        }) {
            Cli refused = Cli.run(other);
            assertThat(refused.code()).isNotZero();
            assertThat(refused.err()).contains("makes vectors of texts").doesNotContain("\tat ");
        }
    }

    @Test
    void goesOnBitForBit() throws IOException {
        String[] options = {"--steps=12", "--train.checkpointEvery=6", "--hard-negatives"};
        assertThat(train("whole", options).code()).isZero();
        assertThat(train("parts", options).code()).isZero();
        Path newest = folder.resolve("parts/checkpoints/step-12");
        assertThat(newest).isDirectory();
        try (var files = Files.walk(newest)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
        Cli resumed = Cli.run("train", "--resume", folder.resolve("parts").toString());
        assertThat(resumed.err()).contains("going on after step 6");
        assertThat(resumed.code()).isZero();
        assertThat(folder.resolve("parts/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("whole/model.safetensors"));
        Files.writeString(data, Files.readString(data).replaceFirst("animal", "being"));
        Cli changed = Cli.run("train", "--resume", folder.resolve("parts").toString());
        assertThat(changed.code()).isNotZero();
        assertThat(changed.err()).contains("has changed since the run was begun");
    }

    @Test
    void mistakesAreToldInOneLine() throws IOException {
        for (String[] wrong : new String[][] {
            {"--scale=0", "the scale must be finite and above 0"},
            {"--matryoshka=32", "vectors of 16 numbers have no beginning of 32"},
            {"--matryoshka=4,4", "above 0 and different"},
            {"--train.batchSize=1", "batchSize must be at least 2"},
            {"--documentSeparator=[SEP]", "--task contrastive puts [SEP]"},
            {"--model.attention=gqa", "only its sizes can be set"},
            {"--train.batchSize=60", "cannot be made of 45"}
        }) {
            Cli refused = train("wrong", "--steps=2", wrong[0]);
            assertThat(refused.code()).as(wrong[0]).isNotZero();
            assertThat(refused.err()).as(wrong[0]).contains(wrong[1]).doesNotContain("\tat ");
        }
        Cli other = Cli.run("train", "--task=lm", "--scale=3", "--out=" + folder.resolve("other"));
        assertThat(other.err()).contains("are of --task contrastive");
        for (String[] row : new String[][] {
            {"{\"anchor\": \"a\", \"negative\": \"c\"}", "\"positive\""},
            {"{\"anchor\": \"a\", \"positive\": \" \", \"negative\": \"c\"}", "the positive of an example"},
            {"{\"anchor\": \"a\", \"positive\": 3, \"negative\": \"c\"}", "must be a text"},
            {"{\"anchor\": \"a\", \"positive\": \"b\"}", "\"negative\" is missing"},
            {"{\"anchor\": \"a\", \"positive\": \"b\", \"negativ\": \"c\"}", "negativ"},
            {"{", "pairs.jsonl"}
        }) {
            Files.writeString(data, row[0] + "\n");
            Cli refused = train("other", "--steps=2", "--hard-negatives");
            assertThat(refused.code()).as(row[0]).isNotZero();
            assertThat(refused.err()).as(row[0]).contains(row[1]).doesNotContain("\tat ");
        }
        Files.writeString(data, "{\"anchor\": \"a\", \"positive\": \"b\"}\n");
        assertThat(train("other", "--steps=2").err()).contains("must have at least 10 rows");
    }

    @Test
    void pairsOfWordNetAreWritten() throws IOException {
        Path pairs = folder.resolve("definitions.jsonl");
        Path kept = folder.resolve("kept.jsonl");
        String[] command = {
            "data",
            "pairs",
            "--kinds=definition",
            "--count=40",
            "--out=" + pairs,
            "--held-out=" + kept,
            "--held-out-count=5"
        };
        Cli written = Cli.run(command);
        assertThat(written.err()).contains("40 pairs of texts");
        assertThat(written.code()).isZero();
        JsonMapper json = new JsonMapper();
        for (String line : Files.readAllLines(pairs)) {
            assertThat(json.readTree(line).propertyNames()).containsExactly("anchor", "positive", "negative");
            assertThat(json.readTree(line).get("positive").asString()).doesNotContain(": "); // a word, no entry
        }
        assertThat(Files.readAllLines(pairs)).hasSize(40).doesNotContainAnyElementsOf(Files.readAllLines(kept));
        assertThat(Files.readAllLines(kept)).hasSize(5);
        data = pairs;
        assertThat(train("run", "--steps=1", "--hard-negatives").code()).isZero();
        Cli many = Cli.run("data", "pairs", "--kinds=sentence", "--count=9999999", "--out=" + folder.resolve("none"));
        assertThat(many.code()).isEqualTo(2);
        assertThat(many.err()).contains("--count: WordNet gives ");
    }

    @Test
    void onlySuchARunMakesVectors() throws IOException {
        Path lm = folder.resolve("lm");
        Path text = folder.resolve("text.txt");
        Files.writeString(text, MaskedTexts.TEXT.repeat(12));
        assertThat(Cli.train(text, lm).code()).isZero();
        assertThatThrownBy(() -> SavedEmbedding.open(lm))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("gradus train --task contrastive");
        assertThat(train("run", "--steps=1").code()).isZero();
        Path config = folder.resolve("run/config.json");
        Files.writeString(config, Files.readString(config).replaceFirst("(?s)\"contrastive\" : \\{.*?\\},", ""));
        assertThatThrownBy(() -> SavedEmbedding.open(folder.resolve("run")))
                .isInstanceOf(CorruptCheckpointException.class)
                .hasMessageContaining("contrastive is missing");
    }
}
