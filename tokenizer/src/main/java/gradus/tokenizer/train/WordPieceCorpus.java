package gradus.tokenizer.train;

import gradus.error.TokenizerException;
import gradus.tokenizer.WordPiece;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.added.AddedTokens;
import gradus.tokenizer.corpus.Progress;
import gradus.tokenizer.pretokenize.BertWords;
import gradus.tokenizer.text.Utf8;
import gradus.tokenizer.wordpiece.WordPieceRules;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// A corpus as both WordPiece trainers see it: words of characters, those inside a word marked `##`.
final class WordPieceCorpus {
    static final String PREFIX = WordPieceRules.BERT.continuingSubwordPrefix();

    final WordCounts words;
    final Set<String> first = new LinkedHashSet<>(); // characters that begin a word, in the corpus's order
    final Set<String> inner = new LinkedHashSet<>(); // characters inside a word, without `##`

    WordPieceCorpus(WordCounts words) {
        this.words = words;
        for (int w = 0; w < words.size(); w++) {
            List<String> characters = characters(w);
            first.add(characters.getFirst());
            inner.addAll(characters.subList(1, characters.size()));
        }
    }

    static WordPieceCorpus count(
            Iterable<String> documents, WordPieceTrainerOptions options, int threads, Progress progress) {
        var added = new ArrayList<AddedToken>();
        options.specialTokens().forEach(token -> added.add(AddedToken.special(added.size(), token)));
        var specials = new AddedTokens(added, options.normalizer());
        WordPiece untrained = WordPiece.bert(options.specialTokens(), options.normalizer());
        return new WordPieceCorpus(WordCounts.count(
                documents,
                untrained::safeCut,
                (text, counter) -> specials.split(Utf8.wellFormed(text), specials.special(), new AddedTokens.Sink() {
                    @Override
                    public void text(String normalized) {
                        BertWords.split(normalized.getBytes(StandardCharsets.UTF_8), counter::add);
                    }

                    @Override
                    public void token(int id) {}
                }),
                threads,
                progress));
    }

    List<String> characters(int word) {
        return Utf8.decode(words.word(word))
                .codePoints()
                .mapToObj(Character::toString)
                .toList();
    }

    /// All characters, by code point.
    List<String> sortedCharacters() {
        var all = new TreeSet<>((String a, String b) -> a.codePointAt(0) - b.codePointAt(0));
        all.addAll(first);
        all.addAll(inner);
        return List.copyOf(all);
    }

    List<String> sortedInner() {
        return sortedCharacters().stream().filter(inner::contains).toList();
    }

    /// The words as symbols; the alphabet must be among them already.
    PairCounts pairCounts(Symbols symbols) {
        Map<String, Integer> known = new HashMap<>();
        int[][] rows = new int[words.size()][];
        long[] weights = new long[rows.length];
        for (int w = 0; w < rows.length; w++) {
            List<String> characters = characters(w);
            rows[w] = new int[characters.size()];
            for (int i = 0; i < rows[w].length; i++) {
                String symbol = i == 0 ? characters.get(i) : PREFIX + characters.get(i);
                rows[w][i] = known.computeIfAbsent(symbol, s -> symbols.find(s.getBytes(StandardCharsets.UTF_8)));
            }
            weights[w] = words.count(w);
        }
        return new PairCounts(symbols, rows, weights);
    }

    /// The finished tokenizer: special tokens, then the symbols in the order of their making.
    static WordPiece tokenizer(Symbols symbols, WordPieceTrainerOptions options) {
        var tokens = new ArrayList<>(options.specialTokens());
        for (int s = 0; s < symbols.size(); s++) {
            tokens.add(Utf8.decode(symbols.bytes(s)));
        }
        return WordPiece.bert(tokens, options.normalizer());
    }

    /// Adds the alphabet to the symbols. Throws TokenizerException if it does not fit into the vocabulary.
    static void addAlphabet(Symbols symbols, List<String> alphabet, WordPieceTrainerOptions options) {
        alphabet.forEach(symbol -> symbols.of(symbol.getBytes(StandardCharsets.UTF_8)));
        int least = symbols.size() + options.specialTokens().size();
        if (options.vocabularySize() < least) {
            throw new TokenizerException("train: vocabularySize must be at least " + least + " (an alphabet of "
                    + symbols.size() + " and " + options.specialTokens().size() + " special tokens); got "
                    + options.vocabularySize());
        }
    }
}
