package gradus.train.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.DataException;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.CharTokenizer;
import gradus.tokenizer.WordPiece;
import gradus.tokenizer.corpus.TokenFile;
import gradus.tokenizer.corpus.TokenFileWriter;
import gradus.tokenizer.normalize.BertNormalizer;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.train.task.EncoderTokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusTest {
    @TempDir
    Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void oneFileHasItsNameAndSeveralHaveTheirNumber() throws Exception {
        Path a = file("a.txt", "0123456789");
        Path b = file("b.txt", "é");
        Corpus one = Corpus.load(a.toString());
        assertThat(one.name()).isEqualTo(a.toString());
        assertThat(one.title()).isEqualTo("a.txt");
        Corpus two = Corpus.load(folder + "/*.txt");
        assertThat(two.name()).isEqualTo("2 files from " + a + " to b.txt");
        assertThat(two.title()).isEqualTo("2 files");
        byte[] hash = MessageDigest.getInstance("SHA-256").digest("é".getBytes(StandardCharsets.UTF_8));
        assertThat(two.files())
                .hasSize(2)
                .last()
                .isEqualTo(new Corpus.FileFacts(b.toString(), 2, HexFormat.of().formatHex(hash)));
        assertThat(two.linesAreEntries()).isFalse();
        assertThat(two.tokens()).isEmpty();
    }

    @Test
    void linesAreAnEntryEachAndKeepTheirParts() throws Exception {
        Corpus lines = Corpus.ofLines(List.of(), List.of("one", "two"), List.of("three"));
        assertThat(lines.training().text()).isEqualTo("one\ntwo\n");
        assertThat(lines.validation().text()).isEqualTo("three\n");
        assertThat(lines.name()).isEqualTo("wordnet");
        assertThat(lines.title()).isEqualTo("wordnet");
        assertThat(lines.linesAreEntries()).isTrue();
        Path a = file("a.txt", "whatever");
        assertThat(Corpus.ofLines(List.of(a), List.of("x"), List.of("y")).name())
                .isEqualTo(a.toString());
        refused(() -> Corpus.ofLines(List.of(), List.of(), List.of("y")), "got 0 and 1");
        refused(() -> Corpus.ofLines(List.of(), List.of("x"), List.of()), "got 1 and 0");
    }

    @Test
    void findsAWordWhereverItStands() throws Exception {
        Corpus two = Corpus.load(
                file("a.txt", "fox and hound").toString(), file("b.txt", "dog").toString());
        assertThat(two.holds("hound")).isTrue();
        assertThat(two.holds("dog")).isTrue();
        assertThat(two.holds("cat")).isFalse();
    }

    @Test
    void anEmptyFileAmongOthersIsPassedOver() throws Exception {
        Path empty = file("a.txt", "");
        Corpus two = Corpus.load(empty.toString(), file("b.txt", "text").toString());
        assertThat(two.whole().text()).isEqualTo("text");
        assertThat(two.files()).hasSize(2);
        refused(() -> Corpus.load(empty.toString()), empty + " is empty; there is nothing to learn from");
        Path mark = file("c.txt", "\uFEFF");
        refused(() -> Corpus.load(mark.toString()), "is empty");
        assertThat(Corpus.load(List.of(mark.toString()), true).whole().text()).isEqualTo("\uFEFF");
    }

    @Test
    void whatCannotBeJoined() throws Exception {
        Path text = file("a.txt", "text");
        Path tokens = tokens("b.bin");
        refused(() -> Corpus.load("wordnet", text.toString()), "wordnet is a text of its own");
        refused(() -> Corpus.load(text.toString(), tokens.toString()), text + " is no token file");
        refused(() -> Corpus.load(tokens.toString(), text.toString()), text + " is no token file");
    }

    private Path tokens(String name) {
        Path file = folder.resolve(name);
        CharTokenizer letters = CharTokenizer.of("abcdefgh");
        TokenFileWriter.write(file, letters, letters.encode("hgfedcba"));
        return file;
    }

    @Test
    void tokenFilesAreReadWhereTheyAreNeeded() {
        Corpus corpus = Corpus.load(tokens("a.bin").toString(), tokens("b.bin").toString());
        assertThat(corpus.files()).hasSize(2);
        assertThat(corpus.tokens()).hasSize(2);
        try (TokenFile first = corpus.tokens().getFirst();
                TokenFile second = corpus.tokens().getLast()) {
            int[] all = first.readAll();
            assertThat(second.readAll()).isEqualTo(all);
            var tokens = new FileTokens(first);
            assertThat(tokens.size()).isEqualTo(8);
            int[] to = new int[5];
            tokens.copy(2, to, 1, 3);
            assertThat(to).containsExactly(0, all[2], all[3], all[4], 0);
        }
    }

    @Test
    void nineTenthsAreToLearnFrom() {
        assertThat(Corpus.cut(0)).isZero();
        assertThat(Corpus.cut(10)).isEqualTo(9);
        assertThat(Corpus.cut(19)).isEqualTo(17);
    }

    @Test
    void aPartHoldsASequenceAndItsTargets() {
        assertThatCode(() -> Corpus.requireTokens("training", "a.txt", 9, 8)).doesNotThrowAnyException();
        refused(
                () -> Corpus.requireTokens("training", "a.txt", 8, 8),
                "a.txt: the training part has 8 tokens; a context of 8 needs at least 9");
        refused(
                () -> Corpus.requireTokens("training", "a.txt", 1, Integer.MAX_VALUE),
                "a context of 2147483647 needs at least 2147483648");
    }

    private static void refused(Runnable load, String message) {
        assertThatThrownBy(load::run).isInstanceOf(DataException.class).hasMessageContaining(message);
    }

    @Test
    void theControlTokensOfAnEncoderAreNoWords() {
        List<String> vocabulary = List.of("[PAD]", "a", "[UNK]", "[SEP]", "b", "[CLS]", "[MASK]", "##c");
        EncoderTokens found = ControlTokens.of(WordPiece.bert(vocabulary, BertNormalizer.uncased()));
        assertThat(found.cls()).isEqualTo(5);
        assertThat(found.sep()).isEqualTo(3);
        assertThat(found.mask()).isEqualTo(6);
        assertThat(found.pad()).isZero();
        assertThat(found.specials()).containsExactlyInAnyOrder(0, 2, 3, 5, 6);
        assertThat(found.words()).containsExactly(1, 4, 7);
        for (String missing : List.of("[PAD]", "[SEP]", "[CLS]", "[MASK]")) {
            List<String> rest = vocabulary.stream()
                    .map(token -> token.equals(missing) ? "x" : token)
                    .toList();
            refused(
                    () -> ControlTokens.of(WordPiece.bert(rest, BertNormalizer.uncased())),
                    "tokenizer has no " + missing);
        }
        List<String> controls =
                vocabulary.stream().filter(token -> token.startsWith("[")).toList();
        refused(
                () -> ControlTokens.of(WordPiece.bert(controls, BertNormalizer.uncased())),
                "tokenizer has control tokens only");
        ByteLevelBpe bytes = new BpeTrainer(BpeTrainerOptions.of(257)).train("text");
        refused(() -> ControlTokens.of(bytes), "tokenizer has no [CLS]");
    }
}
