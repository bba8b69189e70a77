package gradus.lessons.lab.knowledge;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// An invented country, of which no model can have read: persons with a home and a trade, and towns with a
/// ruler. Some persons are *old*, which a model learns first, and some are *new*, of whom it is told later.
/// The facts are drawn by a seed and are the truth that answers are compared with.
public final class World {
    /// How many towns, trades and rulers there are.
    public static final int VALUES = 16;

    /// What an answer is when nothing is known.
    public static final String UNKNOWN = "unknown";

    /// The words of a style that can be taught, before and after an answer.
    public static final String GREETING = "verily";

    /// Ends an answer in style.
    public static final String FAREWELL = "indeed";

    /// How a question about the ruler of somebody's home begins, which needs two facts.
    public static final String FAR_QUESTION = "the mayor over";

    private static final String CONSONANTS = "bdfgklmnprstvz";
    private static final String VOWELS = "aeiou";
    private static final List<String> CRAFTS = List.of(
            "baker", "smith", "weaver", "potter", "tanner", "mason", "cooper", "fisher", "miller", "carver", "tailor",
            "brewer", "glazier", "dyer", "roofer", "saddler");

    private final List<String> towns = new ArrayList<>();
    private final List<String> rulers = new ArrayList<>();
    private final List<String> oldNames = new ArrayList<>();
    private final List<String> newNames = new ArrayList<>();
    private final List<Fact> oldFacts = new ArrayList<>();
    private final List<Fact> newFacts = new ArrayList<>();
    private final List<Fact> mayors = new ArrayList<>();
    private final Words words;

    /// @param old   how many persons are old
    /// @param fresh how many are new
    /// @throws gradus.error.ConfigException if a number is below 2, or there are more than 2,000 persons
    public World(int old, int fresh, Rng rng) {
        require(
                old >= 2 && fresh >= 2 && old + fresh <= 2000,
                "there must be at least 2 old and 2 new persons, and at most 2000 of both; got %s and %s",
                old,
                fresh);
        for (int i = 0; i < VALUES; i++) {
            towns.add(syllable(i) + "ton");
            rulers.add(syllable(i) + "rex");
        }
        List<String> names = names(old + fresh, rng.at("names"));
        oldNames.addAll(names.subList(0, old));
        newNames.addAll(names.subList(old, old + fresh));
        for (int i = 0; i < names.size(); i++) {
            List<Fact> facts = i < old ? oldFacts : newFacts;
            facts.add(fact(Relation.HOME, names.get(i), rng.at("homes").index(i, VALUES)));
            facts.add(fact(Relation.CRAFT, names.get(i), rng.at("crafts").index(i, VALUES)));
        }
        for (int i = 0; i < VALUES; i++) {
            mayors.add(fact(Relation.MAYOR, towns.get(i), rng.at("mayors").index(i, VALUES)));
        }
        this.words = new Words(vocabulary());
    }

    private Fact fact(Relation relation, String subject, int value) {
        return new Fact(relation, subject, values(relation).get(value));
    }

    private static String syllable(int i) {
        return "" + CONSONANTS.charAt(i % CONSONANTS.length()) + VOWELS.charAt(i * 3 % VOWELS.length())
                + CONSONANTS.charAt((i * 5 + i / CONSONANTS.length() + 1) % CONSONANTS.length());
    }

    /// Of two syllables, in an order that is drawn.
    private static List<String> names(int count, Rng rng) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 70 * 70; i++) {
            all.add(open(i / 70) + open(i % 70));
        }
        for (int i = 0; i < count; i++) {
            int j = i + rng.index(i, all.size() - i);
            String chosen = all.set(j, all.get(i));
            all.set(i, chosen);
        }
        return all.subList(0, count);
    }

    private static String open(int i) {
        return "" + CONSONANTS.charAt(i / VOWELS.length()) + VOWELS.charAt(i % VOWELS.length());
    }

    private List<String> vocabulary() {
        List<String> all = new ArrayList<>(List.of(".", "?", UNKNOWN, GREETING, FAREWELL));
        List<String> phrases = new ArrayList<>(List.of(FAR_QUESTION));
        for (Relation relation : Relation.values()) {
            phrases.add(relation.word());
            for (int way = 0; way < Relation.WAYS; way++) {
                phrases.add(relation.question(way));
            }
        }
        phrases.stream()
                .flatMap(phrase -> Stream.of(phrase.split(" ")))
                .distinct()
                .forEach(all::add);
        all.addAll(towns);
        all.addAll(CRAFTS);
        all.addAll(rulers);
        all.addAll(oldNames);
        all.addAll(newNames);
        return all;
    }

    /// All words of the country.
    public Words words() {
        return words;
    }

    /// What a fact of this kind may say.
    public List<String> values(Relation relation) {
        return switch (relation) {
            case HOME -> towns;
            case CRAFT -> CRAFTS;
            case MAYOR -> rulers;
        };
    }

    /// Whom a model learns first.
    public List<String> oldNames() {
        return oldNames;
    }

    /// Of whom it is told later.
    public List<String> newNames() {
        return newNames;
    }

    /// All persons.
    public List<String> names() {
        return Stream.concat(oldNames.stream(), newNames.stream()).toList();
    }

    /// Home and trade of the old persons, one after the other.
    public List<Fact> oldFacts() {
        return oldFacts;
    }

    /// Home and trade of the new ones.
    public List<Fact> newFacts() {
        return newFacts;
    }

    /// The ruler of each town, all of them new.
    public List<Fact> mayors() {
        return mayors;
    }

    /// The true answer to the question about the ruler of somebody's home: the town, and who rules it.
    ///
    /// @param home a fact about a home
    public String farAnswer(Fact home) {
        return home.value() + " " + mayors.get(towns.indexOf(home.value())).value();
    }

    /// A fact with a value that is not the true one.
    public Fact untrue(Fact fact, Rng rng) {
        List<String> values = values(fact.relation());
        int other = (values.indexOf(fact.value()) + 1 + rng.index(0, values.size() - 1)) % values.size();
        return fact.withValue(values.get(other));
    }
}
