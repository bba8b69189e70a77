package gradus.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Texts made to be slow: each takes under a second for 1 MB, and twice the text at most 2.3 times as long.
class HardTextsTest {
    private static final int MEGABYTE = 1 << 20;
    private static final List<String> UNITS = List.of("x", "^", "0", "'s", " ", "\n", "aA", "中", "e\u0301", "\u3000");

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
        var trainer = new BpeTrainer(BpeTrainerOptions.of(400), 1, Progress.NONE);
        double eighth = best(PROCESS_TIME, () -> trainer.train(letters(MEGABYTE / 8, 4)));
        double one = best(PROCESS_TIME, () -> trainer.train(letters(MEGABYTE, 4)));
        assertThat(Math.cbrt(one / eighth)).isLessThan(2.3);
    }

    /// Time is the thread's own, so that other work of the machine does not count. The ratio is the mean of three
    /// doublings: one alone is at the mercy of where a cache ends.
    private static void checkTime(String what, Tokenizer tokenizer, Function<Integer, String> text) {
        String quarter = text.apply(MEGABYTE / 4);
        String one = text.apply(MEGABYTE);
        String two = text.apply(2 * MEGABYTE);
        tokenizer.encode(one);
        assertThat(best(THREAD_TIME, () -> tokenizer.encode(one)))
                .as(what + ", seconds for 1 MB")
                .isLessThan(1.0);
        double ratio =
                best(THREAD_TIME, () -> tokenizer.encode(two)) / best(THREAD_TIME, () -> tokenizer.encode(quarter));
        assertThat(Math.cbrt(ratio)).as(what + ", twice the text").isLessThan(2.3);
    }

    private static final LongSupplier THREAD_TIME = ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime;
    private static final LongSupplier PROCESS_TIME = ((com.sun.management.OperatingSystemMXBean)
            ManagementFactory.getOperatingSystemMXBean())::getProcessCpuTime;

    /// The best of three, in seconds.
    private static double best(LongSupplier clock, Runnable work) {
        double best = Double.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long start = clock.getAsLong();
            work.run();
            best = Math.min(best, (clock.getAsLong() - start) / 1e9);
        }
        return Math.max(best, 1e-4);
    }
}
