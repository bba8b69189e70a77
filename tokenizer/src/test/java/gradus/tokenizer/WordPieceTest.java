package gradus.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tokenizer.corpus.Progress;
import gradus.tokenizer.json.JsonFields;
import gradus.tokenizer.normalize.BertNormalizer;
import gradus.tokenizer.train.WordPieceFrequencyTrainer;
import gradus.tokenizer.train.WordPieceLikelihoodTrainer;
import gradus.tokenizer.train.WordPieceTrainer;
import gradus.tokenizer.train.WordPieceTrainerOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class WordPieceTest {
    private static final List<String> COURSE =
            List.of("[UNK]", "b", "h", "p", "##g", "##n", "##s", "##u", "##gs", "hu", "hugs");

    private static List<String> pieces(Tokenizer tokenizer, String text) {
        return tokenizer.inspect(text).stream().map(Piece::token).toList();
    }

    @Test
    void goldenOfTheCourse() {
        WordPiece tokenizer = WordPiece.bert(COURSE, BertNormalizer.uncased());
        assertThat(pieces(tokenizer, "hugs")).containsExactly("hugs");
        assertThat(pieces(tokenizer, "bugs")).containsExactly("b", "##u", "##gs");
        assertThat(pieces(tokenizer, "mug bum")).containsExactly("[UNK]", "[UNK]");
    }

    @Test
    void longestMatchByLoop() {
        WordPiece tokenizer = new WordPieceFrequencyTrainer(WordPieceTrainerOptions.of(900))
                .train(WordNetText.text().substring(0, 200_000));
        for (String word :
                WordNetText.text().substring(150_000, 300_000).toLowerCase().split("[^a-z]+")) {
            if (!word.isEmpty()) {
                assertThat(pieces(tokenizer, word)).as(word).isEqualTo(greedy(tokenizer, word));
            }
        }
    }

    /// The rule as Devlin et al. state it.
    private static List<String> greedy(WordPiece tokenizer, String word) {
        var pieces = new ArrayList<String>();
        for (int start = 0, end; start < word.length(); start = end) {
            for (end = word.length(); end > start; end--) {
                String piece = (start > 0 ? "##" : "") + word.substring(start, end);
                if (tokenizer.tokenToId(piece) >= 0) {
                    pieces.add(piece);
                    break;
                }
            }
            if (end == start) {
                return List.of("[UNK]");
            }
        }
        return pieces;
    }

    @Test
    void likelihoodGoldenOfTheCourse() {
        var counts = new LinkedHashMap<String, Long>();
        counts.put("hug", 10L);
        counts.put("pug", 5L);
        counts.put("pun", 12L);
        counts.put("bun", 4L);
        counts.put("hugs", 5L);
        WordPiece tokenizer = likelihood(counts, 1 + 7 + 3);
        List<String> tokens = tokenizer.vocabulary().tokens();
        assertThat(tokens.subList(8, tokens.size())).containsExactly("##gs", "hu", "hugs");
        assertThat(tokens.subList(1, 8)).containsExactly("##g", "##n", "##s", "##u", "b", "h", "p");
    }

    private static WordPiece likelihood(Map<String, Long> counts, int size) {
        return new WordPieceLikelihoodTrainer(WordPieceTrainerOptions.of(size).withSpecialTokens(List.of("[UNK]")))
                .train(counts);
    }

    @Property(tries = 200)
    void likelihoodByFullRecount(
            @ForAll List<@StringLength(min = 1, max = 6) @CharRange(from = 'a', to = 'c') String> words,
            @ForAll @IntRange(min = 1, max = 12) int merges) {
        if (words.isEmpty()) {
            return;
        }
        var counts = new LinkedHashMap<String, Long>();
        words.forEach(word -> counts.merge(word, 1L, Long::sum));
        List<String> slow = slowLikelihood(counts, merges);
        int alphabet = slow.removeLast().length();
        var fast = likelihood(counts, 1 + alphabet + slow.size());
        List<String> tokens = fast.vocabulary().tokens();
        assertThat(tokens.subList(1 + alphabet, tokens.size())).isEqualTo(slow);
        // Only the proportions of the counts matter.
        var tripled = new LinkedHashMap<String, Long>();
        counts.forEach((word, count) -> tripled.put(word, 3 * count));
        assertThat(likelihood(tripled, 1 + alphabet + slow.size()).vocabulary().tokens())
                .isEqualTo(tokens);
    }

    /// New tokens in order, then a string as long as the alphabet is large.
    private static List<String> slowLikelihood(Map<String, Long> counts, int merges) {
        var splits = new LinkedHashMap<String, List<String>>();
        var alphabet = new java.util.TreeSet<String>();
        for (String word : counts.keySet()) {
            var split = new ArrayList<String>();
            for (int i = 0; i < word.length(); i++) {
                split.add((i > 0 ? "##" : "") + word.charAt(i));
            }
            splits.put(word, split);
            alphabet.addAll(split);
        }
        var learned = new ArrayList<String>();
        while (learned.size() < merges) {
            var symbols = new HashMap<String, Long>();
            var pairs = new LinkedHashMap<List<String>, Long>();
            splits.forEach((word, split) -> {
                for (int i = 0; i < split.size(); i++) {
                    symbols.merge(split.get(i), counts.get(word), Long::sum);
                    if (i + 1 < split.size()) {
                        pairs.merge(List.of(split.get(i), split.get(i + 1)), counts.get(word), Long::sum);
                    }
                }
            });
            List<String> best = null;
            for (List<String> pair : pairs.keySet()) {
                if (best == null
                        || pairs.get(pair) * symbols.get(best.get(0)) * symbols.get(best.get(1))
                                > pairs.get(best) * symbols.get(pair.get(0)) * symbols.get(pair.get(1))) {
                    best = pair;
                }
            }
            if (best == null) {
                break;
            }
            String merged = best.get(0) + best.get(1).substring(2);
            List<String> pair = best;
            splits.values().forEach(split -> {
                for (int i = 0; i + 1 < split.size(); i++) {
                    if (split.get(i).equals(pair.get(0)) && split.get(i + 1).equals(pair.get(1))) {
                        split.set(i, merged);
                        split.remove(i + 1);
                    }
                }
            });
            if (!learned.contains(merged)) {
                learned.add(merged);
            }
        }
        learned.add("x".repeat(alphabet.size()));
        return learned;
    }

    @Test
    void sameVocabularyAsTheRustTrainerInItsTieOrder() {
        List<String> golden = Texts.golden("wordnet-wordpiece-4096").list("vocab").stream()
                .map(JsonFields::text)
                .toList();
        // The Rust library numbers `##x` in the order of a hash map; the golden file shows that run's order.
        List<String> inner = golden.stream()
                .filter(t -> t.startsWith("##") && t.codePointCount(2, t.length()) == 1)
                .map(t -> t.substring(2))
                .toList();
        var options = WordPieceTrainerOptions.of(4096);
        WordPiece ours = new WordPieceFrequencyTrainer(options, 2, Progress.NONE, inner).train(WordNetText.text());
        assertThat(ours.vocabulary().tokens()).isEqualTo(golden);
    }

    @Test
    void aPairThatOccursMinFrequencyTimesIsMergedStill() {
        Map<String, Long> counts = new LinkedHashMap<>(Map.of("ab", 3L));
        counts.put("cd", 2L);
        for (int most = 4; most >= 2; most--) {
            var options = WordPieceTrainerOptions.of(20)
                    .withSpecialTokens(List.of("[UNK]"))
                    .withMinFrequency(most);
            List<String> learned = most == 4 ? List.of() : most == 3 ? List.of("ab") : List.of("cd", "ab");
            for (WordPieceTrainer trainer :
                    List.of(new WordPieceFrequencyTrainer(options), new WordPieceLikelihoodTrainer(options))) {
                List<String> tokens = trainer.train(counts).vocabulary().tokens();
                assertThat(tokens)
                        .filteredOn(token -> token.length() == 2)
                        .as("%s", trainer)
                        .containsExactlyInAnyOrderElementsOf(learned);
            }
        }
    }

    /// Scores `1/x` of counts so large that they differ in the fourteenth digit: whole numbers still tell them apart.
    @Test
    void theSmallestDifferenceOfScoresDecides() {
        var counts = new LinkedHashMap<String, Long>();
        counts.put("cd", 10_000_000_000_001L);
        counts.put("ab", 10_000_000_000_000L);
        List<String> tokens = likelihood(counts, 1 + 4 + 1).vocabulary().tokens();
        assertThat(tokens.getLast()).isEqualTo("ab"); // though `cd` comes first
        counts.put("ab", 10_000_000_000_001L);
        assertThat(likelihood(counts, 1 + 4 + 1).vocabulary().tokens().getLast())
                .isEqualTo("cd");
    }

    @Test
    void learningByLikelihoodReportsEvery64thToken() {
        var counts = new LinkedHashMap<String, Long>();
        for (char a = 'a'; a <= 'j'; a++) {
            for (char b = 'a'; b <= 'j'; b++) {
                counts.put("" + a + b, 1L);
            }
        }
        var reports = new ArrayList<String>();
        var options = WordPieceTrainerOptions.of(120).withSpecialTokens(List.of("[UNK]"));
        new WordPieceLikelihoodTrainer(options, 1, (task, done, total) -> reports.add(task + " " + done + "/" + total))
                .train(counts);
        assertThat(reports).containsExactly("merges 44/99"); // 20 characters, so 44 merges make 64 tokens
    }

    @Property(tries = 200)
    void decodingAndEncodingAgainGivesTheSameIds(
            @ForAll
                    List<
                                    @StringLength(min = 1, max = 12) @CharRange(from = 'a', to = 'z')
                                    @CharRange(from = '0', to = '9') String>
                            words) {
        WordPiece tokenizer = Holder.TOKENIZER;
        int[] ids = tokenizer.encode(String.join(" ", words));
        if (java.util.Arrays.stream(ids).noneMatch(id -> id == tokenizer.tokenToId("[UNK]"))) {
            assertThat(tokenizer.encode(tokenizer.decode(ids))).isEqualTo(ids);
        }
    }

    private static final class Holder {
        static final WordPiece TOKENIZER = new WordPieceFrequencyTrainer(WordPieceTrainerOptions.of(600))
                .train(WordNetText.text().substring(0, 300_000));
    }

    @Test
    void framesTextsAsBertDoes() {
        WordPiece tokenizer = Holder.TOKENIZER;
        int cls = tokenizer.tokenToId("[CLS]");
        int sep = tokenizer.tokenToId("[SEP]");
        Encoding pair = tokenizer.encodeForModel("a", "b");
        assertThat(pair.ids()).containsExactly(cls, tokenizer.tokenToId("a"), sep, tokenizer.tokenToId("b"), sep);
        assertThat(pair.typeIds()).containsExactly(0, 0, 0, 1, 1);
        assertThat(tokenizer.decode(tokenizer.encode("Hello, world."))).isEqualTo("hello, world.");
    }

    // BAD-INPUT 63
    @Test
    void anOverlongWordIsUnknown() {
        WordPiece tokenizer = Holder.TOKENIZER;
        assertThat(pieces(tokenizer, "a".repeat(100))).doesNotContain("[UNK]");
        assertThat(pieces(tokenizer, "a".repeat(101))).containsExactly("[UNK]");
        assertThat(pieces(tokenizer, "é".repeat(100))).isEqualTo(pieces(tokenizer, "e".repeat(100)));
    }

    @Test
    void truncatesTheLongerTextFirst() {
        var truncation = new Truncation(7, 0, false);
        int[][] cut = truncation.apply(new int[] {1, 2, 3, 4, 5}, new int[] {6, 7}, 3);
        assertThat(cut[0]).containsExactly(1, 2);
        assertThat(cut[1]).containsExactly(6, 7);
        cut = truncation.apply(new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, null, 2);
        assertThat(cut[0]).containsExactly(1, 2, 3, 4, 5);
        cut = new Truncation(4, 0, true).apply(new int[] {1, 2, 3, 4, 5}, null, 2);
        assertThat(cut[0]).containsExactly(4, 5);
    }
}
