package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.train.checkpoint.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import sun.misc.Signal;

/// What a fine-tuning that was ended or interrupted goes on with.
class FinetuneResumeTest extends InFinetuning {
    /// QLoRA, with every option that a resume has to remember; what is learnt is the same to the bit.
    @Test
    void aResumeNeedsTheFolderAlone() throws IOException {
        Path data = data();
        assertThat(Cli.train(data, folder.resolve("run")).code()).isZero();
        Path relative = Path.of("").toAbsolutePath().relativize(data);
        Cli whole = finetune(
                relative,
                "tuned",
                "--method=qlora",
                "--steps=6",
                "--train.checkpointEvery=3",
                "--eval-interval=2",
                "--r=2",
                "--lora-alpha=5",
                "--lora-dropout=0.1",
                "--init-lora-weights=pissa",
                "--target-modules=c_attn,c_fc",
                "--rank-pattern=mlp.c_fc=3",
                "--alpha-pattern=c_attn=7.5",
                "--trainable-token-indices=2,4",
                "--loraplus-lr-ratio=4",
                "--lr=2e-3",
                "--min-lr=1e-4",
                "--warmup=1",
                "--weight-decay=0.01",
                "--accumulation=2",
                "--optimizer=lion",
                "--seed=5");
        assertThat(whole.err())
                .contains("quantised to nf4-double: 4 linear layers, ", "bits per byte", "everything is in ");
        assertThat(whole.code()).isZero();
        assertThat(bytes("tuned/loss.png")).isNotEmpty();
        assertThat(folder.resolve("tuned/best/adapter_model.safetensors")).exists();
        assertThat(Files.readAllLines(folder.resolve("tuned/metrics.jsonl")))
                .hasSize(6 + 4)
                .anyMatch(line -> line.matches("\\{\"step\":6,\"loss\":.*\"tokens\":192,.*"))
                .anyMatch(line -> line.matches("\\{\"step\":6,\"validationLoss\":.*\"bitsPerByte\":.*"));
        assertThat(Safetensors.open(folder.resolve("tuned/checkpoints/step-6/model.safetensors"))
                        .names())
                .hasSize(2 * 2 + 1)
                .allMatch(name -> name.contains("lora_") || name.contains("trainable_tokens"));
        byte[] learnt = bytes("tuned/adapter_model.safetensors");
        String config = Files.readString(folder.resolve("tuned/config.json"));
        assertThat(folder.resolve("tuned/adapter_config.json"))
                .content() // PiSSA's change has twice the rank: α·2r/r
                .contains("\"r\" : 4,", "\"lora_alpha\" : 15,", "\"lora_dropout\" : 0.1,", "c_fc\" : 10");
        assertThat(config)
                .contains("\"--data=/")
                .contains("\"--method=qlora\"", "\"--rank-pattern=mlp.c_fc=3\"", "\"warmup\" : 1");

        delete("tuned/checkpoints/step-6");
        delete("tuned/adapter_model.safetensors");
        Cli resumed = resume("tuned");
        assertThat(resumed.err()).contains("going on after step 3");
        assertThat(resumed.code()).isZero();
        assertThat(bytes("tuned/adapter_model.safetensors")).isEqualTo(learnt);
        assertThat(Files.readAllLines(folder.resolve("tuned/metrics.jsonl"))).hasSize(6 + 4);

        // moved base and data
        Files.move(folder.resolve("run"), folder.resolve("moved"));
        Files.move(data, folder.resolve("moved.txt"));
        delete("tuned/checkpoints/step-6");
        assertThat(resume("tuned").code()).isNotZero();
        Cli told = resume(
                "tuned",
                "--base",
                folder.resolve("moved").toString(),
                "--data",
                folder.resolve("moved.txt").toString());
        assertThat(told.code()).isZero();
        assertThat(bytes("tuned/adapter_model.safetensors")).isEqualTo(learnt);

        resume("tuned", "--r", "3").assertRefused("its own settings; leave out --r");
        Files.writeString(folder.resolve("tuned/config.json"), config.replace("--r=2", "--r=x"));
        resume("tuned").assertOneLine(1, "config.json: Invalid value for option '--r'");
        Files.writeString(folder.resolve("tuned/config.json"), config.replace("\"warmup\" : 1", "\"warmup\" : 2"));
        Cli warmup = resume(
                "tuned",
                "--base",
                folder.resolve("moved").toString(),
                "--data",
                folder.resolve("moved.txt").toString());
        warmup.assertFailedAtLast("other settings: warmup was 1 and is 2");
    }

