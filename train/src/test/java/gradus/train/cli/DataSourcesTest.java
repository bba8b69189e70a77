package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.corpus.TokenFile;
import gradus.tokenizer.format.Tokenizers;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.train.run.RunConfig;
import gradus.train.run.RunFolder;
import gradus.train.run.SavedModel;
import gradus.train.run.text.ModelText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What `--data` takes.
@Timeout(300)
class DataSourcesTest {
    private static final String END = "<|endoftext|>";

    @TempDir
    Path folder;

    private Path file(String name, String text) throws Exception {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    /// A training of two steps on these.
    private Cli train(String run, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("train", "--out", folder.resolve(run).toString()));
        arguments.addAll(List.of(
                "--model.layers=1", "--model.heads=2", "--model.dim=16", "--model.context=8", "--train.batchSize=2"));
        arguments.addAll(List.of("--train.evalEvery=1", "--train.evalBatches=1", "--steps=2"));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray(String[]::new));
    }

    private byte[] weights(String run) throws Exception {
        return Files.readAllBytes(folder.resolve(run).resolve("model.safetensors"));
    }

    private RunConfig config(String run) {
        return RunConfig.read(new RunFolder(folder.resolve(run)));
    }

    private static void assertDone(Cli told) {
        assertThat(told.code()).as(told.err()).isZero();
    }

    // --- several files

    @Test
    void severalFilesGlobsAndOneFileOfTheSameTextAreTheSame() throws Exception {
        file("t/a.txt", "the quick brown fox jumps\n".repeat(20));
        file("t/b.txt", "over the lazy dog again\n".repeat(20));
        file("t/deep/c.txt", "and sleeps\n".repeat(20));
        file("t/d.md", "not this one");
        Path whole = file(
                "whole.txt",
                "the quick brown fox jumps\n".repeat(20)
                        + "over the lazy dog again\n".repeat(20)
                        + "and sleeps\n".repeat(20));
        String t = folder.resolve("t").toString();
        assertDone(train("one", "--data", whole.toString()));
        assertDone(train("listed", "--data", t + "/a.txt", t + "/b.txt", "--data", t + "/deep/c.txt"));
        assertDone(train("glob", "--data", t + "/**.txt", "--data=" + t + "/a.txt"));
        assertThat(weights("listed")).isEqualTo(weights("one"));
        assertThat(weights("glob")).isEqualTo(weights("one"));
        assertThat(config("glob").data().names()).containsExactly(t + "/a.txt", t + "/b.txt", t + "/deep/c.txt");
        assertDone(train("narrow", "--data", t + "/*.txt"));
        assertThat(config("narrow").data().names()).containsExactly(t + "/a.txt", t + "/b.txt");
        for (String run : List.of("listed", "one")) {
            Cli resumed = Cli.run("train", "--resume", folder.resolve(run).toString());
            assertDone(resumed);
            assertThat(resumed.err()).contains("going on after step 2");
            assertDone(Cli.run("eval", "--run", folder.resolve(run).toString()));
        }
    }

    @Test
    void whatCannotBeData() throws Exception {
        Path text = Cli.text(folder);
        Path empty = file("empty.txt", "");
        train("run", "--data", folder + "/*.none").assertOneLine(1, "matches no file");
        train("run", "--data", folder + "/none/*.txt").assertOneLine(1, "matches no file");
        train("run", "--data", folder + "/[.txt").assertOneLine(1, "is no glob");
        train("run", "--data", "").assertRefused("--data is empty");
        train("run", "--data", text.toString(), "wordnet").assertOneLine(1, "wordnet is a text of its own");
        train("run", "--data", empty.toString(), empty.toString()).assertOneLine(1, "empty.txt is empty");
        train("run", "--data", folder.toString()).assertOneLine(1, "is a folder", "*.txt");
        assertDone(train("run", "--data", text.toString(), empty.toString()));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // which has neither
    void r15_devicesAndPipesAreNoData() throws Exception {
        train("run", "--data", "/dev/zero").assertOneLine(1, "/dev/zero is a device or a pipe");
        train("run", "--data", "/dev/null").assertOneLine(1, "/dev/null is a device or a pipe");
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        train("run", "--data", pipe.toString()).assertOneLine(1, "pipe is a device or a pipe");
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void f14_aByteOrderMarkIsNoCharacter() throws Exception {
        String text = "the quick brown fox\n".repeat(40);
        assertDone(train("plain", "--data", file("plain.txt", text).toString()));
        assertDone(train("marked", "--data", file("marked.txt", "\uFEFF" + text).toString()));
        assertThat(weights("marked")).isEqualTo(weights("plain"));
        assertThat(Tokenizers.load(folder.resolve("marked")).tokenToId("\uFEFF"))
                .isEqualTo(-1);
        train("only", "--data", file("only.txt", "\uFEFF").toString()).assertOneLine(1, "is empty");

        String marked = folder.resolve("marked.txt").toString();
        String out = folder.resolve("characters").toString();
        assertDone(Cli.run("tokenizer", "train", "--kind=char", "--data", marked, "--out", out));
        assertThat(Tokenizers.load(Path.of(out)).tokenToId("\uFEFF")).isEqualTo(-1);
        Cli ids = Cli.run("tokenizer", "encode", "--tokenizer", out, "--file", marked);
        assertDone(ids);
        assertThat(ids).isEqualTo(Cli.run("tokenizer", "encode", "--tokenizer", out, "--file", folder + "/plain.txt"));
    }

    // --- where it is

    @Test
    void f19_theDataIsKnownByItsAbsolutePath() throws Exception {
        Path text = Cli.text(folder);
        Path relative = Path.of("").toAbsolutePath().relativize(text);
        assertDone(train("run", "--data", relative.toString()));
        assertThat(config("run").data().name()).isEqualTo(text.toString());
        String run = folder.resolve("run").toString();
        assertDone(Cli.run("eval", "--run", run));

        Path moved = folder.resolve("elsewhere.txt");
        Files.move(text, moved);
        Cli.run("eval", "--run", run).assertRefused("its data, " + text + ", is gone", "--data");
        Cli.run("train", "--resume", run).assertRefused("its data, " + text + ", is gone", "--data");
        assertDone(Cli.run("eval", "--run", run, "--data", moved.toString()));
        assertDone(Cli.run("train", "--resume", run, "--data", moved.toString()));

        Path run2 = folder.resolve("moved-run"); // the run's folder may move too
        Files.move(folder.resolve("run"), run2);
        assertDone(Cli.run("train", "--resume", run2.toString(), "--data", moved.toString()));
    }

    // --- large texts

    /// As if a hundred bytes were much.
    @Test
    void aTextThatIsTooLargeForTheMemoryGivesTheSameRun() throws Exception {
        String text = Cli.text(folder).toString();
        assertDone(train("small", "--data", text));
        System.setProperty("gradus.data.inMemory", "100");
        try {
            assertDone(train("large", "--data", text));
            assertThat(weights("large")).isEqualTo(weights("small"));
            Path tokens = folder.resolve("large/tokens/training.bin");
            try (TokenFile file = TokenFile.open(tokens)) {
                assertThat(file.size()).isEqualTo(config("small").data().trainingTokens());
            }
            Object written = Files.getLastModifiedTime(tokens);
            String run = folder.resolve("large").toString();
            assertDone(Cli.run("train", "--resume", run));
            assertThat(Files.getLastModifiedTime(tokens)).isEqualTo(written); // encoded once
            Files.delete(tokens);
            assertDone(Cli.run("train", "--resume", run));
            Cli large = Cli.run("eval", "--run", run, "--all");
            assertDone(large);
            System.clearProperty("gradus.data.inMemory");
            assertThat(Cli.run("eval", "--run", run, "--all")).isEqualTo(large);
        } finally {
            System.clearProperty("gradus.data.inMemory");
        }
    }

    // --- token files

    @Test
    void tokenFilesAreDataOfTheirTokenizer() throws Exception {
        Path text = Cli.text(folder);
        String tokenizer = folder.resolve("tokenizer").toString();
        String bin = folder.resolve("text.bin").toString();
        String[] make = {"tokenizer", "train", "--data", text.toString(), "--vocab=300", "--out", tokenizer};
        assertDone(Cli.run(make));
        assertDone(Cli.run("tokenizer", "encode", "--tokenizer", tokenizer, "--file", text.toString(), "--out", bin));
        train("run", "--data", bin).assertRefused("--tokenizer must name the folder of the tokenizer that made it");
        assertThat(folder.resolve("run")).doesNotExist();
        assertDone(train("run", "--data", bin, "--tokenizer", tokenizer));
        RunConfig.Data data = config("run").data();
        assertThat(data.trainingTokens() + data.validationTokens())
                .isEqualTo(Tokenizers.load(Path.of(tokenizer)).encode(Files.readString(text)).length);
        String run = folder.resolve("run").toString();
        assertDone(Cli.run("train", "--resume", run));
        Cli measured = Cli.run("eval", "--run", run, "--all");
        assertDone(measured);
        Cli ofText = Cli.run("eval", "--run", run, "--all", "--data", text.toString());
        assertThat(measured.out().replace("text.bin", "text.txt")).isEqualTo(ofText.out());

        String other = folder.resolve("other").toString();
        assertDone(Cli.run("tokenizer", "train", "--data", text.toString(), "--vocab=290", "--out", other));
        train("none", "--data", bin, "--tokenizer", other).assertOneLine(1, "made by another tokenizer");
        train("none", "--data", bin, text.toString(), "--tokenizer", tokenizer)
                .assertOneLine(1, "text and token files cannot be joined");
        assertThat(folder.resolve("none")).doesNotExist();
    }

    // --- documents

    private static final ByteLevelBpe BPE =
            new BpeTrainer(BpeTrainerOptions.of(270)).train("the quick brown fox jumps over the lazy dog ".repeat(9));

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("the quick", " fox", "\n", " ", END, "<|endof", "text|>", "é", "🦊", "12")
                .list()
                .ofMinSize(1)
                .ofMaxSize(30)
                .map(parts -> String.join("", parts));
    }

    /// What the tokenizer itself makes of a text in which it may recognise the token, and one token more at
    /// the end.
    @Property(tries = 200)
    void theSeparatorsTextIsTheControlToken(@ForAll("texts") String text) {
        int end = BPE.tokenToId(END);
        List<Integer> expected = new ArrayList<>();
        for (int id : BPE.encode(text, Set.of(END))) {
            expected.add(id);
        }
        if (!text.substring(text.lastIndexOf(END) < 0 ? 0 : text.lastIndexOf(END) + END.length())
                .isBlank()) {
            expected.add(end);
        }
        assertThat(ModelText.of(BPE, END, false).encode(text))
                .containsExactly(expected.stream().mapToInt(Integer::intValue).toArray());
        assertThat(ModelText.of(BPE, null, false).encode(text)).isEqualTo(BPE.encode(text)); // else it is text
    }

    @Test
    void documentsEndWithTheControlToken() throws Exception {
        String stories = ("the quick brown fox" + END + "jumps over" + END).repeat(30);
        Path one = file("one.txt", stories);
        Path other = file("other.txt", stories);
        String[] bpe = {"--preset=bpe-small", "--model.vocabSize=4096", "--data", one.toString()};
        Cli unasked = train("unasked", bpe);
        assertDone(unasked);
        assertThat(unasked.err()).contains("the text holds <|endoftext|>, which is learnt as text");
        Cli asked = train("asked", "--preset=bpe-small", "--documentSeparator=" + END, "--data", one.toString());
        assertDone(asked);
        assertThat(asked.err()).doesNotContain("which is learnt as text");
        assertThat(config("asked").data().trainingTokens())
                .isLessThan(config("unasked").data().trainingTokens());
        Tokenizer tokenizer = Tokenizers.load(folder.resolve("asked"));
        SavedModel saved = SavedModel.open(folder.resolve("asked"));
        assertThat(saved.ends()).containsExactly(tokenizer.tokenToId(END));
        assertDone(Cli.run("train", "--resume", folder.resolve("asked").toString()));

        assertDone(train("between", "--preset=bpe-small", "--data", one.toString(), other.toString()));
        assertThat(SavedModel.open(folder.resolve("between")).ends()).hasSize(1);
        assertDone(Cli.run("train", "--resume", folder.resolve("between").toString()));

        train("char", "--documentSeparator=" + END, "--data", one.toString())
                .assertRefused("the char tokenizer has no control token <|endoftext|>");
        train("char", "--documentSeparator=", "--data", one.toString()).assertRefused("at least one character");
    }
}
