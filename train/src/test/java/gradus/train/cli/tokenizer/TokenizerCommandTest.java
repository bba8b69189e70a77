package gradus.train.cli.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.corpus.TokenFile;
import gradus.tokenizer.format.Tokenizers;
import gradus.train.cli.Cli;
import gradus.train.cli.Main;
import gradus.train.cli.terminal.Console;
import gradus.train.run.Line;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerCommandTest {
    @TempDir
    Path folder;

    private Path data;
    private String tokenizer;

    @BeforeEach
    void train() throws Exception {
        data = Cli.text(folder);
        tokenizer = folder.resolve("a/bpe").toString();
        sound(tokenizer("train", "--data", data.toString(), "--vocab", "270", "--out", tokenizer));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bpe", "wordpiece", "wordpiece-likelihood", "char", "byte"})
    void everyKind(String kind) {
        String out = folder.resolve(kind).toString();
        Cli trained = tokenizer("train", "--data", data.toString(), "--kind", kind, "--vocab", "270", "--out", out);
        sound(trained);
        assertThat(trained.err()).contains(kind + ": ", " tokens in ", "tokenizer.json");
        Tokenizer loaded = Tokenizers.load(Path.of(out));
        assertThat(loaded.name()).isEqualTo(kind.replace("-likelihood", ""));
        Cli ids = tokenizer("encode", "--tokenizer", out, "quick fox");
        Cli text = tokenizer(("decode --tokenizer " + out + " " + ids.out().strip()).split(" "));
        assertThat(text.out()).isEqualTo("quick fox\n");
    }

    @Test
    void f14_severalFilesAndGlobsAreReadOneAfterAnother() throws Exception {
        Path texts = Files.createDirectories(folder.resolve("texts/deep"));
        Files.writeString(texts.resolve("b.txt"), "\uFEFFabab");
        Files.writeString(texts.resolveSibling("a.txt"), "xyxy");
        String glob = texts.getParent() + "/**.txt";
        String out = folder.resolve("several").toString();
        sound(tokenizer("train", "--data", glob, "--data", data.toString(), "--kind", "char", "--out", out));
        Tokenizer learnt = Tokenizers.load(Path.of(out));
        String a = texts.resolveSibling("a.txt").toString();
        String b = texts.resolve("b.txt").toString();
        int[] both = learnt.encode("ababxyxy");
        Cli ids = tokenizer("encode", "--tokenizer", out, "--file", b, "--file", a);
        assertThat(ids.out().strip().split(" ")).containsExactly(texts(both));
        Path file = folder.resolve("several.bin");
        Cli told = tokenizer("encode", "--tokenizer", out, "--file", glob, "--out", file.toString());
        sound(told);
        assertThat(told.err()).contains("2 files: 8 tokens");
        try (TokenFile tokens = TokenFile.open(file)) {
            assertThat(tokens.size()).isEqualTo(8);
        }
    }

    /// An option that takes several files takes no mistyped option for one.
    @Test
    void r15_anUnknownOptionBehindFilesIsNoFile() {
        Cli told = Cli.run("train", "--data", data.toString(), "--threads", "3");
        assertThat(told.code()).isEqualTo(2);
        assertThat(told.err()).contains("unknown option").contains("--threads");
    }

    /// A word at a file's end and one at the next one's beginning are two.
    @Test
    void f14_noWordReachesFromOneFileIntoTheNext() throws Exception {
        Path first = Files.writeString(folder.resolve("first.txt"), "qq q".repeat(50));
        Path second = Files.writeString(folder.resolve("second.txt"), "ww w".repeat(50));
        String out = folder.resolve("apart").toString();
        sound(tokenizer(
                "train", "--data", first.toString(), "--data", second.toString(), "--vocab", "290", "--out", out));
        Tokenizer learnt = Tokenizers.load(Path.of(out));
        for (int id = 0; id < learnt.vocabularySize(); id++) {
            assertThat(learnt.idToToken(id)).doesNotContain("qw").doesNotContain("wq");
        }
    }

    @Test
    void f14_filesThatAreNotThereAreNamedBeforeAnyIsMade() {
        Path out = folder.resolve("none.bin");
        Cli none = tokenizer(
                "encode",
                "--tokenizer",
                tokenizer,
                "--file",
                data.toString(),
                "--file",
                folder + "/no*.text",
                "--out",
                out.toString());
        assertThat(none.code()).isEqualTo(1);
        assertThat(none.err()).contains("no*.text", "matches no file", "--file");
        assertThat(out).doesNotExist();
        Cli place = tokenizer("train", "--data", folder.toString(), "--out", out.toString());
        assertThat(place.err()).contains(folder + " is a folder; --data takes files");
    }

    private static String[] texts(int[] ids) {
        return Arrays.stream(ids).mapToObj(Integer::toString).toArray(String[]::new);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void othersMayReadTheFile() throws Exception {
        Path ordinary = Files.writeString(folder.resolve("ordinary"), "");
        assertThat(Files.getPosixFilePermissions(Path.of(tokenizer, "tokenizer.json")))
                .isEqualTo(Files.getPosixFilePermissions(ordinary))
                .contains(PosixFilePermission.OWNER_READ);
        assertThat(Path.of(tokenizer)).isDirectoryContaining("glob:**tokenizer.json");
        try (var files = Files.list(Path.of(tokenizer))) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void options() {
        String out = folder.resolve("other").toString();
        sound(tokenizer(
                "train",
                "--data",
                data.toString(),
                "--vocab",
                "290",
                "--out",
                out,
                "--preTokenizer",
                "o200k",
                "--ties",
                "cs336",
                "--special",
                "<a>,<b>",
                "--minFrequency",
                "2",
                "--threads",
                "1"));
        assertThat(Tokenizers.load(Path.of(out)).specialTokens()).containsExactly("<a>", "<b>");
        assertThat(tokenizer("encode", "--tokenizer", out, "--special", "<b><a>")
                        .out())
                .isEqualTo("1 0\n");
        assertThat(tokenizer("encode", "--tokenizer", out, "<b><a>").out()).isNotEqualTo("1 0\n");
    }

    @Test
    void aFileAndBack() throws Exception {
        Path out = folder.resolve("tokens.bin");
        Cli encoded = tokenizer("encode", "--tokenizer", tokenizer, "--file", data.toString(), "--out", out.toString());
        sound(encoded);
        String text = Files.readString(data);
        int[] expected = Tokenizers.load(Path.of(tokenizer)).encode(text);
        try (TokenFile tokens = TokenFile.open(out)) {
            assertThat(tokens.readAll()).isEqualTo(expected);
        }
        assertThat(encoded.err()).contains(Line.format("%,d tokens", expected.length), "bytes each");
        assertThat(tokenizer("decode", "--tokenizer", tokenizer, "--file", out.toString()))
                .isEqualTo(new Cli(0, text, ""));
    }

    @Test
    void standardInputAndBack() throws Exception {
        String text = Files.readString(data);
        Cli ids = withInput(text, "encode", "--tokenizer", tokenizer);
        sound(ids);
        assertThat(withInput(ids.out(), "decode", "--tokenizer", tokenizer)).isEqualTo(new Cli(0, text, ""));
        assertThat(withInput("", "encode", "--tokenizer", tokenizer).out()).isEqualTo("\n"); // BAD-INPUT 53
        assertThat(withInput("\n", "decode", "--tokenizer", tokenizer)).isEqualTo(new Cli(0, "", ""));
    }

    @Test
    void cutCharactersAreHeldBack() { // BAD-INPUT 67
        String bytes = folder.resolve("bytes").toString();
        sound(tokenizer("train", "--data", data.toString(), "--kind", "byte", "--out", bytes));
        assertThat(withInput("231 139 144", "decode", "--tokenizer", bytes).out())
                .isEqualTo("狐");
        assertThat(withInput("231 139", "decode", "--tokenizer", bytes).out()).isEqualTo("\uFFFD");
    }

    @Test
    void inspection() {
        Cli plain = tokenizer("inspect", "--tokenizer", tokenizer, "--color", "never", "the\t狐\nfox");
        sound(plain);
        assertThat(plain.out())
                .contains("the|", "|␉|", "⏎\n", "E7", "09", "9 characters, 11 bytes", "bytes per token")
                .doesNotContain("\u001b", "\t");
        Cli colored = tokenizer("inspect", "--tokenizer", tokenizer, "--color", "always", "the fox");
        assertThat(colored.out()).contains("\u001b[30;48;5;153m").doesNotContain("the|");
        assertThat(withInput("the fox", "inspect", "--tokenizer", tokenizer).out())
                .isEqualTo(tokenizer("inspect", "--tokenizer", tokenizer, "the fox")
                        .out());
    }

    @Test
    void sentencePieceModelsAreInspectedEncodedAndDecoded() throws Exception {
        Path model = folder.resolve("pieces/tokenizer.model");
        Files.createDirectories(model.getParent());
        try (var in = new java.util.zip.GZIPInputStream(
                TokenizerCommandTest.class.getResourceAsStream("/sentencepiece/bpe-llama.model.gz"))) {
            Files.write(model, in.readAllBytes());
        }
        String pieces = model.getParent().toString();
        Cli shown = tokenizer("inspect", "--tokenizer", pieces, "--color", "never", "the é");
        sound(shown);
        assertThat(shown.out()).contains("▁the", "<0xC3>", "<0xA9>", "20 74 68 65");
        Cli ids = tokenizer("encode", "--tokenizer", pieces, "the é <s>");
        assertThat(tokenizer(("decode --tokenizer " + pieces + " " + ids.out().strip()).split(" "))
                        .out())
                .isEqualTo("the é <s>\n");
        assertThat(tokenizer("encode", "--tokenizer", pieces, "--special", "<s>")
                        .out()
                        .strip())
                .isEqualTo("1");
    }

    @Test
    void commandLinesThatCannotBeCarriedOut() throws Exception {
        tokenizer().assertRefused("missing command: train, encode, decode or inspect");
        tokenizer("trian").assertRefused("trian", "did you mean train?"); // BAD-INPUT 165
        tokenizer("encode", "--tokenizer", tokenizer, "--fil", "x").assertRefused("did you mean --file?");
        tokenizer("train").assertRefused("--out"); // BAD-INPUT 166
        tokenizer("encode", "text").assertRefused("--tokenizer");
        tokenizer("train", "--out", folder.resolve("x").toString(), "--kind", "unigram")
                .assertRefused("unigram", "bpe");
        refusedTraining("vocabularySize must be at least 257", "--vocab", "9"); // BAD-INPUT 45
        refusedTraining("vocabularySize must be positive", "--vocab", "0", "--kind", "wordpiece"); // BAD-INPUT 46
        refusedTraining("minFrequency", "--minFrequency=-1"); // BAD-INPUT 47
        refusedTraining("there twice", "--special", "<a>,<a>"); // BAD-INPUT 48
        refusedTraining("gpt5", "--preTokenizer", "gpt5");
        refusedTraining("there is no rule random", "--ties", "random");
        refusedTraining("--threads must be 1 to 256", "--threads", "0");
        tokenizer("train", "--data", data.toString(), "--out", tokenizer).assertRefused("--overwrite");
        tokenizer("train", "--out", data.toString()).assertRefused("is a file"); // BAD-INPUT 171
        tokenizer("train", "--out", "/proc/gradus").assertRefused("cannot be written to"); // BAD-INPUT 172
        tokenizer("encode", "--tokenizer", tokenizer, "a", "--file", "b").assertRefused("not both");
        tokenizer("encode", "--tokenizer", tokenizer, "a", "--out", folder.toString())
                .assertRefused("is a folder");
        tokenizer("decode", "--tokenizer", tokenizer, "1", "--file", "b").assertRefused("not both");
        tokenizer("decode", "--tokenizer", tokenizer, "1x").assertRefused("1x");
        tokenizer("decode", "--tokenizer", tokenizer, "99999").assertRefused("99999"); // BAD-INPUT 65
        tokenizer("decode", "--tokenizer", tokenizer, "9999999999").assertRefused("9999999999"); // BAD-INPUT 66
    }

    private void refusedTraining(String message, String... more) {
        String[] arguments = {
            "train", "--data", data.toString(), "--out", folder.resolve("x").toString()
        };
        String[] all = java.util.stream.Stream.of(arguments, more)
                .flatMap(java.util.Arrays::stream)
                .toArray(String[]::new);
        tokenizer(all).assertRefused(message);
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void dataThatCannotBeUsed() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty.txt"));
        String out = folder.resolve("x").toString();
        tokenizer("train", "--data", empty.toString(), "--out", out).assertOneLine(1, "empty"); // BAD-INPUT 44
        tokenizer("train", "--data", "none.txt", "--out", out).assertOneLine(1, "none.txt does not exist");
        tokenizer("encode", "--tokenizer", tokenizer, "--file", folder.toString())
                .assertOneLine(1, "is a folder");
        tokenizer("encode", "--tokenizer", folder.toString(), "a").assertOneLine(1, "no tokenizer there");
        Path latin1 = Files.write(folder.resolve("latin1.txt"), "a\ncaf\u00e9 b".getBytes(StandardCharsets.ISO_8859_1));
        tokenizer("encode", "--tokenizer", tokenizer, "--file", latin1.toString())
                .assertOneLine(1, "latin1.txt:2");
        withInput("1 2\n3 fox\n", "decode", "--tokenizer", tokenizer).assertFailed("standard input:2", "'fox'");
        withInput("1 -1", "decode", "--tokenizer", tokenizer).assertFailed("standard input:1", "-1"); // BAD-INPUT 64
        withInput("12345678901234", "decode", "--tokenizer", tokenizer).assertFailed("is no token id");
        String other = folder.resolve("byte").toString();
        sound(tokenizer("train", "--data", data.toString(), "--kind", "byte", "--out", other));
        String tokens = folder.resolve("tokens.bin").toString();
        sound(tokenizer("encode", "--tokenizer", other, "fox", "--out", tokens));
        tokenizer("decode", "--tokenizer", tokenizer, "--file", tokens)
                .assertOneLine(1, "made by another tokenizer"); // BAD-INPUT 134
        tokenizer("decode", "--tokenizer", tokenizer, "--file", data.toString()).assertOneLine(1, "no token file");
    }

    @Test
    void pairsRunOut() throws Exception { // BAD-INPUT 49
        Path small = Files.writeString(folder.resolve("small.txt"), "aaaa bbbb");
        Cli trained = tokenizer(
                "train",
                "--data",
                small.toString(),
                "--vocab",
                "1000",
                "--out",
                folder.resolve("x").toString());
        sound(trained);
        assertThat(trained.err().lines()).hasSize(2).anyMatch(line -> line.startsWith("gradus: the corpus ran out of"));
    }

    @Test
    void readerGoesAway() { // BAD-INPUT 176
        for (String[] command :
                new String[][] {{"encode", "--file", data.toString()}, {"inspect", "--file", data.toString()}}) {
            OutputStream pipe = new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    throw new IOException("Broken pipe");
                }
            };
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            Console console = Console.of(pipe, err);
            int code = Main.run(
                    console, signal -> {}, "tokenizer", command[0], "--tokenizer", tokenizer, command[1], command[2]);
            assertThat(code).isZero();
            assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        }
    }

    private static void sound(Cli cli) {
        assertThat(cli.code()).as(cli.err()).isZero();
    }

    private static Cli tokenizer(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "tokenizer";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Cli.run(all);
    }

    private static Cli withInput(String input, String... arguments) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            return tokenizer(arguments);
        } finally {
            System.setIn(before);
        }
    }
}
