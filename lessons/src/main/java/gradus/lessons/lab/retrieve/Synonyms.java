package gradus.lessons.lab.retrieve;

import gradus.lessons.retrieve.query.QueryTransform;
import gradus.train.corpus.WordNet;
import gradus.train.corpus.WordNet.Synset;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Rewrites a question without a language model: behind it come other words for its words, from WordNet. Of a
/// word with several meanings the first is taken, so it is often the wrong one.
///
/// Voorhees 1994, *Query Expansion Using Lexical-Semantic Relations*, SIGIR, found that this seldom helps.
record Synonyms(WordNet net) implements QueryTransform {
    private static final int SHORTEST = 4; // letters: shorter words are mostly grammar
    private static final int EACH = 2; // words for a word

    @Override
    public List<String> queries(String question) {
        Set<String> asked = new LinkedHashSet<>();
        Set<String> added = new LinkedHashSet<>();
        for (String word : question.toLowerCase(Locale.ROOT).split("[^\\p{L}]+")) {
            if (word.length() >= SHORTEST && asked.add(word)) {
                net.senses(word).stream()
                        .limit(1)
                        .map(Synset::lemmas)
                        .flatMap(lemmas -> lemmas.stream()
                                .filter(lemma -> !lemma.toLowerCase(Locale.ROOT).equals(word))
                                .limit(EACH))
                        .forEach(added::add);
            }
        }
        added.removeAll(asked);
        return List.of(added.isEmpty() ? question : question + " " + String.join(" ", added));
    }
}
