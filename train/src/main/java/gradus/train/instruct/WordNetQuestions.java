package gradus.train.instruct;

import gradus.tensor.random.Rng;
import gradus.train.corpus.WordNet;
import gradus.train.corpus.WordNet.Synset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Questions about words whose answers WordNet knows. The same object asks, gives an answer to learn from, and
/// says whether another answer is right. Words to learn from and words to be asked about later are apart: a
/// model that answers about the latter has learned more than sentences.
public final class WordNetQuestions {
    private static final int HELD_OUT_OF = 10; // one word of so many

    private final WordNet net;
    private final Rng rng;
    private final List<String> words = new ArrayList<>();
    private final boolean heldOut;
    private final List<Synset> nouns;

    /// What is asked.
    public enum Kind {
        /// What a word means: a definition of it.
        DEFINE,
        /// What something is a kind of: a hypernym, one step up.
        NAME_KIND,
        /// Whether something is a kind of another thing, over any number of steps.
        IS_KIND,
        /// A sentence with a word.
        SENTENCE,
        /// A word with the same meaning.
        SYNONYM
    }

    /// A question and its answer.
    ///
    /// @param kind   what is asked
    /// @param word   about which
    /// @param other  the other thing of [Kind#IS_KIND], else null
    /// @param text   the question
    /// @param answer one that is right
    public record Question(Kind kind, String word, String other, String text, String answer) {}

    /// @param heldOut whether to ask about the words that are kept apart
    public WordNetQuestions(WordNet net, long seed, boolean heldOut) {
        this.net = net;
        this.heldOut = heldOut;
        this.rng = Rng.of(seed).at(heldOut ? "held out" : "train");
        for (String lemma : net.lemmas()) {
            if (isHeldOut(lemma) == heldOut && lemma.matches("[a-z][a-z ]+")) {
                words.add(lemma);
            }
        }
        this.nouns = net.synsets().stream().filter(Synset::isNoun).toList();
    }

    /// Whether a word is kept apart, always the same ones.
    public static boolean isHeldOut(String word) {
        return Math.floorMod(word.hashCode() * 0x9E3779B1, 1 << 16) % HELD_OUT_OF == 0;
    }

    /// Question number i: each number has its own, and the kinds take turns.
    public Question question(long i) {
        Kind kind = Kind.values()[(int) (i % Kind.values().length)];
        Rng draws = rng.at(i);
        for (int attempt = 0; ; attempt++) { // most words have no example, many no synonym
            String word = words.get(draws.index(2L * attempt, words.size()));
            Question question = question(kind, word, draws.at(attempt));
            if (question != null) {
                return question;
            }
        }
    }

    /// @return null if there is no such question about the word
    private Question question(Kind kind, String word, Rng draws) {
        List<Synset> senses = net.senses(word);
        Synset sense = senses.get(draws.index(0, senses.size()));
        return switch (kind) {
            case DEFINE ->
                sense.definition().isEmpty()
                        ? null
                        : new Question(
                                kind,
                                word,
                                null,
                                pick(
                                                draws,
                                                "What does \"%s\" mean?",
                                                "Define \"%s\".",
                                                "What is the meaning of \"%s\"?")
                                        .formatted(word),
                                sense.definition());
            case NAME_KIND -> {
                List<Synset> above = net.hypernyms(sense);
                yield !sense.isNoun() || above.isEmpty()
                        ? null
                        : new Question(
                                kind,
                                word,
                                null,
                                pick(draws, "What kind of thing is \"%s\"?", "\"%s\" is a kind of what?")
                                        .formatted(word),
                                "\"%s\" is a kind of %s."
                                        .formatted(
                                                word, above.getFirst().lemmas().getFirst()));
            }
            case IS_KIND -> isKind(word, sense, draws);
            case SENTENCE -> sentence(word, draws);
            case SYNONYM -> {
                List<String> others = sense.lemmas().stream()
                        .filter(lemma -> !plain(lemma).equals(plain(word)))
                        .toList();
                yield others.isEmpty()
                        ? null
                        : new Question(
                                kind,
                                word,
                                null,
                                pick(draws, "Give a synonym of \"%s\".", "What is another word for \"%s\"?")
                                        .formatted(word),
                                others.get(draws.index(2, others.size())));
            }
        };
    }