    @Test
    void anotherBaseIsRefusedOnResume() throws IOException {
        Path data = data();
        for (String[] run : new String[][] {
            {"run"}, {"other", "--seed=2"}, {"wider", "--model.dim=32"}, {"deeper", "--model.layers=2"}
        }) {
            String[] more = run.length == 1 ? new String[0] : new String[] {run[1]};
            assertThat(Cli.train(data, folder.resolve(run[0]), more).code()).isZero();
        }
        assertThat(finetune(data, "a", "--steps=2", "--r=2").code()).isZero();
        resume("a", "--base", folder.resolve("other").toString())
                .assertOneLine(
                        1, "a/base.json: the training was begun with another base: wte.weight has other numbers;");
        resume("a", "--base", folder.resolve("wider").toString())
                .assertOneLine(1, "another base: wte.weight was [", ", 16] and is [", ", 32];");
        resume("a", "--base", folder.resolve("deeper").toString()).assertOneLine(1, "another base: ");
        assertThat(finetune(data, "b", "--steps=2", "--r=2", "--method=qlora").code())
                .isZero();
        assertThat(Files.readString(folder.resolve("b/base.json")))
                .contains("\"h.0.attn.c_attn.weight\" : \"[48, 16] nf4 ");
        Path told = folder.resolve("b/config.json");
        String config = Files.readString(told);
        for (String changed :
                List.of(config.replace("--r=2", "--r=3"), config.replace("--method=qlora", "--method=lora"))) {
            Files.writeString(told, changed);
            resume("b").assertOneLine(1, "config.json: its options are not those that the training was begun with;");
        }
        Files.writeString(told, config);
        Path json = folder.resolve("b/base.json");
        String frozen = Files.readString(json);
        Files.writeString(json, frozen.replace("\"wpe.weight\"", "\"wqe.weight\""));
        resume("b").assertOneLine(1, "another base: it had no frozen wpe.weight;");
        Files.writeString(json, frozen.replace("\"wpe.weight\"", "\"wqe.weight\" : \"\", \"wpe.weight\""));
        resume("b").assertOneLine(1, "another base: it has no frozen wqe.weight;");
        Files.writeString(json, frozen.replace("frozen", "frazen"));
        resume("b").assertOneLine(1, "base.json: frozen must be an object");
    }

    @Test
    void anInterruptKeepsWhatWasLearntAndLeavesOutWhatFollows() throws Exception {
        InterruptsTest.assumeHeard("INT");
        Path data = data();
        assertThat(Cli.train(data, folder.resolve("run")).code()).isZero();
        CompletableFuture<Cli> training = CompletableFuture.supplyAsync(() -> {
            try {
                return finetune(data, "tuned", "--steps=1000000000", "--r=2", "--then=merge,hf");
            } catch (RuntimeException e) {
                throw new AssertionError(e);
            }
        });
        Path metrics = folder.resolve("tuned/metrics.jsonl");
        while (!Files.exists(metrics) || Files.size(metrics) == 0) {
            assertThat(training).isNotDone();
            Thread.sleep(20);
        }
        Signal.raise(new Signal("INT"));
        Cli ended = training.get();
        assertThat(ended.code()).isEqualTo(130);
        assertThat(ended.err())
                .contains("stopped early; what was learnt is in ", "; gradus finetune --resume --out ", " goes on");
        assertThat(folder.resolve("tuned/adapter_model.safetensors")).exists();
        assertThat(folder.resolve("tuned/merged")).doesNotExist();
    }
}
