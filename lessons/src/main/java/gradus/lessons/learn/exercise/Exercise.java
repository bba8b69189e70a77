package gradus.lessons.learn.exercise;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// One exercise: a class with a gap that the learner fills, the probes that try it out, and the mistakes it
/// is known to invite.
///
/// The right answer is an ordinary class of the course. What stands in it between the lines [Source#BEGIN]
/// and [Source#END] is the gap; everything else, the task in the documentation comment above all, is what the
/// learner gets. Every [Variant] is another right answer and every [Bug] a wrong one; the build proves that
/// the probes tell them apart.
public final class Exercise {
    private final Class<?> answer;
    private final String title;
    private final List<Probe> probes = new ArrayList<>();
    private final List<Bug> bugs = new ArrayList<>();
    private final List<Variant> variants = new ArrayList<>();
    private final List<String> hints = new ArrayList<>();
    private final Set<String> forbidden = new LinkedHashSet<>();
    private String reading = "";
    private double tolerance = 1e-4;
    private boolean changesArguments;

    private Exercise(Class<?> answer, String title) {
        this.answer = answer;
        this.title = title;
    }

    /// @param answer the right answer
    /// @param title  what the exercise is about, in a few words
    public static Exercise of(Class<?> answer, String title) {
        return new Exercise(answer, title);
    }

    /// Tries the answer out once more. From the smallest to the largest: a learner is shown the first that
    /// fails.
    ///
    /// @param name   what is tried, as in "two logits"
    /// @param byHand the computation of the right result that a learner can follow, or what is special here
    /// @param run    calls the answer and returns what is to be compared
    public Exercise probe(String name, String byHand, Probe.Run run) {
        probes.add(new Probe(name, byHand, run));
        return this;
    }

    /// A mistake: the right answer with one text in its gap replaced by another.
    ///
    /// @param sentence what the learner is told who made it: what is wrong, and how it shows
    /// @param find     stands once in the gap
    public Exercise bug(String sentence, String find, String replace) {
        return bug(new Bug(sentence, List.of(new Edit(find, replace))));
    }

    /// A mistake of several replacements.
    public Exercise bug(Bug bug) {
        bugs.add(bug);
        return this;
    }

    /// Another right answer: what else may stand in the gap.
    public Exercise variant(String name, String body) {
        variants.add(new Variant(name, body));
        return this;
    }

    /// Three hints, each of which says more than the one before; the last one almost gives the answer.
    public Exercise hints(String first, String second, String third) {
        hints.addAll(List.of(first, second, third));
        return this;
    }

    /// Where to read about it: a section of the lesson, a paper.
    public Exercise reading(String reading) {
        this.reading = reading;
        return this;
    }

    /// Methods and classes of the library that would do the learner's work: the answer must not use any of that
    /// name.
    public Exercise forbid(String... names) {
        forbidden.addAll(List.of(names));
        return this;
    }

    /// How far a number may be from the right one, as a part of the largest number beside it: 1e-4 if not said.
    public Exercise tolerance(double tolerance) {
        this.tolerance = tolerance;
        return this;
    }

    /// The answer is meant to change what it is given, as an optimiser's step does. Otherwise that is a
    /// mistake.
    public Exercise changesArguments() {
        this.changesArguments = true;
        return this;
    }

    /// The name by which the learner calls it: the class's, as in `Softmax`.
    public String name() {
        return answer.getSimpleName();
    }

    public String title() {
        return title;
    }

    public Class<?> answer() {
        return answer;
    }

    /// The package of the answer and of the learner's class: the lesson it belongs to.
    public String lesson() {
        String name = answer.getPackageName();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /// The text of the right answer.
    public Source source() {
        String file = name() + ".java";
        try (InputStream in = answer.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("no source of " + answer.getName() + " beside its class");
            }
            return Source.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<Probe> probes() {
        return List.copyOf(probes);
    }

    public List<Bug> bugs() {
        return List.copyOf(bugs);
    }

    public List<Variant> variants() {
        return List.copyOf(variants);
    }

    public List<String> hints() {
        return List.copyOf(hints);
    }

    public String reading() {
        return reading;
    }

    public Set<String> forbidden() {
        return Set.copyOf(forbidden);
    }

    public double tolerance() {
        return tolerance;
    }

    public boolean mayChangeArguments() {
        return changesArguments;
    }

    @Override
    public String toString() {
        return lesson() + "/" + name();
    }
}
