package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.CheckpointMismatchException;
import gradus.layers.Layer;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.train.checkpoint.Safetensors;
import gradus.train.checkpoint.SafetensorsWriter;
import gradus.train.finetune.Adapted;
import gradus.train.pretrained.HuggingFaceFolder;
import gradus.train.pretrained.peft.PeftSamples;
import gradus.train.run.SavedModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Adapters that learn the tokens of a chat template which their base lacks.
class NewTokensTest {
    private static final String SAYS = "it is me.";
    private static final List<String> BASES = List.of("llama", "gpt2"); // a head of its own, and a tied one

    @TempDir
    private static Path shared;

    private static int before; // tokens of the bases

    @TempDir
    private Path folder;

    @BeforeAll
    static void tune() throws IOException {
        ByteLevelBpe bpe = new BpeTrainer(BpeTrainerOptions.of(270)).train("who is it? it is me. ".repeat(40));
        before = bpe.vocabularySize();
        LlamaConfig llama =
                LlamaConfig.of(32, 2, 1).withVocabSize(before).withContext(64).withHidden(48);
        Path text = Files.writeString(shared.resolve("text.txt"), "who is it? it is me. ".repeat(400));
        for (String base : BASES) {
            LanguageModel random = base.equals("llama")
                    ? new Llama(llama, Rng.of(1))
                    : new Gpt(new GptConfig(before, 64, 2, 2, 32, 0), Rng.of(1));
            Path start = shared.resolve("random-" + base);
            HuggingFaceFolder.save(start, random, bpe);
            Path out = shared.resolve("whole-" + base);
            run(
                    "finetune",
                    "--base=" + start,
                    "--data=" + text,
                    "--method=full",
                    "--steps=40",
                    "--lr=1e-2",
                    "--out=" + out);
            Files.move(out.resolve("model"), shared.resolve(base));
        }
        String row = "{\"messages\": [{\"role\": \"user\", \"content\": \"who is it?\"},"
                + " {\"role\": \"assistant\", \"content\": \"" + SAYS + "\"}]}\n";
        Files.writeString(shared.resolve("chat.jsonl"), row.repeat(20));
        for (String base : BASES) {
            Cli cli = finetune(base, tuned(base), "--r=16", "--steps=100", "--lr=2e-2");
            assertThat(cli.code()).as(cli.err()).isZero();
        }
    }

    private static Path tuned(String base) {
        return shared.resolve(base + "-tuned");
    }

    private static Cli finetune(String base, Path out, String... more) {
        List<String> all = new ArrayList<>(List.of(
                "finetune",
                "--base=" + shared.resolve(base),
                "--data=" + shared.resolve("chat.jsonl"),
                "--chat-template=chatml",
                "--out=" + out));
        all.addAll(List.of(more));
        return Cli.run(all.toArray(String[]::new));
    }

    private static Cli run(String... arguments) {
        Cli cli = Cli.run(arguments);
        assertThat(cli.code()).as(cli.err()).isZero();
        return cli;
    }

    private static String asked(String... arguments) {
        InputStream stdin = System.in;
        System.setIn(new ByteArrayInputStream("who is it?\n".getBytes(StandardCharsets.UTF_8)));
        try {
            return run(arguments).out();
        } finally {
            System.setIn(stdin);
        }
    }

    private static Indices ids() {
        return Indices.of(Shape.of(1, 6), new int[] {before, 5, 9, before + 1, 200, before});
    }

    private static Tensor logits(Layer model) {
        try (var pause = Autograd.noGrad()) {
            return ((LanguageModel) model).forward(ids());
        }
    }

    private static void near(Tensor actual, Tensor expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        double largest = Arrays.stream(expected.toArray()).map(Math::abs).max().orElseThrow();
        // float32 in other orders, over matrices of 32: u·√32 of each of a dozen products
        assertThat(actual.toArray()).containsExactly(expected.toArray(), within(1e-5 * largest));
    }

    private static LanguageModel beside(String base) {
        return Adapted.beside(SavedModel.open(shared.resolve(base)), tuned(base))
                .model();
    }

    @Test
    void chatAnswersAndEndsByItself() {
        for (String base : BASES) {
            String said =
                    asked("chat", "--model=" + shared.resolve(base), "--adapter=" + tuned(base), "--temperature=0");
            assertThat(said).isEqualTo(SAYS + "\n");
        }
    }

