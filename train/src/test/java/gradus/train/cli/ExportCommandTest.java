package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `gradus export`, `convert` and `eval`, and what they say to what they cannot do.
class ExportCommandTest {
    @TempDir
    private static Path shared;

    @TempDir
    private Path folder;

    private static Path text;
    private static Path llama;
    private static Path qwen2;
    private static Path gpt2;

    @BeforeAll
    static void train() throws Exception {
        text = Cli.text(shared);
        Path tokenizer = shared.resolve("bpe");
        Cli made = Cli.run(
                "tokenizer", "train", "--data", text.toString(), "--vocab", "280", "--out", tokenizer.toString());
        assertThat(made.code()).as(made.err()).isZero();
        String[] parts = {
            "--tokenizer=" + tokenizer,
            "--model.attention=gqa",
            "--model.kvHeads=1",
            "--model.position=rope",
            "--model.norm=rmsnorm",
            "--model.feedForward=swiglu",
            "--model.qkvBias=false"
        };
        llama = train("llama", parts);
        parts[parts.length - 1] = "--model.qkvBias=true";
        qwen2 = train("qwen2", parts);
        gpt2 = train("gpt2", "--tokenizer", tokenizer.toString());
    }

    private static Path train(String name, String... more) {
        Path run = shared.resolve(name);
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(List.of("--steps", "150", "--train.evalEvery=150", "--train.lr=1e-2"));
        Cli trained = Cli.train(text, run, arguments.toArray(String[]::new));
        assertThat(trained.code()).as(trained.err()).isZero();
        return run;
    }

    private static String done(String... arguments) {
        Cli cli = Cli.run(arguments);
        assertThat(cli.code()).as(cli.err()).isZero();
        return cli.out();
    }

    private static String eval(Path model) {
        String out = done("eval", "--run", model.toString(), "--data", text.toString(), "--all");
        assertThat(out.lines().map(line -> line.split(" ")[0])).containsExactly("text", "loss", "perplexity", "bits");
        return out;
    }

    private static String write(Path model) {
        return done("sample", "--run", model.toString(), "--prompt", "the quick", "--tokens", "20", "--temperature=0");
    }

    @Test
    void aModelIsTheSameInEveryForm() throws Exception {
        for (Path run : List.of(llama, qwen2, gpt2)) {
            Path there = folder.resolve(run.getFileName());
            Path gguf = there.resolve("toy.gguf");
            done("export", "--run", run.toString(), "--format", "gguf", "--out", gguf.toString());
            Path hf = there.resolve("hf");
            done("export", "--run", run.toString(), "--format", "hf", "--out", hf.toString());
            assertThat(Files.readString(hf.resolve("config.json")))
                    .contains("\"model_type\" : \"" + run.getFileName() + "\"");
            Path back = there.resolve("back");
            done("convert", gguf.toString(), back.toString());
            Path again = there.resolve("again.gguf");
            done("convert", hf.toString(), again.toString());
            for (Path form : List.of(gguf, hf, back, again)) {
                assertThat(eval(form)).as(form.toString()).isEqualTo(eval(run));
                assertThat(write(form)).as(form.toString()).isEqualTo(write(run));
            }
            assertThat(again).hasSameBinaryContentAs(gguf);
        }
    }

    @Test
    void smallerTypesLoseALittle() throws Exception {
        Path gguf = folder.resolve("small.gguf");
        done("export", "--run", gpt2.toString(), "--format", "gguf", "--out", gguf.toString(), "--type", "f16");
        assertThat(loss(gguf)).isCloseTo(loss(gpt2), org.assertj.core.api.Assertions.within(1e-3));
        assertThat(Files.readString(folder.resolve("Modelfile")))
                .startsWith("FROM ./small.gguf\n")
                .contains("PARAMETER num_ctx 8\n");
    }

    private static double loss(Path model) {
        return Double.parseDouble(eval(model).lines().toList().get(1).split(" +")[1]);
    }

    /// The figure that training ends with is that of the whole validation part.
    @Test
    void evalSaysWhatTrainingSaid() throws Exception {
        String said = Files.readAllLines(llama.resolve("metrics.jsonl")).getLast();
        String loss =
                done("eval", "--run", llama.toString()).lines().toList().get(1).split(" +")[1];
        assertThat(said).contains("validation");
        double validation = Double.parseDouble(said.replaceAll(".*\"validationLoss\":([0-9.]+).*", "$1"));
        assertThat(Double.parseDouble(loss)).isCloseTo(validation, org.assertj.core.api.Assertions.within(1e-4));
    }

