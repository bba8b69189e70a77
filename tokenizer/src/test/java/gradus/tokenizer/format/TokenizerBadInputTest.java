package gradus.tokenizer.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.TokenizerException;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.ByteTokenizer;
import gradus.tokenizer.CharTokenizer;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.WordNetBpe;
import gradus.tokenizer.WordPiece;
import gradus.tokenizer.bpe.BpeRules;
import gradus.tokenizer.bpe.BpeVocabulary;
import gradus.tokenizer.corpus.ParallelEncoder;
import gradus.tokenizer.normalize.BertNormalizer;
import gradus.tokenizer.pretokenize.Gpt2PreTokenizer;
import gradus.tokenizer.pretokenize.PreTokenizers;
import gradus.tokenizer.text.Utf8;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.tokenizer.train.WordPieceFrequencyTrainer;
import gradus.tokenizer.train.WordPieceLikelihoodTrainer;
import gradus.tokenizer.train.WordPieceTrainerOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Bad input to training, encoding and decoding. Files are `TokenizerJsonTest`'s, hard texts `HardTextsTest`'s.
class TokenizerBadInputTest {
    @TempDir
    Path folder;

    private static void refused(String what, ThrowingCallable action) {
        assertThatThrownBy(action).isInstanceOf(TokenizerException.class).hasMessageContaining(what);
    }

    private static List<TokenizerKind> trainers(String text) {
        return List.of(
                () -> new BpeTrainer(BpeTrainerOptions.of(300)).train(text),
                () -> new WordPieceFrequencyTrainer(WordPieceTrainerOptions.of(300)).train(text),
                () -> new WordPieceLikelihoodTrainer(WordPieceTrainerOptions.of(300)).train(text));
    }

    private interface TokenizerKind {
        Tokenizer train();
    }

    // BAD-INPUT 44
    @Test
    void anEmptyCorpus() {
        for (TokenizerKind trainer : trainers("")) {
            refused("empty", trainer::train);
        }
        for (TokenizerKind trainer : trainers(null)) {
            refused("null", trainer::train);
        }
        refused("empty", () -> new BpeTrainer(BpeTrainerOptions.of(300)).train(List.<String>of()));
        refused("empty", () -> new WordPieceFrequencyTrainer(WordPieceTrainerOptions.of(300)).train(" \n"));
        refused("empty", () -> CharTokenizer.of(""));
        refused("null", () -> CharTokenizer.of(null));
        refused("null", () -> new BpeTrainer(BpeTrainerOptions.of(300)).train(java.util.Arrays.asList("a", null)));
    }

    // BAD-INPUT 45
    @Test
    void aVocabularySmallerThanTheAlphabet() {
        refused("at least 257", () -> BpeTrainerOptions.of(256));
        var options = WordPieceTrainerOptions.of(8);
        refused("at least", () -> new WordPieceFrequencyTrainer(options).train("abc def"));
        refused("at least", () -> new WordPieceLikelihoodTrainer(options).train("abc def"));
    }

    // BAD-INPUT 46
    @Test
    void aVocabularyOfNothing() {
        refused("positive; got 0", () -> BpeTrainerOptions.of(0));
        refused("positive; got -5", () -> WordPieceTrainerOptions.of(-5));
    }

    // BAD-INPUT 47
    @Test
    void aNegativeMinimumFrequency() {
        refused("minFrequency", () -> BpeTrainerOptions.of(300).withMinFrequency(-1));
        refused("minFrequency", () -> WordPieceTrainerOptions.of(300).withMinFrequency(-1));
    }

    // BAD-INPUT 48
    @Test
    void duplicateSpecialTokens() {
        refused(
                "'<a>' is there twice",
                () -> BpeTrainerOptions.of(300).withSpecialTokens(List.of("<a>", "<b>", "<a>")));
        refused("twice", () -> WordPieceTrainerOptions.of(300).withSpecialTokens(List.of("[UNK]", "[UNK]")));
        refused("must have a text", () -> BpeTrainerOptions.of(300).withSpecialTokens(List.of("")));
        refused("symbol of a byte", () -> BpeTrainerOptions.of(300).withSpecialTokens(List.of("a")));
        refused("[UNK]", () -> WordPieceTrainerOptions.of(300).withSpecialTokens(List.of("[CLS]")));
    }

