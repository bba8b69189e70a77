package gradus.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tokenizer.bpe.RankQueue;
import gradus.tokenizer.corpus.Progress;
import gradus.tokenizer.pretokenize.PreTokenizer;
import gradus.tokenizer.pretokenize.PreTokenizers;
import gradus.tokenizer.text.CharClass;
import gradus.tokenizer.text.Utf8;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.tokenizer.train.WordPieceFrequencyTrainer;
import gradus.tokenizer.train.WordPieceTrainerOptions;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Texts made to be slow. No clock is looked at: the work is counted. A pre-tokenizer may read only a few bytes
/// behind the piece that it finds, and merging may queue only so many pairs for each byte.
public class HardTextsTest {
    private static final int MEGABYTE = 1 << 20;
    private static final List<String> UNITS = List.of("x", "^", "0", "'s", " ", "\n", "aA", "中", "e\u0301", "\u3000");

    // BAD-INPUT 54
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "cl100k", "llama3", "qwen2", "o200k"})
    void runsOfOneThing(String preTokenizer) {
        ByteLevelBpe bpe = runs(preTokenizer);
        for (String unit : UNITS) {
            check(preTokenizer + " on runs of '" + unit + "'", bpe, n -> unit.repeat(n / unit.length()));
        }
    }

    /// Behind a piece, a rule looks at the rest of the white space there (which the next piece takes) and at the
    /// beginning of one or two characters more. So no byte is read more than a few times, however long the text.
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "cl100k", "llama3", "qwen2", "o200k"})
    void t4_aPreTokenizerReadsHardlyBeyondThePieceItFinds(String name) {
        PreTokenizer preTokenizer = PreTokenizers.named(name);
        List<String> texts = new java.util.ArrayList<>();
        UNITS.forEach(unit -> texts.add(unit.repeat(2_000)));
        UNITS.forEach(unit -> texts.add((unit + " \n").repeat(300) + unit.repeat(300) + " a"));
        texts.add(letters(4_000, 26));
        texts.add("aB".repeat(500) + "AAAb".repeat(300) + "'".repeat(500) + "''s".repeat(300) + "/\n".repeat(300));
        texts.add(" \n".repeat(800) + " ".repeat(800) + "x");
        for (String text : texts) {
            byte[] utf8 = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            for (int from = 0; from < utf8.length; ) {
                int end = preTokenizer.end(utf8, from, utf8.length);
                int reach = end;
                while (reach < utf8.length && CharClass.isWhiteSpace(Utf8.codePointAt(utf8, reach))) {
                    reach += Utf8.width(utf8[reach]);
                }
                // The array ends there, though `to` does not: to read further would be out of bounds.
                byte[] cut = java.util.Arrays.copyOfRange(utf8, from, Math.min(utf8.length, reach + 8));
                assertThat(preTokenizer.end(cut, 0, utf8.length - from)).isEqualTo(end - from);
                from = end;
            }
        }
    }

    /// n symbols have n − 1 pairs, and each merge makes two new pairs at most: fewer than 3n are ever queued.
    @Test
    void t4_mergingQueuesFewerThanThreePairsForEachByte() {
        ByteLevelBpe bpe = runs("gpt2");
        for (String unit : UNITS) {
            for (int size : new int[] {10_000, 20_000}) {
                byte[] utf8 = unit.repeat(size / unit.length()).getBytes(java.nio.charset.StandardCharsets.UTF_8);
                int[] ids = new int[utf8.length];
                for (int i = 0; i < ids.length; i++) {
                    ids[i] = bpe.vocabulary().idOfByte(utf8[i]);
                }
                var queue = new RankQueue();
                int left = bpe.vocabulary().mergeTable().mergeLong(ids, 0, ids.length, queue);
                assertThat(queue.pushed()).as(unit).isBetween(1L, 3L * utf8.length);
                assertThat(left).as(unit).isLessThan(utf8.length);
            }
        }
    }

    /// A tokenizer that has learned to merge runs.
    private static ByteLevelBpe runs(String preTokenizer) {
        var text = new StringBuilder(WordNetText.text().substring(0, 50_000));
        UNITS.forEach(unit -> text.append(unit.repeat(3_000)).append("|"));
        return new BpeTrainer(BpeTrainerOptions.of(1_000).withPreTokenizer(PreTokenizers.named(preTokenizer)))
                .train(text.toString());
    }

    // BAD-INPUT 55
    @Test
    void randomLetters() {
        check("random letters", WordNetBpe.get(), n -> letters(n, 26));
        check("random a and b", WordNetBpe.get(), n -> letters(n, 2));
    }

    @Test
    void wordPieceOnRuns() {
        WordPiece wordPiece = new WordPieceFrequencyTrainer(WordPieceTrainerOptions.of(600))
                .train(WordNetText.text().substring(0, 99_999));
        for (String unit : UNITS) {
            check("WordPiece on runs of '" + unit + "'", wordPiece, n -> unit.repeat(n / unit.length()));
        }
        check("WordPiece on random letters", wordPiece, n -> letters(n, 26));
    }

    private static String letters(int n, int kinds) {
        var random = new Random(n);
        var text = new StringBuilder(n);
        for (int i = 0; i < n; i++) {
            text.append((char) ('a' + random.nextInt(kinds)));
        }
        return text.toString();
    }

    // BAD-INPUT 50
    @Test
    void trainingOnOneGiantWord() {
        var trainer = new BpeTrainer(BpeTrainerOptions.of(400), 1, Progress.NONE);
        String word = letters(MEGABYTE, 4);
        ByteLevelBpe bpe = trainer.train(word);
        assertThat(bpe.vocabularySize()).isEqualTo(400);
        assertThat(bpe.decode(bpe.encode(word)).equals(word)).isTrue();
    }

    /// A megabyte comes back whole. An encoder that takes quadratic time would need hours for it.
    private static void check(String what, Tokenizer tokenizer, Function<Integer, String> text) {
        String hard = text.apply(MEGABYTE);
        int[] ids = tokenizer.encode(hard);
        if (tokenizer instanceof ByteLevelBpe) { // WordPiece forgets spaces
            assertThat(tokenizer.decode(ids).equals(hard)).as(what).isTrue();
        }
    }
}
