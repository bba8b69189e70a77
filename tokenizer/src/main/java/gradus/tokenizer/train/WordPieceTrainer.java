package gradus.tokenizer.train;

import gradus.tokenizer.WordPiece;
import gradus.tokenizer.corpus.Progress;
import java.util.List;
import java.util.Map;

/// What the two WordPiece trainers share: the words of a corpus are counted, then pairs of symbols are merged
/// until the vocabulary is full. They differ in the pair they merge next.
public abstract sealed class WordPieceTrainer permits WordPieceFrequencyTrainer, WordPieceLikelihoodTrainer {
    final WordPieceTrainerOptions options;
    final Progress progress;
    private final int threads;

    WordPieceTrainer(WordPieceTrainerOptions options, int threads, Progress progress) {
        this.options = options;
        this.threads = Math.max(1, threads);
        this.progress = progress;
    }

    /// Trains on one text.
    public final WordPiece train(String text) {
        return train(text == null ? null : List.of(text));
    }

    /// Trains on documents. The iterable is read once, during training. Throws TokenizerException on an empty
    /// corpus, and if the alphabet does not fit into the vocabulary.
    public final WordPiece train(Iterable<String> documents) {
        return learn(WordPieceCorpus.count(documents, options, threads, progress));
    }

    /// Trains on words that are counted already.
    public final WordPiece train(Map<String, Long> wordCounts) {
        return learn(new WordPieceCorpus(WordCounts.of(wordCounts)));
    }

    abstract WordPiece learn(WordPieceCorpus corpus);
}