    // BAD-INPUT 49
    @Test
    void pairsThatRunOutEarly() {
        ByteLevelBpe small = new BpeTrainer(BpeTrainerOptions.of(5000)).train("abab abab");
        assertThat(small.vocabularySize()).isLessThan(270);
        assertThat(small.decode(small.encode("abab"))).isEqualTo("abab");
        var rare = BpeTrainerOptions.of(5000).withMinFrequency(3);
        assertThat(new BpeTrainer(rare).train("abab").mergeCount()).isZero();
        WordPiece likelihood = new WordPieceLikelihoodTrainer(WordPieceTrainerOptions.of(5000)).train("abab abab");
        assertThat(likelihood.vocabularySize()).isLessThan(20);
    }

    // BAD-INPUT 52
    @Test
    void aNullText() {
        for (Tokenizer tokenizer : List.of(new ByteTokenizer(), CharTokenizer.of("a"), WordNetBpe.get())) {
            refused("null", () -> tokenizer.encode(null));
            refused("null", () -> tokenizer.inspect(null));
            refused("null", () -> new ParallelEncoder(tokenizer).encode((String) null));
        }
        refused("null", () -> WordNetBpe.get().encode("a", null));
        refused("not a special token", () -> WordNetBpe.get().encode("a", Set.of("<|nope|>")));
    }

    // BAD-INPUT 53
    @Test
    void anEmptyText() {
        for (Tokenizer tokenizer : List.of(new ByteTokenizer(), CharTokenizer.of("a"), WordNetBpe.get())) {
            assertThat(tokenizer.encode("")).isEmpty();
            assertThat(tokenizer.decode()).isEmpty();
            assertThat(new ParallelEncoder(tokenizer).encode("")).isEmpty();
        }
    }

    // BAD-INPUT 56
    @Test
    void loneSurrogates() {
        for (Tokenizer tokenizer : List.of(new ByteTokenizer(), WordNetBpe.get())) {
            assertThat(tokenizer.decode(tokenizer.encode("a\uD83Db\uDE00"))).isEqualTo("a\uFFFDb\uFFFD");
            assertThat(tokenizer.decode(tokenizer.encode("\uD83D\uDE00\uD83D"))).isEqualTo("\uD83D\uDE00\uFFFD");
        }
        assertThat(CharTokenizer.of("a\uD83D").vocabularySize()).isEqualTo(2);
    }

    // BAD-INPUT 57, 58
    @Test
    void nulAndJoinedEmoji() {
        for (Tokenizer tokenizer : List.of(new ByteTokenizer(), WordNetBpe.get())) {
            String text = "a\u0000b 👨‍👩‍👧‍👦";
            assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
        }
    }

    // BAD-INPUT 59
    @Test
    void bytesThatAreNoUtf8() throws IOException {
        assertThat(new ByteTokenizer().decode(0xFF, 'a', 0xC3)).isEqualTo("\uFFFDa\uFFFD");
        Files.write(folder.resolve("vocab.txt"), new byte[] {'a', '\n', (byte) 0xFF});
        refused("not UTF-8", () -> Tokenizers.load(folder));
        Files.write(folder.resolve("tokenizer.json"), new byte[] {'{', '"', (byte) 0xFF, '"', ':', '1', '}'});
        refused("tokenizer.json: not UTF-8", () -> Tokenizers.load(folder));
    }

    // BAD-INPUT 60
    @Test
    void aSpecialTokensTextInsideOrdinaryText() {
        ByteLevelBpe bpe = WordNetBpe.get();
        int[] literal = bpe.encode("<|endoftext|>");
        assertThat(literal).hasSizeGreaterThan(1).doesNotContain(0);
        assertThat(bpe.decode(literal)).isEqualTo("<|endoftext|>");
        assertThat(bpe.encode("<|endoftext|>", Set.of("<|endoftext|>"))).containsExactly(0);
        assertThat(bpe.encode("a<|endoftext|>", bpe.specialTokens())).endsWith(0);
    }

    // BAD-INPUT 61
    @Test
    void aTextAboveTheSizeLimit() {
        refused("above the limit", () -> Utf8.checkLength(Tokenizer.MAX_TEXT_LENGTH + 1L));
        Utf8.checkLength(Tokenizer.MAX_TEXT_LENGTH);
        String text = "x".repeat(Tokenizer.MAX_TEXT_LENGTH + 1);
        refused("200000001 chars", () -> new ByteTokenizer().encode(text));
    }

    // BAD-INPUT 62
    @Test
    void noTokenForTheUnknown() {
        refused("[UNK]", () -> WordPiece.bert(List.of("a", "##b"), BertNormalizer.uncased()));
        BpeVocabulary letters = BpeVocabulary.of(List.of(new byte[] {'a'}), List.of(), List.of());
        var bpe = new ByteLevelBpe(letters, BpeRules.of(new Gpt2PreTokenizer()), TokenizerPipeline.Frame.NONE);
        refused("0x62", () -> bpe.encode("ab"));
        refused("0x62", () -> bpe.encode("ab")); // nothing half known stays behind
        assertThat(bpe.encode("aa")).containsExactly(0, 0);
        refused("'b'", () -> CharTokenizer.of("a").encode("ab"));
    }