    private Question isKind(String word, Synset sense, Rng draws) {
        if (!sense.isNoun() || sense.hypernyms().isEmpty()) {
            return null;
        }
        Set<String> kinds = net.kinds(word);
        boolean yes = draws.uniform(3) < 0.5;
        Synset other = sense;
        if (yes) {
            int steps = 1 + draws.index(4, 3);
            for (int i = 0; i < steps && !net.hypernyms(other).isEmpty(); i++) {
                other = net.hypernyms(other).getFirst();
            }
        } else { // what is a kind of something for another word
            Synset another = nouns.get(draws.index(5, nouns.size()));
            if (another.hypernyms().isEmpty()) {
                return null;
            }
            other = net.hypernyms(another).getFirst();
        }
        String name = other.lemmas().getFirst();
        boolean holds = net.senses(name).stream().anyMatch(each -> kinds.contains(each.id()));
        if (holds != yes || name.equalsIgnoreCase(word)) {
            return null;
        }
        return new Question(
                Kind.IS_KIND,
                word,
                name,
                "Is \"%s\" a kind of \"%s\"?".formatted(word, name),
                (yes ? "Yes, \"%s\" is a kind of \"%s\"." : "No, \"%s\" is not a kind of \"%s\".")
                        .formatted(word, name));
    }

    private Question sentence(String word, Rng draws) {
        for (Synset sense : net.senses(word)) {
            for (String example : sense.examples()) {
                if (isSentence(example, word)) {
                    return new Question(
                            Kind.SENTENCE,
                            word,
                            null,
                            pick(draws, "Use \"%s\" in a sentence.", "Give an example with \"%s\".")
                                    .formatted(word),
                            example);
                }
            }
        }
        return null;
    }

    private static String pick(Rng draws, String... texts) {
        return texts[draws.index(1, texts.length)];
    }

    /// Whether an answer is right: for a sentence, that it has the word and at least two more; for anything else,
    /// that WordNet says so of one of the word's meanings.
    public boolean accepts(Question question, String answer) {
        String said = plain(answer);
        return switch (question.kind) {
            case DEFINE ->
                net.senses(question.word).stream()
                        .anyMatch(sense -> plain(sense.definition()).equals(said));
            case NAME_KIND ->
                net.senses(question.word).stream()
                        .filter(Synset::isNoun)
                        .flatMap(sense -> net.hypernyms(sense).stream())
                        .flatMap(above -> above.lemmas().stream())
                        .anyMatch(name -> said.endsWith("is a kind of " + plain(name)) || said.equals(plain(name)));
            case IS_KIND -> said.split(" ")[0].equals(question.answer.startsWith("Yes") ? "yes" : "no");
            case SENTENCE -> isSentence(answer, question.word);
            case SYNONYM ->
                net.senses(question.word).stream()
                        .flatMap(sense -> sense.lemmas().stream())
                        .anyMatch(name -> !plain(name).equals(plain(question.word))
                                && plain(name).equals(said));
        };
    }

    /// Whether a text has a word as a whole word, perhaps with an ending, and at least two more.
    private static boolean isSentence(String text, String word) {
        String all = " " + plain(text) + " ";
        boolean uses = all.contains(" " + plain(word) + " ") || all.contains(" " + plain(word) + "s ");
        return uses && all.split(" ").length - plain(word).split(" ").length >= 3; // the first piece is empty
    }

    /// Small letters and digits, one space between words.
    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ").strip();
    }

    /// Whether the questions are about the words that are kept apart.
    public boolean heldOut() {
        return heldOut;
    }
}
