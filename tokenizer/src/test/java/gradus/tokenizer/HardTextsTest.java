package gradus.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Texts made to be slow. The limit on time is wide enough for any machine and far below what an algorithm of more than
/// nearly linear time would take; figures are a benchmark's business.
@Timeout(120)
class HardTextsTest {
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

    /// One and two megabytes come back whole. An encoder that takes quadratic time would need hours for them.
    private static void check(String what, Tokenizer tokenizer, Function<Integer, String> text) {
        for (int size : new int[] {MEGABYTE, 2 * MEGABYTE}) {
            String hard = text.apply(size);
            int[] ids = tokenizer.encode(hard);
            if (tokenizer instanceof ByteLevelBpe) { // WordPiece forgets spaces
                assertThat(tokenizer.decode(ids).equals(hard)).as(what).isTrue();
            }
        }
    }
}
