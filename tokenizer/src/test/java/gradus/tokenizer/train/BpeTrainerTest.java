package gradus.tokenizer.train;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.Piece;
import gradus.tokenizer.Texts;
import gradus.tokenizer.WordNetBpe;
import gradus.tokenizer.WordNetText;
import gradus.tokenizer.bpe.BpeVocabulary;
import gradus.tokenizer.bpe.ByteAlphabet;
import gradus.tokenizer.bpe.BytePairBasics;
import gradus.tokenizer.corpus.Progress;
import gradus.tokenizer.json.JsonFields;
import gradus.tokenizer.normalize.BertNormalizer;
import gradus.tokenizer.normalize.NoNormalizer;
import gradus.tokenizer.pretokenize.Gpt2PreTokenizer;
import gradus.tokenizer.pretokenize.Llama3PreTokenizer;
import gradus.tokenizer.pretokenize.PreTokenizer;
import gradus.tokenizer.text.LongTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class BpeTrainerTest {
    private static final Map<String, Long> LOW_LOWER = counts("low", 5, "lower", 2, "widest", 3, "newest", 6);
    private static final Map<String, Long> HUG_PUG = counts("hug", 10, "pug", 5, "pun", 12, "bun", 4, "hugs", 5);

    private static Map<String, Long> counts(Object... wordsAndCounts) {
        var counts = new LinkedHashMap<String, Long>();
        for (int i = 0; i < wordsAndCounts.length; i += 2) {
            counts.put((String) wordsAndCounts[i], (long) (int) wordsAndCounts[i + 1]);
        }
        return counts;
    }

    private static String merges(ByteLevelBpe tokenizer) {
        BpeVocabulary v = tokenizer.vocabulary();
        return String.join(
                ", ",
                v.merges().stream()
                        .map(m -> v.spelling(m.left()) + " " + v.spelling(m.right()))
                        .toList());
    }

    private static ByteLevelBpe train(Map<String, Long> counts, int merges, TieRule ties) {
        var options =
                new BpeTrainerOptions(256 + merges, 0, List.of(), new Gpt2PreTokenizer(), new NoNormalizer(), ties);
        return new BpeTrainer(options).train(counts);
    }

    // BAD-INPUT 51
    @Test
    void goldenMergesOfEachTieRule() {
        assertThat(merges(train(LOW_LOWER, 12, new Cs336Ties())))
                .isEqualTo("s t, e st, o w, l ow, w est, n e, ne west, w i, wi d, wid est, low e, lowe r");
        assertThat(merges(train(LOW_LOWER, 12, new FirstSeenTies())))
                .isEqualTo("e s, es t, l o, lo w, n e, ne w, new est, w i, wi d, wid est, low e, lowe r");
        assertThat(merges(train(LOW_LOWER, 12, new HuggingFaceTies())))
                .isEqualTo("e s, es t, l o, lo w, e w, n ew, new est, d est, i dest, w idest, e r, low er");
        assertThat(merges(train(HUG_PUG, 5, new HuggingFaceTies()))).isEqualTo("u g, u n, h ug, p un, p ug");
    }

    @Test
    void cs336HandoutEncodesNewest() {
        ByteLevelBpe six = train(LOW_LOWER, 6, new Cs336Ties());
        assertThat(six.inspect("newest").stream().map(Piece::token)).containsExactly("ne", "west");
    }

    @Test
    void sameMergesAsTheRustLibraryOnWordNet() {
        ByteLevelBpe tokenizer = WordNetBpe.get();
        assertSameAsGolden(tokenizer, Texts.golden("wordnet-bpe-4096"));
    }

    @Test
    void sameMergesAsTheRustLibraryOnRunsAndOverlaps() {
        JsonFields golden = Texts.golden("tricky-bpe");
        assertSameAsGolden(new BpeTrainer(BpeTrainerOptions.of(300)).train(golden.text("text")), golden);
    }

    private static void assertSameAsGolden(ByteLevelBpe tokenizer, JsonFields golden) {
        String merges = String.join(
                ", ",
                golden.list("merges").stream()
                        .map(m -> m.elements().get(0).text() + " "
                                + m.elements().get(1).text())
                        .toList());
        assertThat(merges(tokenizer)).isEqualTo(merges);
        assertThat(IntStream.range(0, tokenizer.vocabularySize())
                        .mapToObj(tokenizer::idToToken)
                        .toList())
                .isEqualTo(golden.list("vocab").stream().map(JsonFields::text).toList());
    }

    @Property(tries = 300)
    void learnsWhatTheSlowVersionLearns(
            @ForAll @StringLength(min = 1, max = 200) @CharRange(from = 'a', to = 'd') @CharRange(from = ' ', to = ' ')
                    String text,
            @ForAll @IntRange(min = 0, max = 40) int merges) {
        var slow = new BytePairBasics(text, merges, new Gpt2PreTokenizer());
        var fast = new BpeTrainer(BpeTrainerOptions.of(257 + merges).withTieRule(new FirstSeenTies()), 2, Progress.NONE)
                .train(text);
        List<String> slowMerges = slow.merges().stream()
                .map(m -> ByteAlphabet.spell(m.get(0)) + " " + ByteAlphabet.spell(m.get(1)))
                .toList();
        List<String> fastMerges =
                merges(fast).isEmpty() ? List.of() : List.of(merges(fast).split(", "));
        assertThat(fastMerges).isEqualTo(slowMerges);
    }

    @Test
    void learnsWhatTheSlowVersionLearnsOnEnglish() {
        String text = WordNetText.text().substring(0, 20_000);
        var slow = new BytePairBasics(text, 200, new Gpt2PreTokenizer());
        var fast = new BpeTrainer(BpeTrainerOptions.of(457).withTieRule(new FirstSeenTies())).train(text);
        assertThat(merges(fast))
                .isEqualTo(String.join(
                        ", ",
                        slow.merges().stream()
                                .map(m -> ByteAlphabet.spell(m.get(0)) + " " + ByteAlphabet.spell(m.get(1)))
                                .toList()));
        assertThat(fast.decode(fast.encode(text))).isEqualTo(text);
        assertThat(slow.encode(text)).hasSize(fast.encode(text).length);
    }

    @Property(tries = 300)
    void countsStayThoseOfAFullRecount(
            @ForAll @StringLength(min = 1, max = 60) @CharRange(from = 'a', to = 'c') String word,
            @ForAll @StringLength(min = 1, max = 30) @CharRange(from = 'a', to = 'b') String other,
            @ForAll Random random) {
        var symbols = new Symbols("");
        int[][] rows = {bytes(symbols, word), bytes(symbols, other)};
        var counts = new PairCounts(symbols, rows, new long[] {3, 5});
        for (int step = 0; step < 12; step++) {
            List<PairCounts.Pair> there =
                    counts.pairs().stream().filter(p -> p.count > 0).toList();
            if (there.isEmpty()) {
                return;
            }
            PairCounts.Pair pair = there.get(random.nextInt(there.size()));
            int size = symbols.size();
            counts.merge(pair, symbols.merged(pair.left, pair.right));
            assertThat(symbols.size()).isEqualTo(size + 1); // no string comes about twice
            var recount = new PairCounts(symbols, new int[][] {counts.word(0), counts.word(1)}, new long[] {3, 5});
            assertThat(living(counts)).isEqualTo(living(recount));
            for (int s = 0; s < symbols.size(); s++) {
                assertThat(counts.symbolCount(s)).isEqualTo(recount.symbolCount(s));
            }
        }
    }

    private static Map<Long, String> living(PairCounts counts) {
        var living = new java.util.TreeMap<Long, String>();
        for (PairCounts.Pair pair : counts.pairs()) {
            if (pair.count != 0) {
                living.put(LongTable.pair(pair.left, pair.right), pair.count + " first at " + counts.firstSeen(pair));
            }
        }
        return living;
    }

    private static int[] bytes(Symbols symbols, String word) {
        return word.chars()
                .map(c -> {
                    int known = symbols.find(new byte[] {(byte) c});
                    return known >= 0 ? known : symbols.of(new byte[] {(byte) c});
                })
                .toArray();
    }

    @Test
    void threadsAndDocumentsDoNotChangeTheResult() {
        String text = WordNetText.text().substring(0, 3_000_000);
        List<String> lines = text.lines().map(line -> line + "\n").toList();
        String one = merges(new BpeTrainer(BpeTrainerOptions.of(700).withTieRule(new FirstSeenTies()), 1, Progress.NONE)
                .train(text));
        assertThat(merges(new BpeTrainer(BpeTrainerOptions.of(700).withTieRule(new FirstSeenTies()), 3, Progress.NONE)
                        .train(text)))
                .isEqualTo(one);
        assertThat(merges(new BpeTrainer(BpeTrainerOptions.of(700).withTieRule(new FirstSeenTies()), 2, Progress.NONE)
                        .train(lines)))
                .isEqualTo(one);
    }

    @Test
    void encodingATrainingWordGivesTheTrainingSegmentation() {
        ByteLevelBpe tokenizer = train(LOW_LOWER, 12, new HuggingFaceTies());
        assertThat(tokenizer.encode("newest")).hasSize(1);
        assertThat(tokenizer.inspect("lowest").stream().map(Piece::token)).containsExactly("low", "est");
    }

    @Test
    void specialTokensCutTheCorpusAndComeFirst() {
        var options = BpeTrainerOptions.of(300).withSpecialTokens(List.of("<|a|>", "<|b|>"));
        ByteLevelBpe tokenizer = new BpeTrainer(options).train("xyxy<|a|>xyxy<|b|>xy".repeat(9));
        assertThat(tokenizer.tokenToId("<|a|>")).isZero();
        assertThat(tokenizer.tokenToId("<|b|>")).isEqualTo(1);
        assertThat(merges(tokenizer)).doesNotContain("<").doesNotContain("|");
        int[] ids = tokenizer.encode("xy<|b|>", tokenizer.specialTokens());
        assertThat(ids[ids.length - 1]).isEqualTo(1);
        assertThat(Arrays.stream(tokenizer.encode("xy<|b|>")).anyMatch(id -> id == 1))
                .isFalse();
    }

    @Test
    void aPairThatOccursMinFrequencyTimesIsMergedStill() {
        Map<String, Long> counts = counts("ab", 3, "cd", 2);
        BpeTrainerOptions options = BpeTrainerOptions.of(300).withSpecialTokens(List.of());
        assertThat(merges(new BpeTrainer(options.withMinFrequency(4)).train(counts)))
                .isEmpty();
        assertThat(merges(new BpeTrainer(options.withMinFrequency(3)).train(counts)))
                .isEqualTo("a b");
        assertThat(merges(new BpeTrainer(options.withMinFrequency(2)).train(counts)))
                .isEqualTo("a b, c d");
    }

    @Test
    void reportsEvery256MergesAndTheLast() {
        var reports = new ArrayList<String>();
        String text = WordNetText.text().substring(0, 60_000);
        new BpeTrainer(
                        BpeTrainerOptions.of(257 + 600),
                        1,
                        (task, done, total) -> reports.add(task + " " + done + "/" + total))
                .train(text);
        assertThat(reports).containsExactly("words 60000/-1", "merges 256/600", "merges 512/600", "merges 600/600");
    }

    @Test
    void eachOptionChangesItselfAlone() {
        BpeTrainerOptions usual = BpeTrainerOptions.of(300);
        PreTokenizer llama3 = new Llama3PreTokenizer();
        assertThat(usual.preTokenizer()).isInstanceOf(Gpt2PreTokenizer.class);
        assertThat(usual)
                .isEqualTo(new BpeTrainerOptions(
                        300,
                        0,
                        List.of("<|endoftext|>"),
                        usual.preTokenizer(),
                        new NoNormalizer(),
                        new HuggingFaceTies()));
        assertThat(usual.withMinFrequency(2)
                        .withSpecialTokens(List.of("<s>"))
                        .withPreTokenizer(llama3)
                        .withNormalizer(BertNormalizer.uncased())
                        .withTieRule(new Cs336Ties()))
                .isEqualTo(new BpeTrainerOptions(
                        300, 2, List.of("<s>"), llama3, BertNormalizer.uncased(), new Cs336Ties()));
        assertThat(WordPieceTrainerOptions.of(300)
                        .withMinFrequency(2)
                        .withSpecialTokens(List.of("[UNK]"))
                        .withNormalizer(BertNormalizer.cased()))
                .isEqualTo(new WordPieceTrainerOptions(300, 2, List.of("[UNK]"), BertNormalizer.cased()));
    }
}