    @Test
    void writesInTheRunsFolderUnlessTold() {
        done("export", "--run", llama.toString(), "--format", "gguf");
        assertThat(llama.resolve("model.gguf")).isRegularFile();
        Cli.run("export", "--run", llama.toString(), "--format", "gguf").assertRefused("is there already");
        done("export", "--run", llama.toString(), "--format", "gguf", "--overwrite");
        done("export", "--run", llama.toString(), "--format", "hf");
        Cli.run("export", "--run", llama.toString(), "--format", "hf").assertRefused("is not empty");
    }

    /// What an earlier model left would be read with the new one; what is no model's stays.
    @Test
    void overwritingLeavesNothingOfTheModelBefore() throws Exception {
        Path hf = folder.resolve("over");
        done("export", "--run", gpt2.toString(), "--format", "hf", "--out", hf.toString());
        for (String left : List.of("modules.json", "model-00001-of-00002.safetensors", "chat_template.jinja")) {
            Files.writeString(hf.resolve(left), "{}");
        }
        Files.writeString(hf.resolve("notes.txt"), "mine");
        Files.createDirectory(hf.resolve("sub"));
        Cli over =
                Cli.run("export", "--run", llama.toString(), "--format", "hf", "--out", hf.toString(), "--overwrite");
        assertThat(over.code()).as(over.err()).isZero();
        assertThat(over.out() + over.err())
                .contains("removed, of the model before: chat_template.jinja, model-00001-of-00002.safetensors,"
                        + " modules.json");
        Path fresh = folder.resolve("fresh");
        done("export", "--run", llama.toString(), "--format", "hf", "--out", fresh.toString());
        try (var there = Files.list(hf);
                var right = Files.list(fresh)) {
            Set<String> names = right.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
            names.addAll(Set.of("notes.txt", "sub"));
            assertThat(there.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(names);
        }
    }

    @Test
    void refusals() throws Exception {
        Path characters = train("characters");
        Cli.run("export", "--run", characters.toString(), "--format", "gguf")
                .assertOneLine(1, "takes a BPE or a Unigram", "char tokenizer");
        Path own = train("own", "--tokenizer", shared.resolve("bpe").toString(), "--model.position=alibi");
        Cli.run(
                        "export",
                        "--run",
                        own.toString(),
                        "--format",
                        "hf",
                        "--out",
                        folder.resolve("x").toString())
                .assertOneLine(1, "parts that GPT-2 has not");
        Cli.run("export", "--run", llama.toString(), "--format", "hf", "--type", "f16")
                .assertRefused("--type");
        Cli.run("convert", llama.toString(), folder.resolve("y").toString(), "--type", "f16")
                .assertRefused("--type");
        Cli.run("export", "--run", llama.toString(), "--format", "onnx").assertRefused("--format");
        Cli.run("eval", "--run", folder.resolve("nowhere").toString()).assertRefused("holds no finished run");
        Cli.run("eval", "--run", text.toString()).assertRefused("is a file");
        Cli.run("eval", "--run", folder.resolve("none.gguf").toString()).assertOneLine(1, "none.gguf");
        Path one = Files.writeString(folder.resolve("one.txt"), "a");
        Cli.run("eval", "--run", llama.toString(), "--data", one.toString(), "--all")
                .assertOneLine(1, "at least 2");
    }

    @Test
    void samplesByBeamsAndUpToAString() {
        String run = llama.toString();
        String greedy = done("sample", "--run", run, "--prompt", "the quick", "--tokens", "3", "--temperature=0");
        assertThat(done("sample", "--run", run, "--prompt", "the quick", "--tokens", "3", "--beams", "1"))
                .isEqualTo(greedy);
        assertThat(done("sample", "--run", run, "--prompt", "the quick", "--tokens", "3", "--beams", "4"))
                .startsWith("the quick");
        String whole = write(llama);
        String added = whole.substring("the quick".length(), whole.length() - 1);
        String stop = added.substring(added.length() / 2, added.length() / 2 + 2);
        String cut = done(
                "sample", "--run", run, "--prompt", "the quick", "--tokens", "20", "--temperature=0", "--stop", stop);
        assertThat(cut).isEqualTo("the quick" + added.substring(0, added.indexOf(stop)) + "\n");
        Cli.run("sample", "--run", run, "--beams", "0").assertRefused("--beams");
        Cli.run("sample", "--run", run, "--beams", "2", "--count", "2").assertRefused("--count");
        Cli.run("sample", "--run", run, "--stop", "").assertRefused("--stop");
    }
}
