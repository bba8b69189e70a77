package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.layers.model.BertMaskedLm;
import gradus.train.pretrained.HuggingFaceFolder;
import gradus.train.task.MaskedTexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A BERT from a text to a Hugging Face folder, and a longer context, by the command line alone.
class EncoderCommandsTest {
    @TempDir
    private Path folder;

    private Path data;

    @BeforeEach
    void write() throws IOException {
        data = folder.resolve("data.txt");
        Files.writeString(data, MaskedTexts.TEXT.repeat(12));
    }

    private Cli train(String out, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "train",
                "--preset=bert-tiny",
                "--data",
                data.toString(),
                "--out",
                folder.resolve(out).toString(),
                "--model.layers=1",
                "--model.dim=16",
                "--train.batchSize=4",
                "--train.evalEvery=4"));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray(String[]::new));
    }

    @Test
    void fromTheTextToTheFiles() throws IOException {
        Cli trained = train("bert", "--task=mlm", "--steps=12");
        assertThat(trained.err()).contains("BERT: 1 layers", "step 12", "everything is in");
        assertThat(trained.code()).isZero();
        String run = folder.resolve("bert").toString();
        assertThat(folder.resolve("bert/config.json")).content().contains("\"task\" : \"mlm\"");
        assertThat(folder.resolve("bert/samples.txt")).content().contains("[MASK]", "hidden:", "guessed:");
        assertThat(folder.resolve("bert/metrics.jsonl"))
                .content()
                .contains("validationLoss")
                .doesNotContain("bitsPerByte");

        Cli eval = Cli.run("eval", "--run", run);
        assertThat(eval.out())
                .contains("masked loss", "nats per hidden token", "guessed")
                .doesNotContain("bits");
        assertThat(eval.code()).isZero();

        Cli fill = Cli.run("sample", "--run", run, "--prompt", "a [MASK] animal that [MASK]", "--topK", "3");
        assertThat(fill.code()).isZero();
        assertThat(fill.out().lines().filter(line -> line.contains(" %  "))).hasSize(6);
        Cli none = Cli.run("sample", "--run", run, "--prompt", "a cat");
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("with [MASK]");

        Cli export = Cli.run("export", "--run", run, "--format", "hf");
        assertThat(export.err()).contains("written: ");
        Path hf = folder.resolve("bert/hf");
        BertMaskedLm model = HuggingFaceFolder.loadBertMaskedLm(hf);
        assertThat(model.config().layers()).isOne();
        assertThat(hf.resolve("config.json")).content().contains("BertForMaskedLM");
        assertThat(hf.resolve("tokenizer_config.json")).content().contains("[MASK]");
        Cli same = Cli.run("eval", "--run", hf.toString(), "--data", data.toString());
        assertThat(same.out()
                        .lines()
                        .filter(line -> line.startsWith("masked loss"))
                        .toList())
                .isEqualTo(eval.out()
                        .lines()
                        .filter(line -> line.startsWith("masked loss"))
                        .toList());
        Cli decoder = Cli.run("finetune", "--base", run, "--data", data.toString(), "--out", run + "2");
        assertThat(decoder.code()).isNotZero();
        assertThat(decoder.err()).contains("is an encoder").doesNotContain("\tat ");
    }

    @Test
    void goesOnBitForBit() throws IOException {
        assertThat(train("whole", "--steps=12", "--train.checkpointEvery=6").code())
                .isZero();
        assertThat(train("parts", "--steps=12", "--train.checkpointEvery=6").code())
                .isZero();
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
    }

    @Test
    void mistakesAreToldInOneLine() {
        for (String[] wrong : new String[][] {
            {"--task=lm", "does not go with"},
            {"--model.attention=gqa", "only its sizes can be set"},
            {"--documentSeparator=[SEP]", "leave out --documentSeparator"},
            {"--model.context=2", "context must be at least 3"},
            {"--train.labelSmoothing=0.1", "no smoothed targets"}
        }) {
            Cli refused = train("wrong", "--steps=2", wrong[0]);
            assertThat(refused.code()).as(wrong[0]).isEqualTo(2);
            assertThat(refused.err()).as(wrong[0]).contains(wrong[1]).doesNotContain("\tat ");
        }
        assertThat(folder.resolve("wrong")).doesNotExist();
    }

    @Test
    void aLongerContext() throws IOException {
        Path run = folder.resolve("run");
        assertThat(Cli.train(data, run, "--preset=llama-small").code()).isZero();
        String[] tuning = {
            "finetune",
            "--base",
            run.toString(),
            "--data",
            data.toString(),
            "--steps",
            "4",
            "--batch-size",
            "2",
            "--method",
            "longlora",
            "--r",
            "2"
        };
        List<String> given = new ArrayList<>(List.of(tuning));
        given.addAll(List.of("--out", folder.resolve("long").toString(), "--context", "32"));
        Cli tuned = Cli.run(given.toArray(String[]::new));
        assertThat(tuned.err()).contains("context 8 → 32", "groups of 8", "everything is in");
        assertThat(tuned.code()).isZero();
        assertThat(folder.resolve("long/long_context.json")).content().contains("linear");
        Path merged = folder.resolve("merged");
        Cli merge = Cli.run(
                "merge",
                "--base",
                run.toString(),
                "--adapter",
                folder.resolve("long").toString(),
                "--out",
                merged.toString());
        assertThat(merge.err()).contains("written: ");
        assertThat(merged.resolve("config.json"))
                .content()
                .containsPattern("\"max_position_embeddings\"\\s*:\\s*32")
                .containsPattern("\"factor\"\\s*:\\s*4.0");
        for (String[] wrong : new String[][] {
            {"--context", "8", "must be above that of the base"},
            {"--context", "30", "a multiple of 4"},
            {"--context", "32", "--group", "5", "got group=5, context=32"},
            {"--group", "5", "needs --context"}
        }) {
            List<String> options = new ArrayList<>(List.of(tuning));
            options.addAll(List.of("--out", folder.resolve("wrong").toString()));
            options.addAll(List.of(wrong).subList(0, wrong.length - 1));
            Cli refused = Cli.run(options.toArray(String[]::new));
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err()).contains(wrong[wrong.length - 1]).doesNotContain("\tat ");
        }
    }
}
