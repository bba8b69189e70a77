package gradus.tokenizer.bpe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.TokenizerException;
import gradus.tokenizer.sentencepiece.PieceVocabulary;
import gradus.tokenizer.sentencepiece.SentencePieceModel;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Entry;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Kind;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Spec;
import gradus.tokenizer.sentencepiece.SentencePieceModel.Type;
import gradus.tokenizer.sentencepiece.SentencePieceSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/// Merging by score against the rule said plainly: look at all neighbours, merge the best, and again.
class PieceMergesTest {
    private static final String LETTERS = "abcé▁";

    private static Entry normal(String text, double score) {
        return new Entry(text, (float) score, Type.NORMAL);
    }

    private static SentencePieceSpec spec(List<Entry> entries) {
        var all = new ArrayList<>(List.of(new Entry("<unk>", 0, Type.UNKNOWN)));
        all.addAll(entries);
        var model = new SentencePieceModel(Kind.BPE, all, false, new Spec(null, false, false, true));
        return new SentencePieceSpec(model, SentencePieceSpec.Dialect.SENTENCEPIECE);
    }

    private static PieceVocabulary vocabulary(SentencePieceSpec spec) {
        List<String> tokens = spec.model().entries().stream().map(Entry::text).toList();
        return new PieceVocabulary(tokens);
    }

    private static List<String> merge(SentencePieceSpec spec, String text, BitSet forbidden) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        var symbols = new ArrayList<String>();
        PieceMerges.byScore(vocabulary(spec), spec).apply(utf8, 0, utf8.length, forbidden, (from, to, id) -> {
            symbols.add(new String(utf8, from, to - from, StandardCharsets.UTF_8));
        });
        return symbols;
    }

    /// The library's rule without a queue: O(n²).
    private static List<String> slowly(SentencePieceSpec spec, String text) {
        var symbols = new ArrayList<String>(
                text.codePoints().mapToObj(Character::toString).toList());
        while (true) {
            int best = -1;
            float bestScore = 0;
            for (int i = 0; i + 1 < symbols.size(); i++) {
                String pair = symbols.get(i) + symbols.get(i + 1);
                for (Entry entry : spec.model().entries()) {
                    boolean fits = entry.type() == Type.NORMAL && entry.text().equals(pair);
                    if (fits && (best < 0 || entry.score() > bestScore)) {
                        best = i;
                        bestScore = entry.score();
                    }
                }
            }
            if (best < 0) {
                return symbols;
            }
            symbols.set(best, symbols.get(best) + symbols.remove(best + 1));
        }
    }

    private static String text(Random random, int least, int most) {
        var text = new StringBuilder();
        for (int n = random.nextInt(least, most + 1); n > 0; n--) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    private static List<Entry> draw(Random random) {
        Set<String> texts = new LinkedHashSet<>();
        for (int i = random.nextInt(2, 25); i > 0; i--) {
            texts.add(text(random, 1, 4));
        }
        // Few scores, so that ties are common.
        return texts.stream().map(text -> normal(text, -random.nextInt(8))).toList();
    }

    /// Texts longer than what `Merges` searches without its queue, too.
    @Property(tries = 400)
    void mergesAsTheRuleSays(@ForAll long seed, @ForAll boolean isLong) {
        var random = new Random(seed);
        SentencePieceSpec spec = spec(draw(random));
        String text = text(random, 1, isLong ? 200 : 12);
        assertThat(merge(spec, text, new BitSet())).isEqualTo(slowly(spec, text));
    }

    @Test
    void ofEqualScoresTheLeftmostPairIsMerged() {
        SentencePieceSpec spec = spec(List.of(normal("a", 0), normal("aa", -1), normal("aaa", -2)));
        assertThat(merge(spec, "aaaaa", new BitSet())).containsExactly("aa", "aaa");
    }

    /// `é` is no piece by itself, yet `aé` is.
    @Test
    void aCharacterThatIsNoPieceIsMergedToo() {
        SentencePieceSpec spec = spec(List.of(normal("a", 0), normal("aé", -1), normal("aéa", -2)));
        assertThat(merge(spec, "éaéa", new BitSet())).containsExactly("é", "aéa");
    }

    @Test
    void userDefinedSymbolsAreNeverMerged() {
        SentencePieceSpec spec = spec(List.of(
                normal("a", 0),
                normal("b", 0),
                normal("ab", -1),
                normal("ba", -1),
                new Entry("bb", 0, Type.USER_DEFINED)));
        assertThat(merge(spec, "abbab", new BitSet())).containsExactly("a", "bb", "ab");
    }

    @Test
    void aForbiddenPieceIsNotMade() {
        SentencePieceSpec spec = spec(List.of(normal("a", 0), normal("aa", -1), normal("aaa", -2)));
        var forbidden = new BitSet();
        forbidden.set(2);
        assertThat(merge(spec, "aaa", forbidden)).containsExactly("a", "a", "a");
    }

    @Test
    void unusedPiecesOfABpeAreRefused() {
        SentencePieceSpec spec = spec(List.of(new Entry("ab", 0, Type.UNUSED)));
        assertThatThrownBy(() -> PieceMerges.byScore(vocabulary(spec), spec))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("'ab', is UNUSED");
    }
}
