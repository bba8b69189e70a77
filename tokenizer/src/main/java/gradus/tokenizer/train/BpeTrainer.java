package gradus.tokenizer.train;

import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.added.AddedTokens;
import gradus.tokenizer.bpe.BpeRules;
import gradus.tokenizer.bpe.BpeVocabulary;
import gradus.tokenizer.bpe.ByteAlphabet;
import gradus.tokenizer.corpus.Progress;
import gradus.tokenizer.pretokenize.PreTokenizers;
import gradus.tokenizer.text.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Trains a byte-level BPE: start from the 256 bytes; merge the most frequent pair of neighbours into a new
/// token; again.
///
/// Three things make it fast where `BytePairBasics` is slow: the corpus shrinks to its distinct pre-tokens with
/// their counts; a merge updates only the counts it changes; a heap finds the next pair. Counting runs on all
/// cores; the merges are one chain. Cost O(corpus + Σ over merges of the length of the words touched).
///
/// Ids: special tokens, then the bytes in the order of their symbols (`!` first), then merges. As Hugging
/// Face's.
///
/// Sennrich et al. 2016, arXiv:1508.07909; Radford et al. 2019.
public final class BpeTrainer {
    private final BpeTrainerOptions options;
    private final int threads;
    private final Progress progress;

    /// Trains on all processors and reports to nobody.
    public BpeTrainer(BpeTrainerOptions options) {
        this(options, Runtime.getRuntime().availableProcessors(), Progress.NONE);
    }

    public BpeTrainer(BpeTrainerOptions options, int threads, Progress progress) {
        this.options = options;
        this.threads = Math.max(1, threads);
        this.progress = progress;
    }

    /// Trains on one text.
    public ByteLevelBpe train(String text) {
        return train(text == null ? null : List.of(text));
    }

    /// Trains on documents; no pre-token spans two of them. The iterable is read once, as training goes. Throws
    /// TokenizerException on an empty corpus. Where pairs run out early the vocabulary stays smaller, with a
    /// warning.
    public ByteLevelBpe train(Iterable<String> documents) {
        var added = new ArrayList<AddedToken>();
        options.specialTokens().forEach(token -> added.add(AddedToken.special(added.size(), token)));
        var frame = TokenizerPipeline.Frame.of(added, options.normalizer());
        // An untrained tokenizer knows already how the text is to be cut.
        var untrained = new ByteLevelBpe(
                BpeVocabulary.of(List.of(), List.of(), List.of()), BpeRules.of(options.preTokenizer()), frame);
        Set<String> special = new LinkedHashSet<>(options.specialTokens());
        WordCounts words = WordCounts.count(
                documents,
                untrained::safeCut,
                (text, counter) -> frame.added().split(Utf8.wellFormed(text), special, new AddedTokens.Sink() {
                    @Override
                    public void text(String normalized) {
                        count(normalized.getBytes(StandardCharsets.UTF_8), counter);
                    }

                    @Override
                    public void token(int id) {}
                }),
                threads,
                progress);
        return learn(words, added, frame);
    }

    /// Trains on words that are counted already, in their order; each is a pre-token.
    ByteLevelBpe train(Map<String, Long> wordCounts) {
        return learn(WordCounts.of(wordCounts), List.of(), TokenizerPipeline.Frame.NONE);
    }

    private void count(byte[] utf8, WordCounts.Counter counter) {
        for (int from = 0; from < utf8.length; ) {
            int to = PreTokenizers.end(options.preTokenizer(), utf8, from, utf8.length);
            counter.add(utf8, from, to);
            from = to;
        }
    }

    private ByteLevelBpe learn(WordCounts words, List<AddedToken> added, TokenizerPipeline.Frame frame) {
        var symbols = new Symbols("");
        int[] symbolOfByte = new int[256];
        for (byte b : ByteAlphabet.inSymbolOrder()) {
            symbolOfByte[b & 0xFF] = symbols.of(new byte[] {b});
        }
        int[][] rows = new int[words.size()][];
        long[] weights = new long[rows.length];
        for (int w = 0; w < rows.length; w++) {
            byte[] word = words.word(w);
            rows[w] = new int[word.length];
            for (int i = 0; i < word.length; i++) {
                rows[w][i] = symbolOfByte[word[i] & 0xFF];
            }
            weights[w] = words.count(w);
        }
        List<MergeTrainer.Learned> learned = MergeTrainer.learn(
                symbols,
                new PairCounts(symbols, rows, weights),
                options.tieRule(),
                options.vocabularySize() - added.size(),
                options.minFrequency(),
                progress);
        return new ByteLevelBpe(vocabulary(symbols, learned, added), BpeRules.of(options.preTokenizer()), frame);
    }

    /// Symbols become ids behind the special tokens.
    private static BpeVocabulary vocabulary(
            Symbols symbols, List<MergeTrainer.Learned> learned, List<AddedToken> added) {
        var tokens = new ArrayList<byte[]>();
        added.forEach(token -> tokens.add(token.content().getBytes(StandardCharsets.UTF_8)));
        for (int symbol = 0; symbol < symbols.size(); symbol++) {
            tokens.add(symbols.bytes(symbol));
        }
        int first = added.size(); // the id of the first symbol
        var merges = new ArrayList<BpeVocabulary.Merge>();
        for (MergeTrainer.Learned merge : learned) {
            merges.add(new BpeVocabulary.Merge(
                    first + merge.pair().left, first + merge.pair().right, merges.size(), first + merge.merged()));
        }
        return BpeVocabulary.of(tokens, added, merges);
    }
}
