package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.layers.model.Gpt;
import gradus.layers.model.Llama;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.chat.ChatTemplate;
import gradus.tokenizer.format.Tokenizers;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.train.chat.ChatModel;
import gradus.train.pretrained.HuggingFaceFolder;
import gradus.train.run.SavedModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tuning a small model for conversations and talking with it, as a user does.
class ChatCommandTest {
    private static final String SAYS = "it is me.";

    @TempDir
    private static Path shared;

    private static Path base;
    private static Path rows;
    private static Path tuned;

    @TempDir
    private Path folder;

    @BeforeAll
    static void tune() throws IOException {
        base = shared.resolve("base");
        ByteLevelBpe bpe = new BpeTrainer(BpeTrainerOptions.of(280)).train("who is it? it is me. ".repeat(40));
        LlamaConfig size = LlamaConfig.of(32, 2, 1)
                .withVocabSize(bpe.vocabularySize())
                .withContext(96)
                .withHidden(48);
        HuggingFaceFolder.save(base, new Llama(size, Rng.of(1)), bpe);
        StringBuilder text = new StringBuilder();
        IntStream.range(0, 30)
                .forEach(i -> text.append("{\"messages\": [")
                        .append(IntStream.rangeClosed(0, i % 2)
                                .mapToObj(turn ->
                                        "{\"role\": \"user\", \"content\": \"%s\"}, {\"role\": \"assistant\", \"content\": \"%s\"}"
                                                .formatted(i % 3 == 0 ? "who is it?" : "is it?", SAYS))
                                .reduce((a, b) -> a + ", " + b)
                                .orElseThrow())
                        .append("]}\n"));
        rows = Files.writeString(shared.resolve("chat.jsonl"), text.toString());
        tuned = shared.resolve("tuned");
        Cli cli = finetune(tuned, "--chat-template", "chatml", "--method", "full", "--steps", "60", "--lr", "1e-2");
        assertThat(cli.err()).contains("30 conversations (messages), 1 of them held out");
        assertThat(cli.code()).as(cli.err()).isZero();
    }

    private static Cli finetune(Path out, String... more) {
        String[] all = new String[6 + more.length];
        System.arraycopy(
                new String[] {"finetune", "--base=" + base, "--data", rows.toString(), "--out", out.toString()},
                0,
                all,
                0,
                6);
        System.arraycopy(more, 0, all, 6, more.length);
        return Cli.run(all);
    }

