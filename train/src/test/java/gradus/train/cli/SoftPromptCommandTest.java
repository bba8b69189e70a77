package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.train.checkpoint.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From a run over a soft prompt to a text, by the command line alone.
class SoftPromptCommandTest {
    @TempDir
    private Path folder;

    private Path data;
    private String run;

    @BeforeEach
    void train() throws IOException {
        data = folder.resolve("data.txt");
        run = folder.resolve("run").toString();
        Files.writeString(data, "the cat sees the dog, the dog sees the cat\n".repeat(60));
        assertThat(Cli.train(data, Path.of(run), "--model.context=12").code()).isZero();
    }

    private Cli finetune(String out, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "finetune",
                "--base",
                run,
                "--data",
                data.toString(),
                "--out",
                folder.resolve(out).toString(),
                "--steps",
                "3",
                "--batch-size",
                "2"));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray(String[]::new));
    }

    @Test
    void everyMethodFromTheRunToAText() throws IOException {
        byte[] weights = Files.readAllBytes(Path.of(run, "model.safetensors"));
        String[][] methods = {
            {"prompt", "--method", "prompt", "--num-virtual-tokens", "4", "--prompt-init", "vocab"},
            {"text", "--method", "prompt", "--prompt-init", "text", "--prompt-init-text", "the cat"},
            {"mlp", "--method", "ptuning", "--num-virtual-tokens", "3", "--encoder-hidden-size", "5"},
            {"lstm", "--method", "ptuning", "--num-virtual-tokens", "3", "--encoder-reparameterization-type", "LSTM"},
            {"prefix", "--method", "prefix", "--prompt-init", "text", "--prompt-init-text", "the", "--lr", "1e-3"},
            {"projected", "--method", "prefix", "--num-virtual-tokens", "2", "--prefix-projection"}
        };
        long[][] shapes = {{4, 16}, {7, 16}, {3, 16}, {3, 16}, {3, 32}, {2, 32}};
        String alone = sample().out();
        int others = 0;
        for (int i = 0; i < methods.length; i++) {
            String[] method = methods[i];
            Cli tuned = finetune(method[0], Arrays.copyOfRange(method, 1, method.length));
            assertThat(tuned.err()).contains("numbers are trained, ", "everything is in ");
            assertThat(tuned.code()).isZero();
            Path adapter = folder.resolve(method[0]);
            Safetensors file = Safetensors.open(adapter.resolve("adapter_model.safetensors"));
            assertThat(file.names()).containsExactly("prompt_embeddings");
            assertThat(file.shape("prompt_embeddings")).isEqualTo(shapes[i]);
            Cli sample = sample("--adapter", adapter.toString());
            assertThat(sample.code()).as(sample.err()).isZero();
            assertThat(sample.out()).startsWith("the").hasSizeGreaterThan(20);
            others += sample.out().equals(alone) ? 0 : 1;
        }
        assertThat(others).isPositive(); // after three steps, a prompt may leave a text as it is
        assertThat(Files.readAllBytes(Path.of(run, "model.safetensors"))).isEqualTo(weights);
    }

    /// What was asked for is kept: where it starts from, and what makes it.
    @Test
    void goesOnWithItsOwnSettings() {
        finetune(
                "lstm",
                "--method",
                "ptuning",
                "--num-virtual-tokens",
                "3",
                "--encoder-reparameterization-type",
                "LSTM");
        Cli resumed =
                Cli.run("finetune", "--resume", "--out", folder.resolve("lstm").toString());
        assertThat(resumed.code()).as(resumed.err()).isZero();
    }

    private Cli sample(String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("sample", "--run", run, "--prompt", "the", "--tokens", "25", "--seed", "3"));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray(String[]::new));
    }

    @Test
    void adaptersOfMatricesWriteTexts() {
        assertThat(finetune("lora", "--r", "2", "--lr", "0.1").code()).isZero();
        Cli sample = sample("--adapter", folder.resolve("lora").toString());
        assertThat(sample.code()).as(sample.err()).isZero();
        assertThat(sample.out()).startsWith("the").isNotEqualTo(sample().out());
    }

    @Test
    void thereIsNothingToMerge() {
        assertThat(finetune("prompt", "--method", "prompt", "--num-virtual-tokens", "2")
                        .code())
                .isZero();
        String adapter = folder.resolve("prompt").toString();
        String out = folder.resolve("out").toString();
        for (Cli refused : List.of(
                Cli.run("merge", "--base", run, "--adapter", adapter, "--out", out),
                Cli.run("export", "--run", run, "--adapter", adapter, "--format", "gguf", "--out", out + ".gguf"))) {
            assertThat(refused.code()).isNotZero();
            assertThat(refused.err())
                    .contains("is a soft prompt, which stands before the text and changes no matrix")
                    .doesNotContain("\tat ");
        }
        assertThat(Path.of(out)).doesNotExist();
    }

    @Test
    void mistakesAreToldInOneLine() {
        refused("20 leave no room for a token in the context of 12", "--method", "prompt");
        refused("--num-virtual-tokens must be at least 1; got 0", "--method", "prefix", "--num-virtual-tokens", "0");
        refused("are for --method prompt, ptuning or prefix", "--num-virtual-tokens", "3");
        refused("a soft prompt changes no matrix", "--method", "prompt", "--r", "3");
        refused("need each other", "--method", "prompt", "--prompt-init", "text");
        refused("need each other", "--method", "prompt", "--prompt-init-text", "the");
        refused(
                "must have at least one character",
                "--method",
                "prompt",
                "--prompt-init",
                "text",
                "--prompt-init-text",
                "");
        refused("are for --method ptuning", "--method", "prompt", "--encoder-hidden-size", "3");
        refused("is for --method prefix", "--method", "ptuning", "--prefix-projection");
        refused("leave out --prompt-init", "--method", "ptuning", "--prompt-init", "vocab");
        refused("leave out --prompt-init", "--method", "prefix", "--prefix-projection", "--prompt-init", "vocab");
        refused("--encoder-hidden-size must be at least 1", "--method", "ptuning", "--encoder-hidden-size", "0");
        Cli none = sample("--adapter", folder.resolve("nowhere").toString());
        assertThat(none.code()).isNotZero();
        assertThat(none.err()).contains("nowhere").doesNotContain("\tat ");
    }

    private void refused(String message, String... more) {
        Cli refused = finetune("refused" + more.length + message.length(), more);
        assertThat(refused.code()).as(refused.err()).isEqualTo(2);
        assertThat(refused.err()).contains(message).doesNotContain("\tat ");
    }
}