    @Test
    void sampleEndsAtTheNewToken() {
        String said = run(
                        "sample",
                        "--run=" + shared.resolve("llama"),
                        "--adapter=" + tuned("llama"),
                        "--prompt=<|im_start|>user\nwho is it?<|im_end|>\n<|im_start|>assistant\n",
                        "--temperature=0",
                        "--tokens=40")
                .out();
        assertThat(said).endsWith(" me.\n"); // and not 40 tokens
    }

    /// Only rows of the new tokens have changed, in the table and in a head of its own.
    @Test
    void theBaseStaysAndTheRowsAreLearnt() {
        for (String base : BASES) {
            Map<String, Tensor> old =
                    ((Layer) SavedModel.open(shared.resolve(base)).model()).namedParameters();
            LanguageModel model = beside(base);
            int rows = 0;
            for (Map.Entry<String, Tensor> each : model.namedParameters().entrySet()) {
                if (each.getKey().endsWith("trainable_tokens_delta")) {
                    rows++;
                    assertThat(each.getValue().dim(0)).isEqualTo(2);
                    double[] both = each.getValue().toArray();
                    assertThat(Arrays.copyOf(both, 32)).isNotEqualTo(Arrays.copyOfRange(both, 32, 64));
                } else if (old.containsKey(each.getKey())) {
                    double[] was = old.get(each.getKey()).toArray();
                    assertThat(Arrays.copyOf(each.getValue().toArray(), was.length))
                            .isEqualTo(was);
                }
            }
            assertThat(rows).isEqualTo(base.equals("llama") ? 2 : 1);
            assertThat(model.vocabSize()).isEqualTo(before + 2);
        }
    }

    @Test
    void aMergedModelIsTheSame() {
        for (String base : BASES) {
            Path merged = folder.resolve(base);
            run("merge", "--base=" + shared.resolve(base), "--adapter=" + tuned(base), "--out=" + merged);
            SavedModel saved = SavedModel.open(merged);
            near(logits(saved.model()), logits(beside(base)));
            int end = saved.tokenizer().tokenToId("<|im_end|>");
            assertThat(end).isGreaterThanOrEqualTo(before);
            assertThat(saved.ends()).contains(end);
            assertThat(saved.generation().eos()).startsWith(end);
            assertThat(asked("chat", "--model=" + merged, "--temperature=0")).isEqualTo(SAYS + "\n");
            Path gguf = folder.resolve(base + ".gguf");
            run("convert", merged.toString(), gguf.toString());
            assertThat(asked("chat", "--model=" + gguf, "--temperature=0")).isEqualTo(SAYS + "\n");
        }
    }

    @Test
    void anExportedAdapterIsTheSame() {
        String run = "--run=" + shared.resolve("llama");
        String adapter = "--adapter=" + tuned("llama");
        Path out = folder.resolve("out");
        run("export", run, adapter, "--format=hf", "--out=" + out);
        SavedModel base = SavedModel.open(shared.resolve("llama"));
        near(logits(Adapted.beside(base, out).model()), logits(beside("llama")));
        String said = asked("chat", "--model=" + shared.resolve("llama"), "--adapter=" + out, "--temperature=0");
        assertThat(said).isEqualTo(SAYS + "\n");
        Cli.run("export", run, adapter, "--format=gguf", "--out=" + folder.resolve("a.gguf"))
                .assertFailed("TrainableTokens, which llama.cpp does not know; merge the adapter instead");
    }

