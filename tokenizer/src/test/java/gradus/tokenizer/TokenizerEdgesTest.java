package gradus.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.DataException;
import gradus.error.GradusException;
import gradus.error.TokenizerException;
import gradus.tokenizer.bpe.BpeRules;
import gradus.tokenizer.bpe.BpeVocabulary;
import gradus.tokenizer.corpus.TokenFile;
import gradus.tokenizer.corpus.TokenFileWriter;
import gradus.tokenizer.format.BpeParts;
import gradus.tokenizer.format.Tokenizers;
import gradus.tokenizer.json.JsonFile;
import gradus.tokenizer.normalize.BertNormalizer;
import gradus.tokenizer.normalize.PrefixSpace;
import gradus.tokenizer.pretokenize.Gpt2PreTokenizer;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.tokenizer.train.Cs336Ties;
import gradus.tokenizer.wordpiece.WordPieceRules;
import gradus.tokenizer.wordpiece.WordPieceVocabulary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rules that decide rarely: each here is one that a tokenizer could have wrong and still pass every ordinary
/// text.
class TokenizerEdgesTest {
    @TempDir
    Path folder;

    private static int[] ids(int n, int first) {
        int[] ids = new int[n];
        for (int i = 0; i < n; i++) {
            ids[i] = first + i;
        }
        return ids;
    }

    // --- truncation

    /// The longer text loses ids until both are equal, then both in turn, the first before the second. Source:
    /// huggingface/tokenizers, `truncate_encodings`.
    @Property(tries = 200)
    void t5_truncationOfPairsByLoop(
            @ForAll @IntRange(max = 30) int first,
            @ForAll @IntRange(max = 30) int second,
            @ForAll @IntRange(min = 4, max = 40) int most,
            @ForAll boolean fromLeft) {
        int specials = 3;
        int n1 = first;
        int n2 = second;
        boolean swap = n1 > n2;
        int small = swap ? n2 : n1;
        int large = swap ? n1 : n2;
        int room = most - specials;
        if (small + large > room) {
            large = small > room ? small : Math.max(small, room - small);
            if (small + large > room) {
                small = room / 2;
                large = small + room % 2;
            }
        }
        int[][] cut = new Truncation(most, 0, fromLeft).apply(ids(first, 0), ids(second, 100), specials);
        int[] kept = {swap ? large : small, swap ? small : large};
        assertThat(cut[0]).isEqualTo(fromLeft ? ids(kept[0], first - kept[0]) : ids(kept[0], 0));
        assertThat(cut[1]).isEqualTo(fromLeft ? ids(kept[1], 100 + second - kept[1]) : ids(kept[1], 100));
        assertThat(cut[0].length + cut[1].length).isLessThanOrEqualTo(Math.max(room, 0));
    }

    @Test
    void t5_truncationKeepsWhatFitsAndNothingMore() {
        var five = new Truncation(5, 0, false);
        assertThat(five.apply(ids(3, 0), null, 2)[0]).hasSize(3);
        assertThat(five.apply(ids(4, 0), null, 2)[0]).containsExactly(0, 1, 2);
        assertThat(new Truncation(5, 0, true).apply(ids(4, 0), null, 2)[0]).containsExactly(1, 2, 3);
        assertThat(five.apply(ids(2, 0), ids(3, 9), 2)[1]).containsExactly(9, 10); // 1 and 2 of the room of 3
        assertThat(five.apply(ids(2, 0), ids(3, 9), 2)[0]).containsExactly(0);
        assertThat(new Truncation(2, 1, false).apply(ids(4, 0), null, 3)[0]).isEmpty();
    }

    // --- BPE

    private static ByteLevelBpe letters(boolean ignoreMerges, String unk, boolean fuse, String... tokens) {
        List<String> spellings = List.of(tokens);
        List<BpeVocabulary.Merge> merges = new ArrayList<>();
        if (spellings.contains("ab") && spellings.contains("b")) {
            merges.add(new BpeVocabulary.Merge(
                    spellings.indexOf("a"), spellings.indexOf("b"), 0, spellings.indexOf("ab")));
        }
        return new ByteLevelBpe(
                BpeVocabulary.ofSpellings(spellings, List.of(), merges),
                new BpeRules(new Gpt2PreTokenizer(), PrefixSpace.NONE, ignoreMerges, unk, fuse),
                TokenizerPipeline.Frame.NONE);
    }

