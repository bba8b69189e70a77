package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.train.checkpoint.Gguf;
import gradus.train.checkpoint.GgufType;
import gradus.train.checkpoint.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// From a run over an adapter to a merged model and to files of others, by the command line alone.
class FinetuneCommandTest extends InFinetuning {
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
        assertThat(finetune(
                                data,
                                "plus",
                                "--steps",
                                "4",
                                "--r",
                                "2",
                                "--lora-alpha",
                                "4",
                                "--use-rslora",
                                "--loraplus-lr-ratio=16")
                        .code())
                .isZero();
        Safetensors plain = Safetensors.open(folder.resolve("lora/adapter_model.safetensors"));
        Safetensors plus = Safetensors.open(folder.resolve("plus/adapter_model.safetensors"));
        String b = "base_model.model.transformer.h.0.attn.c_attn.lora_B.weight";
        double longer =
                plus.read(b).abs().max().item() / plain.read(b).abs().max().item();
        assertThat(longer).isBetween(8.0, 24.0); // Adam's steps are as long as the rate, which is 16 times as high
        assertThat(folder.resolve("full/config.json"))
                .content()
                .contains("\"lr\" : 1.0E-4", "\"minLr\" : 1.0E-5", "\"evalEvery\" : 1", "\"warmup\" : 0");
        Cli sample = Cli.run("sample", "--run", folder.resolve("lora").toString());
        sample.assertRefused("holds an adapter and no model; gradus merge --base … --adapter ");
        Cli whole = finetune(data, "whole", "--steps=2", "--method=qlora", "--r=2", "--modules-to-save=mlp.c_fc");
        assertThat(whole.err()).contains("quantised to nf4-double: 3 linear layers, ");
        assertThat(whole.code()).isZero();

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
        assertThat(method.err()).contains("are for --method lora, qlora or dora");
        Cli resume = finetune(data, "d", "--resume");
        assertThat(resume.code()).isEqualTo(2);
        assertThat(resume.err())
                .contains("--resume continues a fine-tuning with its own settings; leave out --train.batchSize");
        Cli nothing = Cli.run("finetune", "--resume", "--out", folder.toString());
        nothing.assertRefused(" holds no fine-tuning: config.json is missing");
        Cli.run("finetune", "--out", folder.resolve("e").toString()).assertRefused("--base must be given");
        Cli.run("finetune", "--base", "x", "--data", "y").assertRefused("--out must be given");
        finetune(data, "run").assertRefused("is not empty; choose another --out, --overwrite the fine-tuning there");
        finetune(data, "f", "--method", "full", "--quantize", "nf4").assertRefused("--quantize is for a frozen base");
        finetune(data, "f", "--method", "qlora", "--quantize", "int8")
                .assertRefused("quantisation must be one of nf4-double, nf4, q8_0, q4_0; got int8");
        finetune(data, "f", "--method", "qlora", "--quantize", "q8_0").assertRefused("h.0.attn.c_attn.weight: ");
        finetune(data, "f", "--trainable-token-indices", "99999").assertRefused("a token must be from 0 to ");
        finetune(data, "f", "--rank-pattern", "c_fc=0").assertRefused("c_fc must be at least 1; got 0");
        finetune(data, "f", "--feedforward-modules", "c_fc").assertRefused("is for --method ia3");
        finetune(data, "f", "--warmup", "30", "--steps", "20").assertRefused("warmup");
        assertThat(folder.resolve("f")).doesNotExist();
        Cli quantize = Cli.run(
                "export",
                "--run",
                folder.resolve("run").toString(),
                "--adapter",
                "x",
                "--out",
                "y",
                "--format",
                "hf",
                "--quantize",
                "nf4");
        quantize.assertRefused("--adapter needs --out, and takes none of --best, --type and --quantize");
    }

    /// A folder of 4 bits as the base, with every method, and what merges into it.
    @Test
    void aBaseOfFourBits() throws IOException {
        Path data = data();
        assertThat(Cli.train(data, folder.resolve("run")).code()).isZero();
        Path bits = folder.resolve("bits");
        Cli export = Cli.run(
                "export",
                "--run",
                folder.resolve("run").toString(),
                "--format=hf",
                "--quantize=nf4",
                "--out",
                bits.toString());
        assertThat(export.code()).isZero();
        for (String method : List.of("lora", "qlora", "dora", "ia3")) {
            List<String> more = method.equals("ia3")
                    ? List.of("--target-modules=c_attn,c_fc", "--feedforward-modules=c_fc")
                    : List.of("--r=2", "--init-lora-weights=" + (method.equals("dora") ? "kaiming" : "olora"));
            List<String> arguments = new ArrayList<>(List.of(
                    "finetune",
                    "--base",
                    bits.toString(),
                    "--data",
                    data.toString(),
                    "--steps=2",
                    "--method=" + method));
            arguments.addAll(List.of("--out", folder.resolve(method).toString()));
            arguments.addAll(more);
            Cli tuned = Cli.run(arguments.toArray(String[]::new));
            assertThat(tuned.err()).contains("everything is in ");
            if (method.equals("qlora")) {
                assertThat(tuned.err())
                        .contains(
                                "quantised to nf4-double: 0 linear layers, 4.500 bits a weight; 4 were quantised already"
                                        + " and stay as they are");
            }
            Cli merge = Cli.run(
                    "merge",
                    "--base",
                    bits.toString(),
                    "--adapter",
                    folder.resolve(method).toString(),
                    "--out",
                    folder.resolve(method + "-merged").toString());
            assertThat(merge.err())
                    .contains(
                            "dequantised first: 4 matrices of " + bits + ", which the merged model stores as float32");
            assertThat(merge.code()).isZero();
        }
        resume("lora", "--base", folder.resolve("run").toString())
                .assertOneLine(1, "another base: h.0.attn.c_attn.weight was [48, 16] nf4 and is [48, 16];");
        Cli full = Cli.run(
                "finetune",
                "--base",
                bits.toString(),
                "--data",
                data.toString(),
                "--method=full",
                "--out",
                folder.resolve("full").toString());
        full.assertRefused(
                "is quantised, and quantised weights cannot be trained; train an adapter with --method qlora");
    }

    /// From the training to the files of others in one command.
    @Test
    void whatFollowsTheTraining() throws IOException {
        Path data = data();
        Path bpe = folder.resolve("bpe");
        Path run = folder.resolve("run");
        Cli tokenizer =
                Cli.run("tokenizer", "train", "--data", data.toString(), "--vocab", "270", "--out", bpe.toString());
        assertThat(tokenizer.err()).doesNotContain("gradus: ");
        assertThat(Cli.train(data, run, "--tokenizer", bpe.toString(), "--model.dim=32")
                        .code())
                .isZero();
        Cli merged = finetune(data, "a", "--steps=2", "--r=2", "--then", "merge,quantize=q8_0,gguf,modelfile,hf");
        assertThat(merged.err()).contains("everything is in ", "model.gguf, and ", "a/merged");
        assertThat(merged.code()).isZero();
        assertThat(Gguf.open(folder.resolve("a/model.gguf")).type("blk.0.ffn_up.weight"))
                .isEqualTo(GgufType.Q8_0);
        assertThat(folder.resolve("a/Modelfile"))
                .content()
                .startsWith("FROM ./model.gguf\n")
                .doesNotContain("ADAPTER");
        assertThat(folder.resolve("a/merged/model.safetensors")).exists();
        byte[] gguf = bytes("a/model.gguf");
        Files.delete(folder.resolve("a/model.gguf"));
        assertThat(resume("a").code()).isZero(); // what follows is remembered
        assertThat(bytes("a/model.gguf")).isEqualTo(gguf);

        Cli adapter = finetune(data, "b", "--steps=2", "--method=qlora", "--r=2", "--then", "adapter-gguf,modelfile");
        assertThat(adapter.code()).isZero();
        assertThat(folder.resolve("b/Modelfile")).content().startsWith("FROM ./base.gguf\nADAPTER ./adapter.gguf\n");
        assertThat(Gguf.open(folder.resolve("b/adapter.gguf")).text("adapter.type"))
                .isEqualTo("lora");
        assertThat(Gguf.open(folder.resolve("b/base.gguf")).names()).contains("blk.0.ffn_up.weight");
        Path base = folder.resolve("b/base.gguf");
        Cli onGguf = Cli.run(
                "finetune",
                "--base",
                base.toString(),
                "--data",
                data.toString(),
                "--out",
                folder.resolve("c").toString(),
                "--steps=2",
                "--batch-size=2",
                "--r=2",
                "--then=adapter-gguf,modelfile");
        assertThat(onGguf.code()).isZero();
        assertThat(folder.resolve("c/Modelfile")).content().startsWith("FROM " + base + "\nADAPTER ./adapter.gguf\n");
        assertThat(folder.resolve("c/base.gguf")).doesNotExist();
        assertThat(finetune(data, "d", "--steps=2", "--method=full", "--then=quantize=q4_0,gguf")
                        .code())
                .isZero();
        assertThat(Gguf.open(folder.resolve("d/model.gguf")).type("blk.0.ffn_up.weight"))
                .isEqualTo(GgufType.Q4_0);
        assertThat(folder.resolve("d/Modelfile")).doesNotExist();

        Path chat = folder.resolve("a/merged");
        Files.writeString(chat.resolve("tokenizer_config.json"), "{\"chat_template\": \"{{ messages }}\"}");
        Cli ofChat = Cli.run(
                "finetune",
                "--base",
                chat.toString(),
                "--data",
                data.toString(),
                "--out",
                folder.resolve("t").toString(),
                "--steps=1",
                "--batch-size=2",
                "--r=2",
                "--then=merge,gguf,modelfile");
        assertThat(ofChat.code()).isZero();
        assertThat(Gguf.open(folder.resolve("t/model.gguf")).text("tokenizer.chat_template"))
                .isEqualTo("{{ messages }}");
        assertThat(folder.resolve("t/Modelfile")).content().doesNotContain("TEMPLATE");

        finetune(data, "e", "--then=gguf").assertRefused("an adapter is merged before hf or gguf; begin with merge");
        finetune(data, "e", "--method=full", "--then=merge,gguf").assertRefused("--method full has nothing to merge");
        finetune(data, "e", "--method=full", "--then=adapter-gguf").assertRefused("has no adapter for adapter-gguf");
        finetune(data, "e", "--method=dora", "--r=2", "--then=adapter-gguf")
                .assertRefused("--then: h.0.attn.c_attn has a Dora, which llama.cpp does not know");
        finetune(data, "e", "--r=2", "--modules-to-save=ln_f", "--then=adapter-gguf")
                .assertRefused("--then: llama.cpp cannot replace ln_f.weight by an adapter's");
        finetune(data, "e", "--r=2", "--target-modules=wte", "--then=merge,hf").assertRefused("--then: ", "shares");
        finetune(data, "e", "--then=merge,ggfu").assertRefused("--then: there is no step \"ggfu\"");
        delete("run");
        assertThat(Cli.train(data, run).code()).isZero(); // characters
        finetune(data, "e", "--r=2", "--then=merge,gguf").assertRefused("--then: a GGUF file takes a BPE or a Unigram");
        assertThat(folder.resolve("e")).doesNotExist();
    }
}
