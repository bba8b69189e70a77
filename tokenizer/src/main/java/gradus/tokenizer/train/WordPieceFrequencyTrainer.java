package gradus.tokenizer.train;

import gradus.tokenizer.WordPiece;
import gradus.tokenizer.corpus.Progress;
import java.util.ArrayList;
import java.util.List;

/// Hugging Face's WordPiece trainer, which is byte-pair training on characters: it merges the most frequent pair,
/// with inner characters marked `##`, and keeps the vocabulary only. Source: huggingface/tokenizers,
/// `wordpiece/trainer.rs`. The rule of the literature is another one: `WordPieceLikelihoodTrainer`.
///
/// Ids: special tokens, all characters by code point, inner characters (`##x`), merges. Hugging Face numbers
/// the inner characters in the order of a hash map, so its choice among equally frequent pairs is not its
/// own; here they go by code point too.
public final class WordPieceFrequencyTrainer extends WordPieceTrainer {
    private final List<String> innerOrder; // of the inner characters, or null

    public WordPieceFrequencyTrainer(WordPieceTrainerOptions options) {
        this(options, Runtime.getRuntime().availableProcessors(), Progress.NONE);
    }

    public WordPieceFrequencyTrainer(WordPieceTrainerOptions options, int threads, Progress progress) {
        this(options, threads, progress, null);
    }

    /// With the inner characters numbered as given: the tie order of one particular run of the Rust library.
    public WordPieceFrequencyTrainer(
            WordPieceTrainerOptions options, int threads, Progress progress, List<String> innerOrder) {
        super(options, threads, progress);
        this.innerOrder = innerOrder;
    }

    @Override
    WordPiece learn(WordPieceCorpus corpus) {
        var symbols = new Symbols(WordPieceCorpus.PREFIX);
        var alphabet = new ArrayList<>(corpus.sortedCharacters());
        List<String> inner = innerOrder == null ? corpus.sortedInner() : innerOrder;
        inner.forEach(character -> alphabet.add(WordPieceCorpus.PREFIX + character));
        WordPieceCorpus.addAlphabet(symbols, alphabet, options);
        MergeTrainer.learn(
                symbols,
                corpus.pairCounts(symbols),
                new HuggingFaceTies(),
                options.vocabularySize() - options.specialTokens().size(),
                options.minFrequency(),
                progress);
        return WordPieceCorpus.tokenizer(symbols, options);
    }
}