    @Test
    void t5_ignoreMergesTakesAWholePreTokenAndOnlyAWholeOne() {
        String[] tokens = {"a", "b", "ab", "abb"};
        assertThat(letters(false, null, false, tokens).encode("abb")).containsExactly(2, 1);
        assertThat(letters(true, null, false, tokens).encode("abb")).containsExactly(3);
        assertThat(letters(true, null, false, tokens).encode("abba")).containsExactly(2, 1, 0);
    }

    @Test
    void t5_fuseUnkMakesOneOfARunAndNotOfTwoRuns() {
        String[] tokens = {"a", "b", "ab", "?"};
        assertThat(letters(false, "?", false, tokens).encode("axyb")).containsExactly(0, 3, 3, 1);
        assertThat(letters(false, "?", true, tokens).encode("axyb")).containsExactly(0, 3, 1);
        assertThat(letters(false, "?", true, tokens).encode("xxaxx")).containsExactly(3, 0, 3);
        assertThat(letters(false, "?", true, tokens).encode("x!")).containsExactly(3, 3); // two pre-tokens
    }

    @Test
    void t5_theLexicographicRuleLooksAtTheRightSideOfTies() {
        // "ab" and "ac" occur as often and share their left side: the greater right side, c, is merged first.
        var options = BpeTrainerOptions.of(258).withTieRule(new Cs336Ties());
        ByteLevelBpe bpe = new BpeTrainer(options).train("ab!ac!ab!ac");
        assertThat(bpe.idToToken(257)).isEqualTo("ac");
        // Of different left sides the greater one goes first, whatever the right.
        assertThat(new BpeTrainer(options).train("az!ba").idToToken(257)).isEqualTo("ba");
        // Hugging Face's rule goes the other way, by ids.
        ByteLevelBpe theirs = new BpeTrainer(BpeTrainerOptions.of(258)).train("ac!ab");
        assertThat(theirs.idToToken(257)).isEqualTo("ab");
    }

    // --- normalisers

    @Test
    void t5_bertsRangesEndWhereTheyEnd() {
        var bert = BertNormalizer.uncased();
        for (int c : new int[] {
            0x4E00, 0x9FFF, 0x3400, 0x4DBF, 0x20000, 0x2A6DF, 0x2A700, 0x2B73F, 0x2B740, 0x2B81F, 0x2B920, 0x2CEAF,
            0xF900, 0xFAFF, 0x2F800, 0x2FA1F
        }) {
            String text = "x" + Character.toString(c) + "x";
            assertThat(bert.normalize(text)).as("U+%04X", c).startsWith("x ").endsWith(" x");
        }
        for (int c : new int[] {
            0x4DFF, 0xA000, 0x33FF, 0x4DC0, 0x1FFFF, 0x2A6E0, 0x2B820, 0x2B91F, 0x2CEB0, 0xF8FF, 0xFB00, 0x2FA20
        }) {
            String text = "x" + Character.toString(c) + "x";
            assertThat(bert.normalize(text)).as("U+%04X", c).doesNotContain(" ");
        }
        assertThat(bert.normalize("a\u007Fb\u001Fc\u000Bd\u000Ce")).isEqualTo("abcde");
        assertThat(bert.normalize("a\tb\nc\rd")).isEqualTo("a b c d");
        assertThat(bert.normalize("AZ[@`{az")).isEqualTo("az[@`{az");
        assertThat(bert.normalize("\u0130\u00C9\u1E9E")).isEqualTo("ie\u00DF");
    }

    @Test
    void t5_aWordOfExactlyTheLongestLengthIsStillSpelt() {
        var rules = new WordPieceRules("[UNK]", "##", 3, true);
        var wordPiece = new WordPiece(
                new WordPieceVocabulary(List.of("[UNK]", "a", "##a", "\u00E9", "##\u00E9"), "##"),
                rules,
                TokenizerPipeline.Frame.NONE);
        assertThat(wordPiece.encode("aaa")).containsExactly(1, 2, 2);
        assertThat(wordPiece.encode("aaaa")).containsExactly(0);
        assertThat(wordPiece.encode("\u00E9\u00E9\u00E9")).containsExactly(3, 4, 4); // characters, not bytes
    }

    // --- pieces, messages, files

    @Test
    void u5_aPieceIsShownByItsBytes() {
        assertThat(new Piece(12, "Ġthe", " the".getBytes(StandardCharsets.UTF_8)))
                .hasToString("12 'Ġthe' [20 74 68 65]")
                .isEqualTo(new Piece(12, "Ġthe", " the".getBytes(StandardCharsets.UTF_8)))
                .isNotEqualTo(new Piece(12, "Ġthe", " tha".getBytes(StandardCharsets.UTF_8)));
        assertThat(new Piece(1, "\u001B[31m", new byte[0]).toString()).doesNotContain("\u001B");
        assertThat(new Encoding(new int[] {1, 2}, new int[] {0, 1})).hasToString("ids [1, 2], type ids [0, 1]");
    }

