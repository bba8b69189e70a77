package gradus.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tokenizer.format.Tokenizers;
import gradus.tokenizer.json.JsonFile;
import gradus.tokenizer.text.PieceTrie;
import gradus.tokenizer.unigram.Viterbi;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// The best segmentation against all segmentations there are. Scores are quarters, so sums are exact in float32
/// and float64 and ties are common.
class UnigramOracleTest {
    private static final String LETTERS = "abé▁";

    private record Vocabulary(List<String> pieces, double[] scores, double lowest) {
        Viterbi viterbi(boolean float32) {
            return new Viterbi(PieceTrie.of(pieces), scores, lowest, float32);
        }
    }

    private static Vocabulary draw(Random random) {
        Map<String, Double> pieces = new LinkedHashMap<>();
        for (int i = random.nextInt(1, 14); i > 0; i--) {
            pieces.put(text(random, 1, 4), -random.nextInt(0, 24) / 4.0);
        }
        double lowest = pieces.values().stream().mapToDouble(x -> x).min().orElseThrow();
        double[] scores = pieces.values().stream().mapToDouble(x -> x).toArray();
        return new Vocabulary(List.copyOf(pieces.keySet()), scores, lowest);
    }

    private static String text(Random random, int least, int most) {
        var text = new StringBuilder();
        for (int n = random.nextInt(least, most + 1); n > 0; n--) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    /// All ways to cut the text, each as its pieces.
    private static List<List<String>> all(String text, Vocabulary vocabulary) {
        if (text.isEmpty()) {
            return List.of(List.of());
        }
        var ways = new ArrayList<List<String>>();
        for (int end = 1; end <= text.length(); end++) {
            String first = text.substring(0, end);
            if (end == 1 || vocabulary.pieces.contains(first)) {
                for (List<String> rest : all(text.substring(end), vocabulary)) {
                    var way = new ArrayList<>(List.of(first));
                    way.addAll(rest);
                    ways.add(way);
                }
            }
        }
        return ways;
    }

    private static double score(List<String> way, Vocabulary vocabulary) {
        return way.stream()
                .mapToDouble(piece -> {
                    int id = vocabulary.pieces.indexOf(piece);
                    return id < 0 ? vocabulary.lowest - 10 : vocabulary.scores[id];
                })
                .sum();
    }

    private static List<String> cut(Viterbi viterbi, String text, BitSet forbidden) {
        byte[] utf8 = ("ba" + text + "ab").getBytes(StandardCharsets.UTF_8); // a part of a longer text
        var pieces = new ArrayList<String>();
        viterbi.segment(utf8, 2, utf8.length - 2, forbidden, (from, to, id) -> {
            pieces.add(new String(utf8, from, to - from, StandardCharsets.UTF_8));
        });
        return pieces;
    }

    /// Of equal sums the one with the longest last piece, then the longest last but one, and so on.
    private static List<String> best(String text, Vocabulary vocabulary) {
        List<String> best = null;
        for (List<String> way : all(text, vocabulary)) {
            if (best == null
                    || score(way, vocabulary) > score(best, vocabulary)
                    || score(way, vocabulary) == score(best, vocabulary) && endsLonger(way, best)) {
                best = way;
            }
        }
        return best;
    }

    private static boolean endsLonger(List<String> a, List<String> b) {
        for (int i = 1; ; i++) {
            int difference = a.get(a.size() - i).length() - b.get(b.size() - i).length();
            if (difference != 0) {
                return difference > 0;
            }
        }
    }

    @Property(tries = 400)
    void theBestOfAllSegmentations(@ForAll long seed, @ForAll boolean float32) {
        var random = new Random(seed);
        Vocabulary vocabulary = draw(random);
        String text = text(random, 1, 9);
        assertThat(cut(vocabulary.viterbi(float32), text, new BitSet()))
                .as("%s in %s", text, vocabulary)
                .isEqualTo(best(text, vocabulary));
    }

    /// A score for each character added to all pieces, and to the unknown, changes every sum alike.
    @Property(tries = 200)
    void aPricePerCharacterChangesNothing(@ForAll long seed, @ForAll @IntRange(min = -20, max = 20) int quarters) {
        var random = new Random(seed);
        Vocabulary drawn = draw(random);
        var pieces = new ArrayList<>(drawn.pieces);
        LETTERS.chars()
                .mapToObj(Character::toString)
                .filter(c -> !pieces.contains(c))
                .forEach(pieces::add);
        double[] scores = new double[pieces.size()];
        double[] shifted = new double[pieces.size()];
        for (int id = 0; id < scores.length; id++) {
            scores[id] = id < drawn.scores.length ? drawn.scores[id] : -30;
            shifted[id] = scores[id] + quarters / 4.0 * pieces.get(id).length();
        }
        String text = text(random, 1, 30);
        PieceTrie trie = PieceTrie.of(pieces);
        assertThat(cut(new Viterbi(trie, shifted, 0, false), text, new BitSet()))
                .isEqualTo(cut(new Viterbi(trie, scores, 0, false), text, new BitSet()));
    }

    @Property(tries = 200)
    void aForbiddenPieceIsAsIfItWereNotThere(@ForAll long seed) {
        var random = new Random(seed);
        Vocabulary vocabulary = draw(random);
        int id = random.nextInt(vocabulary.pieces.size());
        var pieces = new ArrayList<>(vocabulary.pieces);
        pieces.set(id, "never in the text");
        var forbidden = new BitSet();
        forbidden.set(id);
        String text = text(random, 1, 20);
        assertThat(cut(vocabulary.viterbi(false), text, forbidden))
                .isEqualTo(cut(
                        new Viterbi(PieceTrie.of(pieces), vocabulary.scores, vocabulary.lowest, false),
                        text,
                        new BitSet()));
    }

    /// The work for a text is at most that of the longest piece at each place, whatever the text.
    @Property(tries = 100)
    void workGrowsWithTheText(@ForAll long seed) {
        var random = new Random(seed);
        Vocabulary vocabulary = draw(random);
        byte[] run = text(random, 1, 1).repeat(20_000).getBytes(StandardCharsets.UTF_8);
        long steps = vocabulary.viterbi(true).segment(run, 0, run.length, new BitSet(), (from, to, id) -> {});
        int longest = vocabulary.pieces.stream()
                .mapToInt(piece -> piece.getBytes(StandardCharsets.UTF_8).length)
                .max()
                .orElseThrow();
        assertThat(steps).isLessThanOrEqualTo(run.length * (longest + 1L));
    }

    /// Above 2²⁴ float32 knows even numbers only: there two pieces tie with one, and the longer stands; in float64
    /// they are better by a half.
    @Test
    void t5_sumsAreRoundedWhereFloat32IsAsked() {
        List<String> pieces = List.of("a", "b", "ab");
        double[] scores = {-16_777_216, -1.5, -16_777_218};
        PieceTrie trie = PieceTrie.of(pieces);
        assertThat(cut(new Viterbi(trie, scores, -16_777_218, true), "ab", new BitSet()))
                .containsExactly("ab");
        assertThat(cut(new Viterbi(trie, scores, -16_777_218, false), "ab", new BitSet()))
                .containsExactly("a", "b");
    }

    /// The text `<unk>` is a piece too, and one with the unknown characters beside it: the ids are those of
    /// huggingface/tokenizers 0.23.
    @Test
    void t5_aRunOfUnknownsHoldsTheTextOfUnkToo() {
        String json = """
                {"version":"1.0","added_tokens":[],"normalizer":null,
                 "pre_tokenizer":{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true},
                 "post_processor":null,"decoder":{"type":"Metaspace","replacement":"▁"},
                 "model":{"type":"Unigram","unk_id":0,"byte_fallback":false,
                          "vocab":[["<unk>",0.0],["▁",-2.0],["a",-1.5],["▁a",-1.0]]}}
                """;
        Tokenizer unigram = Tokenizers.read(JsonFile.parse(json.getBytes(StandardCharsets.UTF_8), "unigram"));
        assertThat(unigram.encode("a<unk>xa")).containsExactly(3, 0, 2);
        assertThat(unigram.encode("axx<unk>")).containsExactly(3, 0);
        assertThat(unigram.encode("x<unk>x a")).containsExactly(1, 0, 3);
        assertThat(unigram.encode("ax a")).containsExactly(3, 0, 3);
    }
}
