package gradus.lessons.retrieve.reader;

import gradus.error.DataException;
import gradus.lessons.retrieve.search.Document;
import gradus.train.corpus.WordNet;
import gradus.train.corpus.WordNet.Synset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// WordNet's nouns as facts: of each noun with one meaning what it is a kind of, and its first synonym. One of
/// ten is held out, so that a reader is judged on words of which it has never read.
public final class Facts {
    private static final int HELD = 10;
    private static final int LONGEST = 28; // characters of a word

    private final List<Fact> training = new ArrayList<>();
    private final List<Fact> held = new ArrayList<>();

    private Facts() {}

    /// All of WordNet.
    ///
    /// @throws DataException if the dictionary is not on the class path
    public static Facts ofWordNet() {
        WordNet wordNet = WordNet.read();
        List<Fact> facts = new ArrayList<>();
        Set<String> words = new HashSet<>();
        for (Synset synset : wordNet.synsets()) {
            List<String> lemmas = synset.lemmas();
            if (synset.isNoun()
                    && synset.hypernyms().size() == 1
                    && lemmas.stream()
                            .limit(2)
                            .allMatch(lemma -> wordNet.senses(lemma).size() == 1)) {
                String kind = wordNet.hypernyms(synset).getFirst().lemmas().getFirst();
                Fact fact = new Fact(lemmas.getFirst(), kind, lemmas.size() > 1 ? lemmas.get(1) : null);
                if (isShort(fact) && words.add(fact.word())) {
                    facts.add(fact);
                }
            }
        }
        return of(facts);
    }

    /// These facts, of different words.
    ///
    /// @throws DataException if they are fewer than 20
    public static Facts of(List<Fact> facts) {
        if (facts.size() < 2 * HELD) {
            throw new DataException("a reader needs at least %s facts; got %s".formatted(2 * HELD, facts.size()));
        }
        Facts all = new Facts();
        for (int i = 0; i < facts.size(); i++) {
            (i % HELD == 0 ? all.held : all.training).add(facts.get(i));
        }
        return all;
    }

    private static boolean isShort(Fact fact) {
        return fact.word().length() <= LONGEST
                && fact.kind().length() <= LONGEST
                && (fact.synonym() == null || fact.synonym().length() <= LONGEST);
    }

    /// Those that a reader may learn from.
    public List<Fact> training() {
        return training;
    }

    /// Those that it is judged by.
    public List<Fact> held() {
        return held;
    }

    /// All facts as documents, whose ids are their words.
    public List<Document> documents() {
        return documents(Stream.concat(training.stream(), held.stream()));
    }

    /// Those that a reader may learn from as documents.
    List<Document> trainingDocuments() {
        return documents(training.stream());
    }

    private static List<Document> documents(Stream<Fact> facts) {
        return facts.map(fact -> Document.of(fact.word(), fact.text())).toList();
    }
}