    @Test
    void f16_messagesAreTheSameInEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            var texts = new ArrayList<String>();
            for (String tag : List.of("en-US", "de-DE", "ar-EG-u-nu-arab", "hi-IN-u-nu-deva", "tr-TR")) {
                Locale.setDefault(Locale.forLanguageTag(tag));
                texts.add(message(() -> CharTokenizer.of("ab").encode("abc"))
                        + message(() -> new ByteTokenizer().decode(12345))
                        + message(() -> BpeTrainerOptions.of(12))
                        + message(() -> new BpeParts(List.of("a", "a"), List.of(), java.util.Set.of(), "gpt2").build())
                        + message(() -> read("{\"model\":{\"type\":\"BPE\",\"vocab\":[1234567]}}"))
                        + new BertNormalizer(true, true, null, true).normalize("TITLE I"));
            }
            assertThat(texts).containsOnly(texts.getFirst());
        } finally {
            Locale.setDefault(before);
        }
    }

    private static String message(Runnable wrong) {
        try {
            wrong.run();
        } catch (GradusException e) {
            return e.getMessage() + "\n";
        }
        throw new AssertionError("nothing was refused");
    }

    private static Tokenizer read(String json) {
        return Tokenizers.read(JsonFile.parse(json.getBytes(StandardCharsets.UTF_8), "a file"));
    }

    @Test
    void r8_messagesAboutFilesNameThemAreShortAndPlain() throws IOException {
        String evil = "\\u001b[31m\\u0000\\n".repeat(300);
        for (String json : List.of(
                "{\"type\":\"" + evil + "\"}",
                "{\"" + evil + "\":1}",
                "{\"version\":\"" + evil + "\"}",
                "{\"model\":{\"type\":\"" + evil + "\"}}",
                "{\"model\":{\"type\":\"BPE\"},\"decoder\":{\"type\":\"" + evil + "\"}}",
                "{\"model\":" + "9".repeat(400) + "}",
                "{\"model\":{\"type\":\"WordPiece\",\"vocab\":{\"a\":" + "9".repeat(400) + "}}}",
                "{\"model\":{\"type\":\"\\ud800\"}}",
                "{\"model\":{\"type\":null}}",
                "{\"model\":null}")) {
            Files.writeString(folder.resolve("tokenizer.json"), json);
            String message = message(() -> Tokenizers.load(folder));
            assertThat(message.strip()).contains("tokenizer.json").hasSizeLessThanOrEqualTo(500);
            assertThat(message.strip().chars()).noneMatch(c -> c < 0x20 || c == 0x7F);
        }
    }

    @Test
    void r15_halvesOfSurrogatePairsInAFileAreRefused() {
        String added = "{\"added_tokens\":[{\"id\":0,\"content\":\"\\udc00\"}],\"model\":{\"type\":\"WordPiece\","
                + "\"vocab\":{\"[UNK]\":0}},\"pre_tokenizer\":{\"type\":\"BertPreTokenizer\"},\"decoder\":{\"type\":\"WordPiece\"}}";
        assertThat(message(() -> read(added))).contains("surrogate");
        assertThat(message(
                        () -> read(added.replace("\\udc00", "x").replace("\"[UNK]\":0", "\"[UNK]\":1,\"\\ud800\":2"))))
                .containsIgnoringCase("surrogate");
    }

    @Test
    void r7_namesThatCollideInOneFileDoNoHarmToTheNext() {
        var names = new StringBuilder("{");
        for (int i = 0; i < 4_000; i++) { // "Aa" and "BB" have one hash code, and so have all their mixtures
            var name = new StringBuilder();
            for (int bit = 0; bit < 12; bit++) {
                name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            names.append(i == 0 ? "" : ",")
                    .append('"')
                    .append(name)
                    .append("\":")
                    .append(i);
        }
        byte[] colliding = names.append("}").toString().getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Tokenizers.read(JsonFile.parse(colliding, "colliding")))
                .isInstanceOf(TokenizerException.class);
        for (int i = 0; i < 3; i++) {
            assertThat(read("{\"version\":\"1.0\",\"type\":\"CharTokenizer\",\"vocab\":[\"a\"]}")
                            .encode("a"))
                    .containsExactly(0);
        }
    }

    @Test
    void r15_aTokenFileMayBeClosedTwiceAndIsNotReadAfterwards() {
        Path file = folder.resolve("ids.bin");
        TokenFileWriter.write(file, new ByteTokenizer(), new int[] {1, 2, 3});
        TokenFile open = TokenFile.open(file);
        assertThat(open.readAll()).containsExactly(1, 2, 3);
        open.close();
        open.close();
        assertThatThrownBy(() -> open.read(0, 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("closed")
                .hasMessageContaining("ids.bin");
        assertThatThrownBy(() -> TokenFile.open(null)).isInstanceOf(DataException.class);
    }

    @Test
    void r15_anInterruptedWriterSaysSo() {
        var writer = new TokenFileWriter(folder.resolve("ids.bin"), new ByteTokenizer());
        writer.accept(new int[] {1});
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(writer::finish)
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("interrupted")
                    .hasMessageNotContaining("null");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void t5_ignoreMergesTakesTheTokenOfNumber0Too() {
        assertThat(letters(true, null, false, "abb", "a", "b", "ab").encode("abbabb"))
                .containsExactly(3, 2, 3, 2);
        assertThat(letters(true, null, false, "abb", "a", "b", "ab").encode("abb"))
                .containsExactly(0);
    }

    /// With a length of the caller's, the side that is cut is still the file's.
    @Test
    void t5_aLengthOfTheCallersCutsOnTheFilesSide() {
        ByteLevelBpe bpe = letters(false, null, false, "a", "b");
        for (boolean fromLeft : new boolean[] {false, true}) {
            TokenizerPipeline cut = bpe.withFrame(bpe.frame().withLengths(new Truncation(9, 0, fromLeft), null));
            assertThat(cut.encodeForModel("abbb", 2).ids()).isEqualTo(fromLeft ? new int[] {1, 1} : new int[] {0, 1});
        }
        assertThat(bpe.encodeForModel("abbb", 2).ids()).containsExactly(0, 1);
        assertThatThrownBy(() -> new Truncation(3, 3, false)).isInstanceOf(TokenizerException.class);
        assertThat(new Truncation(3, 2, false).stride()).isEqualTo(2);
    }

    /// A decoder that has ended one text begins the next as a new one: no space before its first word.
    @Test
    void t5_aDecoderBeginsAnewBehindItsEnd() {
        var wordPiece = new WordPiece(
                new WordPieceVocabulary(List.of("[UNK]", "a", "##b"), "##"),
                WordPieceRules.BERT,
                TokenizerPipeline.Frame.NONE);
        StreamingDecoder decoder = wordPiece.decoder();
        for (int text = 0; text < 3; text++) {
            assertThat(decoder.accept(1) + decoder.accept(2) + decoder.accept(1) + decoder.finish())
                    .isEqualTo("ab a");
        }
    }

    /// BERT counts the second text, and the mark behind it, as type 1.
    @Test
    void t5_theTypesOfAPair() {
        Template bert = Template.bert(new Template.Special("[CLS]", 7, 0), new Template.Special("[SEP]", 8, 0));
        Encoding pair = bert.apply(new int[] {1, 2}, new int[] {3});
        assertThat(pair.ids()).containsExactly(7, 1, 2, 8, 3, 8);
        assertThat(pair.typeIds()).containsExactly(0, 0, 0, 0, 1, 1);
        assertThat(bert.specialCount(true)).isEqualTo(3);
        assertThat(bert.specialCount(false)).isEqualTo(2);
    }

    /// Every word gets its space, and one that has it no second.
    @Test
    void t5_aSpaceBeforeEachPieceThatHasNone() {
        List<String> spellings = List.of("a", "b", "\u0120");
        var bpe = new ByteLevelBpe(
                BpeVocabulary.ofSpellings(spellings, List.of(), List.of()),
                new BpeRules(new Gpt2PreTokenizer(), PrefixSpace.PIECE, false, null, false),
                TokenizerPipeline.Frame.NONE);
        assertThat(bpe.encode("a b")).containsExactly(2, 0, 2, 1);
    }

    /// Cleaning drops what replaces broken characters, as it drops NUL; not cleaning keeps both.
    @Test
    void t5_bertDropsTheReplacementCharacter() {
        assertThat(BertNormalizer.uncased().normalize("a\uFFFDb\u0000\u00E9")).isEqualTo("abe");
        assertThat(new BertNormalizer(false, true, false, true).normalize("a\uFFFDb\u0000"))
                .isEqualTo("a\uFFFDb\u0000");
    }
}
