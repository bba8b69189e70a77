package gradus.train.align;

import gradus.train.corpus.WordNet;
import gradus.train.rl.verifiable.BracketMatching;
import gradus.train.rl.verifiable.Countdown;
import gradus.train.rl.verifiable.IsA;
import gradus.train.rl.verifiable.Parity;
import gradus.train.rl.verifiable.ReversedAddition;
import gradus.train.rl.verifiable.SortingDigits;
import gradus.train.rl.verifiable.VerifiableTask;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;

/// The tasks with checkable answers that there are by name.
public enum AlignmentTask {
    /// Sums of two numbers, last digit first.
    ADDITION(3, ReversedAddition::new),
    /// Digits to be sorted.
    SORTING(8, SortingDigits::new),
    /// An expression of given numbers with a given value.
    COUNTDOWN(3, count -> new Countdown(count, 20)),
    /// Whether the ones are even or odd in number.
    PARITY(8, Parity::new),
    /// The brackets that close others.
    BRACKETS(8, BracketMatching::new),
    /// Whether a word of WordNet is a kind of thing.
    IS_A(10, AlignmentTask::isA);

    /// Of which WordNet knows many kinds.
    private static final List<String> KINDS = List.of(
            "animal", "bird", "building", "fish", "food", "insect", "machine", "person", "plant", "tree", "vehicle");

    private final int size;
    private final IntFunction<VerifiableTask> made;

    AlignmentTask(int size, IntFunction<VerifiableTask> made) {
        this.size = size;
        this.made = made;
    }

    /// The task.
    ///
    /// @param size digits, numbers, bits, brackets, or the most letters of a word; null for the usual size
    /// @throws gradus.error.ConfigException if the task has no such size
    public VerifiableTask of(Integer size) {
        return made.apply(size == null ? this.size : size);
    }

    private static VerifiableTask isA(int letters) {
        WordNet net = WordNet.read();
        TreeMap<String, Set<String>> above = new TreeMap<>();
        for (String lemma : net.lemmas()) {
            if (lemma.length() <= letters && lemma.chars().allMatch(c -> c >= 'a' && c <= 'z')) {
                Set<String> kinds = kinds(net, lemma);
                if (!kinds.isEmpty()) {
                    above.put(lemma, kinds);
                }
            }
        }
        return new IsA("wordnet-" + letters, above);
    }

    /// Those of the kinds that a word is in any of its meanings.
    private static Set<String> kinds(WordNet net, String lemma) {
        Set<String> ids = net.kinds(lemma);
        Set<String> kinds = new TreeSet<>();
        for (String kind : KINDS) {
            if (net.senses(kind).stream().anyMatch(sense -> ids.contains(sense.id()))) {
                kinds.add(kind);
            }
        }
        return kinds;
    }
}
