package gradus.lessons.prompt.tree;

import static gradus.error.ConfigException.require;

import gradus.lessons.prompt.Steps;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// States with their scores. A state that is there twice is scored once, and the second one has 0; [#different]
/// leaves it out.
///
/// @param states in the order in which they were thought of
/// @param scores (N)
record Scored(List<String> states, double... scores) {
    static Scored of(TreeProblem problem, StateScore score, List<String> states, Steps steps, String name) {
        Map<String, Integer> first = new LinkedHashMap<>();
        for (int i = 0; i < states.size(); i++) {
            first.putIfAbsent(states.get(i), i);
        }
        List<String> different = new ArrayList<>(first.keySet());
        double[] own = different.isEmpty() ? new double[0] : score.of(problem, different, steps, name);
        require(own.length == different.size(), "%d scores came for %d states", own.length, different.size());
        double[] scores = new double[states.size()];
        for (int i = 0; i < own.length; i++) {
            require(own[i] >= 0 && Double.isFinite(own[i]), "the score of a state must be at least 0; got %s", own[i]);
            scores[first.get(different.get(i))] = own[i];
        }
        return new Scored(List.copyOf(states), scores);
    }

    /// Those that meet a condition; never the root.
    Scored only(Predicate<String> condition) {
        return at(IntStream.range(0, scores.length)
                .filter(i -> !states.get(i).isEmpty() && condition.test(states.get(i)))
                .boxed()
                .toList());
    }

    /// Each state once, where it comes first.
    Scored different() {
        return at(IntStream.range(0, scores.length)
                .filter(i -> states.indexOf(states.get(i)) == i)
                .boxed()
                .toList());
    }

    /// Those whose numbers are chosen by the scores, in the order of the choice.
    Scored chosen(Function<double[], List<Integer>> choice) {
        return at(choice.apply(scores));
    }

    /// With others behind.
    Scored and(Scored others) {
        List<String> all = new ArrayList<>(states);
        all.addAll(others.states);
        return new Scored(
                List.copyOf(all),
                DoubleStream.concat(DoubleStream.of(scores), DoubleStream.of(others.scores))
                        .toArray());
    }

    private Scored at(List<Integer> numbers) {
        return new Scored(
                numbers.stream().map(states::get).toList(),
                numbers.stream().mapToDouble(i -> scores[i]).toArray());
    }

    /// For a transcript: a line for each state, its last thought behind its score.
    String shown() {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < scores.length; i++) {
            String state = states.get(i);
            shown.append(number(scores[i]))
                    .append("  ")
                    .append(state, state.lastIndexOf('\n') + 1, state.length())
                    .append('\n');
        }
        return shown.toString();
    }

    private static String number(double score) {
        String text = Double.toString(score);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