    @Test
    void peftOpensIt() throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(shared.toString(), folder.toString()));
        for (String base : BASES) {
            Path to = folder.resolve(base);
            run("export", "--run=" + shared.resolve(base), "--adapter=" + tuned(base), "--format=hf", "--out=" + to);
            SequencedMap<String, Tensor> expected = new LinkedHashMap<>();
            expected.put(
                    "ids",
                    Tensor.of(Arrays.stream(ids().values()).asDoubleStream().toArray(), 1, ids().size()));
            expected.put("out", logits(beside(base)));
            SafetensorsWriter.write(to.resolve("expected.safetensors"), expected, SafetensorsWriter.METADATA);
            arguments.add(base);
        }
        PeftSamples.python("peft_check.py", arguments.toArray(String[]::new));
    }

    @Test
    void aQuantisedBaseTakesThemToo() {
        Path out = folder.resolve("q");
        assertThat(finetune("llama", out, "--method=qlora", "--steps=3").code()).isZero();
        run(
                "export",
                "--run=" + shared.resolve("llama"),
                "--format=hf",
                "--quantize=nf4",
                "--out=" + folder.resolve("4"));
        Cli cli = Cli.run(
                "finetune",
                "--base=" + folder.resolve("4"),
                "--data=" + shared.resolve("chat.jsonl"),
                "--chat-template=chatml",
                "--method=qlora",
                "--steps=3",
                "--out=" + folder.resolve("q4"));
        assertThat(cli.code()).as(cli.err()).isZero();
        assertThat(cli.err()).contains("were quantised already and stay as they are");
        run(
                "merge",
                "--base=" + folder.resolve("4"),
                "--adapter=" + folder.resolve("q4"),
                "--out=" + folder.resolve("m"));
        near(
                logits(SavedModel.open(folder.resolve("m")).model()),
                logits(Adapted.beside(SavedModel.open(folder.resolve("4")), folder.resolve("q4"))
                        .model()));
    }

    @Test
    void aTuningGoesOn() {
        Path out = folder.resolve("early");
        assertThat(finetune(
                                "gpt2",
                                out,
                                "--method=dora",
                                "--steps=4",
                                "--train.checkpointEvery=2",
                                "--train.emaDecay=0.9")
                        .code())
                .isZero();
        run("finetune", "--resume", "--out=" + out);
    }

    @Test
    void asksForTokensAreKept() throws IOException {
        Path out = folder.resolve("more");
        Cli cli = finetune("gpt2", out, "--trainable-token-indices=7,3", "--steps=2");
        assertThat(cli.code()).as(cli.err()).isZero();
        assertThat(Files.readString(out.resolve("adapter_config.json")).replaceAll("\\s", ""))
                .contains("\"transformer.wte\":[7,3,%d,%d]".formatted(before, before + 1));
    }

    @Test
    void otherMethodsAreRefused() {
        for (String method : List.of("ia3", "prompt", "prefix", "ptuning")) {
            finetune("llama", folder.resolve("a"), "--method=" + method)
                    .assertRefused("which this method does not learn");
        }
        finetune("llama", folder.resolve("a"), "--method=longlora", "--context=128")
                .assertRefused("--method lora, qlora, dora or full learns them, and --chat-template plain needs none");
        finetune("llama", folder.resolve("a"), "--modules-to-save=embed_tokens")
                .assertRefused("model.embed_tokens is trained as a whole already");
        Cli cli = finetune("llama", folder.resolve("a"), "--then=adapter-gguf");
        assertThat(cli.err()).contains("TrainableTokens, which llama.cpp does not know; merge the adapter instead");
        assertThat(cli.code()).isEqualTo(2);
        assertThat(folder.resolve("a")).doesNotExist();
    }

    /// A stranger's adapter, whose numbers cannot be believed.
    @Test
    void tokensWithoutRowsAreRefused() throws IOException {
        String all = "[ %d, %d ]".formatted(before, before + 1);
        refused(all, "[%d]".formatted(before + 1), "this one has no token " + before);
        refused(all, "[%d, 2147483646]".formatted(before), "this one has no token " + before);
        refused(all, "[3, %d]".formatted(before + 1), "this one has no token " + before); // but as many as it needs
        refused(all, "[3, %d]".formatted(before), "no row for it");
        refused(all, "[%d, %d]".formatted(before + 1, before), null); // the order does not matter
        refused(", \"lm_head\": " + all, "", "no row for it");
    }

    private void refused(String what, String instead, String message) throws IOException {
        Path adapter = folder.resolve("changed" + Math.abs(instead.hashCode()));
        Files.createDirectories(adapter);
        Safetensors rows = Safetensors.open(tuned("llama").resolve("adapter_model.safetensors"));
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        rows.names().forEach(name -> {
            if (!instead.isEmpty() || !name.contains("lm_head")) {
                tensors.put(name, rows.read(name));
            }
        });
        SafetensorsWriter.write(adapter.resolve("adapter_model.safetensors"), tensors, SafetensorsWriter.METADATA);
        String config = Files.readString(tuned("llama").resolve("adapter_config.json"))
                .replaceAll("\\s+", " ")
                .replace(" :", ":");
        assertThat(config).contains(what);
        Files.writeString(adapter.resolve("adapter_config.json"), config.replaceFirst(Pattern.quote(what), instead));
        SavedModel base = SavedModel.open(shared.resolve("llama"));
        if (message == null) {
            Adapted.beside(base, adapter);
            return;
        }
        assertThatThrownBy(() -> Adapted.beside(base, adapter))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining(message);
    }
}