    private static Cli chat(String typed, String... arguments) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)));
        try {
            return Cli.run(arguments);
        } finally {
            System.setIn(before);
        }
    }

    private static String model() {
        return "--model=" + tuned.resolve("model");
    }

    @Test
    void answersAndEndsByItself() {
        Cli cli = chat("who is it?\nis it?\n", "chat", model(), "--temperature", "0");
        assertThat(cli.code()).as(cli.err()).isZero();
        assertThat(cli.out()).isEqualTo(SAYS + "\n" + SAYS + "\n");
        assertThat(cli.err()).isEmpty();
    }

    @Test
    void theFolderKnowsItsTemplateAndItsEnd() {
        SavedModel saved = SavedModel.open(tuned.resolve("model"));
        int end = saved.tokenizer().tokenToId("<|im_end|>");
        assertThat(saved.ends()).contains(end);
        assertThat(saved.generation().eos()).startsWith(end);
        assertThat(ChatTemplate.of(saved.tokenizer().roles()).source()).contains("<|im_start|>");
        assertThat(saved.model().vocabSize()).isEqualTo(saved.tokenizer().vocabularySize());
        assertThat(Tokenizers.load(tuned.resolve("model")).specialTokens()).contains("<|im_start|>", "<|im_end|>");
        ChatModel chat = ChatModel.open(tuned.resolve("model"), null, null);
        assertThat(chat.ends()).contains(end);
    }

    @Test
    void aGgufFileAnswersTheSame() {
        Path gguf = folder.resolve("m.gguf");
        Cli converted = Cli.run("convert", tuned.resolve("model").toString(), gguf.toString());
        assertThat(converted.code()).as(converted.err()).isZero();
        Cli cli = chat("who is it?\n", "chat", "--model=" + gguf, "--temperature=0");
        assertThat(cli.out()).as(cli.err()).isEqualTo(SAYS + "\n");
    }

    @Test
    void commandsChangeTheConversation() {
        Cli cli = chat(
                "/help\n\n/system be\nis it?\n/regenerate\n/reset\n//x\n\"\"\"is\nit?\"\"\"\n",
                "chat",
                model(),
                "--temperature=0",
                "--tokens=3");
        assertThat(cli.code()).as(cli.err()).isZero();
        assertThat(cli.err()).contains("/regenerate   answers the last message once more", "(cut: the answer has");
        assertThat(cli.out().lines()).hasSizeGreaterThanOrEqualTo(4);
        Cli unknown = chat("/quit\n", "chat", model());
        unknown.assertRefused("/quit is no command");
        chat("/regenerate\n", "chat", model()).assertRefused("nothing was asked yet");
    }

    @Test
    void aMessageOfAPipeThatIsTooLongIsRefused() {
        chat("who ".repeat(200) + "\n", "chat", model()).assertRefused("the model sees at most 96");
    }

    @Test
    void anAdapterTakesPlainHeadingsAndAnswers() {
        Path out = folder.resolve("lora");
        finetune(out, "--chat-template=chatml", "--method=ia3").assertRefused("which this method does not learn");
        Cli cli = finetune(
                folder.resolve("adapter"), "--chat-template=plain", "--steps", "150", "--lr", "2e-2", "--r", "16");
        assertThat(cli.code()).as(cli.err()).isZero();
        Cli said = chat(
                "who is it?\n",
                "chat",
                "--model=" + base,
                "--adapter=" + folder.resolve("adapter"),
                "--temperature=0",
                "--tokens=20");
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out()).startsWith("it");
    }

    /// The options of conversations are those that it was begun with.
    @Test
    void aTuningGoesOnWithTheOptionsItWasBegunWith() throws IOException {
        Path out = folder.resolve("early");
        Cli begun = finetune(
                out,
                "--chat-template=chatml",
                "--method=full",
                "--no-packing",
                "--turns=last",
                "--max-length=90",
                "--steps=6",
                "--train.checkpointEvery=3");
        assertThat(begun.code()).as(begun.err()).isZero();
        Cli resumed = Cli.run("finetune", "--resume", "--out=" + out);
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(Files.readString(out.resolve("config.json")))
                .contains("--no-packing", "--turns=last", "--max-length=90");
    }

    @Test
    void refusesWhatCannotBe() throws IOException {
        chat("", "chat", "--model=" + base).assertRefused("has no chat template");
        finetune(folder.resolve("a")).assertRefused("has no chat template: choose --chat-template chatml, plain");
        finetune(folder.resolve("b"), "--chat-template=none.jinja")
                .assertRefused("neither chatml nor plain nor a file");
        finetune(folder.resolve("c"), "--data-format=text", "--chat-template=chatml")
                .assertRefused("are for conversations");
        chat("", "chat", model(), "--temperature=-1").assertRefused("--temperature");
        chat("", "chat", model(), "--tokens=0").assertRefused("--tokens must be at least 1; got 0");
        Cli.run("data").assertRefused("missing command: instructions");
        Cli.run("data", "instructions", "--out", folder.toString()).assertRefused("is a folder; name a file");
        Cli.run("data", "instructions", "--out", "x", "--count=0").assertRefused("--count");
        Cli.run("data", "instructions", "--out", "x", "--held-out-count=9").assertRefused("--held-out names");
        Cli.run("data", "instructions", "--out", "x/y", "--held-out", "x/../x/y")
                .assertRefused("must be two files");
        Path bad = Files.writeString(folder.resolve("bad.jsonl"), "{\"messages\": []}\n");
        Cli cli = Cli.run(
                "finetune",
                "--base=" + base,
                "--data",
                bad.toString(),
                "--out",
                folder.resolve("d").toString(),
                "--chat-template=chatml",
                "--method=full");
        assertThat(cli.code()).isEqualTo(1);
        assertThat(cli.err()).contains(bad + ":1: the conversation is empty");
    }

    // --- at a terminal

    @Test
    void ctrlCEndsAnAnswerAndTwiceTheProgram() throws Exception {
        ByteLevelBpe bpe = new BpeTrainer(BpeTrainerOptions.of(280)).train("who is it? it is me. ".repeat(40));
        HuggingFaceFolder.save(folder.resolve("endless"), endless(bpe.encode("z")[0]), bpe);
        try (PseudoTerminal terminal = PseudoTerminal.gradus(
                "chat", "--model", folder.resolve("endless").toString(), "--chat-template", "plain")) {
            terminal.await("> ");
            terminal.type("first line\nsecond line\n"); // pasted
            terminal.await("zzz"); // it answers
            terminal.type(PseudoTerminal.CTRL_C);
            terminal.await("(stopped)");
            int from = terminal.shown().length();
            terminal.await("> ", from - 3);
            terminal.type(PseudoTerminal.CTRL_C);
            terminal.await("once more, or Ctrl-D, ends the program", from);
            terminal.type("/nothing\n");
            terminal.await("/nothing is no command", from);
            terminal.type(PseudoTerminal.CTRL_C);
            terminal.await("once more", terminal.find("/nothing is no", from));
            terminal.type(PseudoTerminal.CTRL_C);
            assertThat(terminal.exitCode()).isEqualTo(130);
            assertThat(terminal.shown().split("\\(stopped\\)", -1)).hasSize(2); // one message, one answer
        }
    }

    /// A model that says one token again and again, until nothing more fits: what its last norm gives is that
    /// token's row, enlarged, whatever comes in, and the head is the tied table.
    private static Gpt endless(int token) {
        Gpt gpt = new Gpt(new GptConfig(280, 20_000, 2, 2, 64, 0.0), Rng.of(1));
        Map<String, Tensor> parameters = gpt.namedParameters();
        double[] table = parameters.get("wte.weight").toArray();
        double[] row = Arrays.copyOfRange(table, token * 64, (token + 1) * 64);
        parameters.get("ln_f.weight").copyFrom(Tensor.zeros(64));
        // The rows are drawn with deviation 0.02, so the token's logit is 1e6 · 64 · 0.02² ≈ 25,600, and another's
        // is of the order of 1e6 · 8 · 0.02² = 3,200.
        parameters.get("ln_f.bias").set(Arrays.stream(row).map(x -> 1e6 * x).toArray());
        return gpt;
    }

    @Test
    void ctrlDEnds() throws Exception {
        try (PseudoTerminal terminal = PseudoTerminal.gradus("chat", model(), "--temperature=0")) {
            terminal.await("> ");
            terminal.type("who is it?\n");
            terminal.await(SAYS);
            int from = terminal.find(SAYS, 0);
            terminal.await("> ", from);
            terminal.type("\u0004");
            assertThat(terminal.exitCode()).isZero();
        }
    }
}
