package gradus.train.contrastive;

import gradus.tensor.random.Rng;
import gradus.train.corpus.WordNet;
import gradus.train.corpus.WordNet.Synset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Examples from WordNet, of three kinds, one for each way in which a dictionary is asked:
///
/// | anchor | positive | hard negative |
/// |---|---|---|
/// | a sentence with a blank for the word | its entry, `dog, domestic dog: a member of …` | the entry of another
/// meaning of the word, or of a sibling |
/// | a definition | the word | a sibling's word |
/// | the word | its entry | a sibling's entry |
///
/// Siblings are kinds of the same thing; where a meaning has none, it is the one next to it in WordNet's files,
/// which are sorted by topic. A definition of several parts, `the act of going; departure`, is an example for
/// each part. Of a meaning's words one is drawn for each example.
///
/// **What is held back.** By its id a meaning is [Held#ALL], one in twenty: no text of it is trained on. Or it
/// is [Held#TEXTS], one in twenty: its words and the first part of its definition are trained on, its sentences
/// and the other parts are not, so that they are new ways of asking for a word that is known. Everything else
/// is [Held#NONE]. Whoever measures a search on WordNet asks with what was held back.
public final class GlossExamples {
    private static final int ONE_IN = 20;

    private final WordNet net;
    private final List<Synset> all;
    private final Siblings siblings;
    private final Rng rng;
    private final List<ContrastiveExample> training = new ArrayList<>();
    private final List<ContrastiveExample> validation = new ArrayList<>();

    /// In which way a dictionary is asked.
    public enum Kind {
        SENTENCE,
        DEFINITION,
        WORD
    }

    /// How much of a meaning is held back.
    public enum Held {
        NONE,
        TEXTS,
        ALL
    }

    /// Of all kinds.
    ///
    /// @param rng random numbers for the words and for the order
    public GlossExamples(WordNet net, Rng rng) {
        this(net, rng, EnumSet.allOf(Kind.class));
    }

    /// @param rng   random numbers for the words and for the order
    /// @param kinds those that are made
    public GlossExamples(WordNet net, Rng rng, Set<Kind> kinds) {
        this.net = net;
        this.all = net.synsets();
        this.siblings = new Siblings(net);
        this.rng = rng;
        for (int i = 0; i < all.size(); i++) {
            add(all.get(i), i, kinds);
        }
        shuffle(training, rng.at("training"));
        shuffle(validation, rng.at("validation"));
    }

    /// How much of a meaning is held back: always the same, whatever is trained.
    public static Held held(Synset synset) {
        int draw = Rng.of(31).at("held").at(synset.id()).index(0, ONE_IN);
        return draw == 0 ? Held.ALL : draw == 1 ? Held.TEXTS : Held.NONE;
    }

    /// The parts of a definition, as WordNet separates them by semicolons, without those of a single word.
    public static List<String> parts(Synset synset) {
        List<String> parts = new ArrayList<>();
        for (String part : synset.definition().split(";")) {
            if (part.strip().contains(" ")) {
                parts.add(part.strip());
            }
        }
        return parts.isEmpty() ? List.of(synset.definition()) : parts;
    }

    /// An entry of a meaning as far as it is trained on.
    private static String entry(Synset synset) {
        return held(synset) == Held.TEXTS
                ? String.join(", ", synset.lemmas()) + ": " + parts(synset).getFirst()
                : synset.entry();
    }

    private void add(Synset synset, int place, Set<Kind> kinds) {
        Held held = held(synset);
        Rng draw = rng.at("words").at(place);
        List<ContrastiveExample> known = held == Held.ALL ? validation : training;
        List<ContrastiveExample> unknown = held == Held.NONE ? training : validation;
        Synset near = siblings.near(place, draw);
        if (kinds.contains(Kind.WORD)) {
            known.add(byWord(synset, near, draw));
        }
        List<String> parts = kinds.contains(Kind.DEFINITION) ? parts(synset) : List.of();
        for (int i = 0; i < parts.size(); i++) {
            (i == 0 ? known : unknown).add(byDefinition(synset, parts.get(i), near, draw.at(i)));
        }
        List<String> sentences = kinds.contains(Kind.SENTENCE) ? synset.examples() : List.of();
        for (String sentence : sentences) {
            Blank.in(sentence, synset.lemmas())
                    .ifPresent(blank -> unknown.add(new ContrastiveExample(
                            blank, entry(synset), entry(otherMeaning(synset).orElse(near)))));
        }
    }

    private ContrastiveExample byWord(Synset synset, Synset near, Rng draw) {
        return new ContrastiveExample(word(synset, draw.at("word")), entry(synset), entry(near));
    }

    private ContrastiveExample byDefinition(Synset synset, String part, Synset near, Rng draw) {
        return new ContrastiveExample(part, word(synset, draw.at("word")), word(near, draw.at("wrong")));
    }

    private static String word(Synset synset, Rng draw) {
        return synset.lemmas().get(draw.index(0, synset.lemmas().size()));
    }

    /// Another meaning of one of the words, of which all is trained on.
    private Optional<Synset> otherMeaning(Synset synset) {
        return synset.lemmas().stream()
                .flatMap(word -> net.senses(word).stream())
                .filter(other -> !other.entry().equals(synset.entry()) && held(other) != Held.ALL)
                .findFirst();
    }

    private static void shuffle(List<ContrastiveExample> examples, Rng rng) {
        for (int last = examples.size() - 1; last > 0; last--) {
            int other = rng.index(last, last + 1);
            examples.set(last, examples.set(other, examples.get(last)));
        }
    }

    /// What is learnt from, in an order by chance.
    public List<ContrastiveExample> training() {
        return List.copyOf(training);
    }

    /// What is held back, in an order by chance.
    public List<ContrastiveExample> validation() {
        return List.copyOf(validation);
    }
}
