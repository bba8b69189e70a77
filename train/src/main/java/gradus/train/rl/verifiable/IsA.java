package gradus.train.rl.verifiable;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Asks whether one thing is a kind of another: `is a spaniel a dog?` is answered by `yes`, `is a spaniel a
/// tool?` by `no`. Half of the questions have each answer. What is a kind of what comes from WordNet (Miller
/// 1995) or from any other hierarchy.
public final class IsA extends VerifiableTask {
    private final String name;
    private final List<String> words;
    private final List<String> kinds;
    private final Map<String, Set<String>> above; // of each word: all that it is a kind of

    /// @param name  identifies the hierarchy
    /// @param above for each word, everything that it is a kind of, directly or not
    /// @throws gradus.error.ConfigException if there are no words, or every word is of every kind or of none
    public IsA(String name, Map<String, ? extends Set<String>> above) {
        this.name = name;
        this.above = new TreeMap<>(above);
        this.words = List.copyOf(this.above.keySet());
        Set<String> all = new TreeSet<>();
        this.above.values().forEach(all::addAll);
        this.kinds = List.copyOf(all);
        require(
                this.above.values().stream().allMatch(own -> !own.isEmpty() && own.size() < all.size())
                        && !words.isEmpty(),
                "is-a: each word must be of some kinds and not of others; got %d words and %d kinds",
                words.size(),
                kinds.size());
    }

    @Override
    public String name() {
        return "is-a-" + name;
    }

    @Override
    public String alphabet() {
        Set<Integer> all = new TreeSet<>();
        for (String part : List.of("is a ?", "yes", "no")) {
            part.chars().forEach(all::add);
        }
        words.forEach(word -> word.codePoints().forEach(all::add));
        kinds.forEach(kind -> kind.codePoints().forEach(all::add));
        StringBuilder text = new StringBuilder();
        all.forEach(text::appendCodePoint);
        return text.toString();
    }

    @Override
    public int longestAnswer() {
        return "yes".length();
    }

    @Override
    protected Question draw(Rng rng) {
        String word = words.get(rng.index(0, words.size()));
        Set<String> own = above.get(word);
        boolean yes = rng.index(1, 2) == 0;
        List<String> choice = new ArrayList<>(yes ? new TreeSet<>(own) : new TreeSet<>(without(own)));
        String kind = choice.get(rng.index(2, choice.size()));
        return new Question("is a %s a %s?".formatted(word, kind), yes ? "yes" : "no");
    }

    private Set<String> without(Set<String> own) {
        Set<String> others = new HashSet<>(kinds);
        others.removeAll(own);
        return others;
    }

    /// Well formed are `yes` and `no`.
    @Override
    public Grade grade(Question question, String answer) {
        return new Grade(answer.equals("yes") || answer.equals("no"), answer.equals(question.answer()));
    }
}