    // BAD-INPUT 64, 65, 66
    @Test
    void idsOutsideTheVocabulary() {
        for (Tokenizer tokenizer : List.of(new ByteTokenizer(), CharTokenizer.of("abc"), WordNetBpe.get())) {
            int size = tokenizer.vocabularySize();
            for (int id : new int[] {-1, size, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                refused("id " + id, () -> tokenizer.decode(id));
                refused("id " + id, () -> tokenizer.idToToken(id));
                refused("id " + id, () -> tokenizer.decoder().accept(id));
            }
            assertThat(tokenizer.tokenToId(null)).isEqualTo(-1);
            assertThat(tokenizer.tokenToId("no such token")).isEqualTo(-1);
        }
    }

    // BAD-INPUT 68
    @Test
    void nullIds() {
        for (Tokenizer tokenizer : List.of(new ByteTokenizer(), CharTokenizer.of("a"), WordNetBpe.get())) {
            refused("null", () -> tokenizer.decode((int[]) null));
        }
    }

    // BAD-INPUT 72, 73, 74
    @Test
    void badMergeLines() throws IOException {
        Files.writeString(folder.resolve("vocab.json"), "{\"a\":0,\"b\":1,\"#\":2,\"#a\":3,\"ab\":4}");
        Path merges = folder.resolve("merges.txt");
        Files.writeString(merges, "#version: 0.2\n# a\na b\n");
        ByteLevelBpe good = (ByteLevelBpe) Tokenizers.load(folder);
        assertThat(good.mergeCount()).isEqualTo(2);
        assertThat(good.encode("ab#a")).containsExactly(4, 2, 0); // three pre-tokens
        Files.writeString(merges, "#version: 0.2\na b\na b c\n");
        refused("merges.txt:3:", () -> Tokenizers.load(folder));
        Files.writeString(merges, "#version: 0.2\nab\n");
        refused("merges.txt:2:", () -> Tokenizers.load(folder));
        Files.writeString(merges, "a z\n");
        refused("'z', which is not in the vocabulary", () -> Tokenizers.load(folder));
        Files.writeString(merges, "b a\n");
        refused("'ba', which is not in the vocabulary", () -> Tokenizers.load(folder));
    }

    // BAD-INPUT 75, 76, 77, 85
    @Test
    void badIdsInVocabJsonAndRankFiles() throws IOException {
        Files.writeString(folder.resolve("merges.txt"), "");
        for (String ids : List.of("{\"a\":0,\"b\":0}", "{\"a\":-1}", "{\"a\":0.5}", "{\"a\":2147483648}", "[]")) {
            Files.writeString(folder.resolve("vocab.json"), ids);
            refused("vocab.json", () -> Tokenizers.load(folder));
        }
        Files.writeString(folder.resolve("vocab.json"), "{\"" + "a".repeat(100_000) + "\":0}");
        refused("limit", () -> Tokenizers.load(folder));
        for (String line : List.of(
                "YQ==",
                "YQ== 0 0",
                "?? 0",
                "YQ== x",
                "YQ== -1",
                "YQ== 99999999999",
                " 0",
                "YQ== 0\nYQ== 1",
                "YQ== 0\nYg== 0",
                "YQ== 5000",
                "YWFh".repeat(40_000) + " 0")) {
            refused(
                    "ranks",
                    () -> TiktokenFile.parse(
                            line.getBytes(StandardCharsets.UTF_8), "ranks", new Gpt2PreTokenizer(), Map.of()));
        }
        Files.delete(folder.resolve("vocab.json"));
        for (String text : List.of("[UNK]\na\na\n", "a\nb\n", "[UNK]\n" + "a".repeat(100_000))) {
            Files.writeString(folder.resolve("vocab.txt"), text);
            refused("", () -> Tokenizers.load(folder));
        }
    }

    @Test
    void foldersAndFilesThatAreNoTokenizer() throws IOException {
        refused("no tokenizer there", () -> Tokenizers.load(folder));
        refused("no tokenizer there", () -> Tokenizers.load(folder.resolve("missing")));
        refused("null", () -> Tokenizers.load(null));
        refused("unknown pre-tokenizer", () -> PreTokenizers.named("gpt5"));
        Files.writeString(folder.resolve("a file"), "x");
        refused("cannot be written", () -> Tokenizers.save(new ByteTokenizer(), folder.resolve("a file")));
    }
}
