package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.train.checkpoint.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From a run over an adapter to a merged model and to files of others, by the command line alone.
class FinetuneCommandTest {
    @TempDir
    private Path folder;

    private Path data() throws IOException {
        Path data = folder.resolve("data.txt");
        Files.writeString(data, "the cat sees the dog, the dog sees the cat\n".repeat(60));
        return data;
    }

    private Cli finetune(Path data, String out, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "finetune",
                "--base",
                folder.resolve("run").toString(),
                "--data",
                data.toString(),
                "--out",
                folder.resolve(out).toString(),
                "--batch-size",
                "2"));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray(String[]::new));
    }

    @Test
    void everyMethodFromTheRunToTheFiles() throws IOException {
        Path data = data();
        assertThat(Cli.train(data, folder.resolve("run")).code()).isZero();
        Cli lora = finetune(data, "lora", "--steps", "4", "--r", "2", "--lora-alpha", "4", "--use-rslora");
        assertThat(lora.err()).contains("numbers are trained, ", "step 4 of 4: loss ", "everything is in ");
        assertThat(lora.code()).isZero();
        assertThat(folder.resolve("lora/adapter_config.json")).content().contains("\"use_rslora\" : true");
        assertThat(finetune(data, "dora", "--steps", "2", "--method", "dora", "--r", "2")
                        .code())
                .isZero();
        assertThat(finetune(data, "ia3", "--steps", "2", "--method", "ia3", "--target-modules", "c_attn,c_fc")
                        .code())
                .isZero();
        assertThat(finetune(data, "full", "--steps", "2", "--method", "full").code())
                .isZero();
        assertThat(folder.resolve("full/model/model.safetensors")).exists();

        String run = folder.resolve("run").toString();
        String adapter = folder.resolve("lora").toString();
        Path merged = folder.resolve("merged");
        assertThat(Cli.run("merge", "--base", run, "--adapter", adapter, "--out", merged.toString())
                        .code())
                .isZero();
        assertThat(Safetensors.open(merged.resolve("model.safetensors")).names())
                .contains("transformer.h.0.attn.c_attn.weight")
                .noneMatch(name -> name.contains("lora"));
        Path gguf = folder.resolve("lora.gguf");
        for (String[] format : new String[][] {
            {"gguf", gguf.toString()}, {"hf", folder.resolve("hf").toString()}
        }) {
            Cli export =
                    Cli.run("export", "--run", run, "--adapter", adapter, "--format", format[0], "--out", format[1]);
            assertThat(export.err()).contains("written: ");
            assertThat(export.code()).isZero();
        }
        assertThat(gguf).exists();
        assertThat(folder.resolve("hf/adapter_model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("lora/adapter_model.safetensors"));
    }

    @Test
    void mistakesAreToldInOneLine() throws IOException {
        Path data = data();
        assertThat(Cli.train(data, folder.resolve("run")).code()).isZero();
        Cli rank = finetune(data, "a", "--r", "99");
        assertThat(rank.code()).isEqualTo(2);
        assertThat(rank.err()).contains("r must be from 1 to 16").doesNotContain("\tat ");
        Cli layer = finetune(data, "b", "--target-modules", "q_proj");
        assertThat(layer.code()).isEqualTo(2);
        assertThat(layer.err()).contains("no layer of the model is chosen");
        Cli method = finetune(data, "c", "--method", "ia3", "--r", "4");
        assertThat(method.code()).isEqualTo(2);
        assertThat(method.err()).contains("are for --method lora or dora");
        Cli resume = finetune(data, "d", "--resume");
        assertThat(resume.code()).isEqualTo(2);
        assertThat(resume.err()).contains("no checkpoint to go on from");
        assertThat(finetune(data, "run").code()).isEqualTo(2); // not empty
    }
}
