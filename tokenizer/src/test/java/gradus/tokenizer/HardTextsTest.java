package gradus.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Texts made to be slow: each takes under a second for 1 MB, and twice the text at most 2.3 times as long.
class HardTextsTest {
    private static final int MEGABYTE = 1 << 20;
    private static final List<String> UNITS =
            List.of("x", "^", "0", "'s", " ", "\n", "\r\n ", "aA", "中", "e\u0301", "\u3000", "<|", "xyz");

    // BAD-INPUT 54
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "cl100k", "llama3", "qwen2", "o200k"})
    void runsOfOneThing(String preTokenizer) {
        ByteLevelBpe bpe = runs(preTokenizer);
        for (String unit : UNITS) {
            checkTime(preTokenizer + " on runs of '" + unit + "'", bpe, n -> unit.repeat(n / unit.length()));
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
        checkTime("random letters", WordNetBpe.get(), n -> letters(n, 26));
        checkTime("random a and b", WordNetBpe.get(), n -> letters(n, 2));
    }

    @Test
    void wordPieceOnRuns() {
        WordPiece wordPiece = new WordPieceFrequencyTrainer(WordPieceTrainerOptions.of(600))
                .train(WordNetText.text().substring(0, 99_999));
        for (String unit : UNITS) {
            checkTime("WordPiece on runs of '" + unit + "'", wordPiece, n -> unit.repeat(n / unit.length()));
        }
        checkTime("WordPiece on random letters", wordPiece, n -> letters(n, 26));
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
        double one = best(() -> new BpeTrainer(BpeTrainerOptions.of(400)).train(letters(MEGABYTE, 4)));
        double two = best(() -> new BpeTrainer(BpeTrainerOptions.of(400)).train(letters(2 * MEGABYTE, 4)));
        assertThat(two / one).isLessThan(2.3);
    }

    private static void checkTime(String what, Tokenizer tokenizer, Function<Integer, String> text) {
        String one = text.apply(MEGABYTE);
        String two = text.apply(2 * MEGABYTE);
        tokenizer.encode(one);
        double first = best(() -> tokenizer.encode(one));
        double second = best(() -> tokenizer.encode(two));
        assertThat(first).as(what + ", seconds for 1 MB").isLessThan(1.0);
        // Below 30 ms a pause of the machine outweighs the text.
        assertThat(second).as(what + ", twice the text").isLessThan(2.3 * Math.max(first, 0.03));
    }

    /// The best of five: the machine's other work only ever adds.
    private static double best(Runnable work) {
        double best = Double.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            work.run();
            best = Math.min(best, (System.nanoTime() - start) / 1e9);
        }
        return best;
    }
}
