package gradus.lessons.votes;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

final class WeightedVotesExercise {
    private static final String WEIGHT = "Math.exp(sum / logProbabilities[i].length)";
    private static final String MERGE =
            "answers.get(i).ifPresent(answer -> totals.merge(answer, weight, Double::sum));";
    private static final String RETURN = "return totals;";

    private WeightedVotesExercise() {}

    static Exercise exercise() {
        return Exercise.of(WeightedVotes.class, "Votes with weights")
                .forbid("Votes", "SelfConsistency", "Vote")
                .tolerance(1e-9)
                .probe("one token", "exp(ln 0.5) = 0.5", t -> call(t, "18", row(0.5)))
                .probe(
                        "two tokens",
                        "the geometric mean of 0.5 and 0.125 is √0.0625 = 0.25",
                        t -> call(t, "18", row(0.5, 0.125)))
                .probe(
                        "a short chain and a long one",
                        "all tokens have 0.5, so both weigh 0.5, however long they are",
                        t -> call(t, "18 26", row(0.5), row(0.5, 0.5, 0.5, 0.5)))
                .probe(
                        "two against one",
                        "18 has 0.9; 26 has 0.4 + 0.6 = 1, and its mean is 0.5",
                        t -> call(t, "18 26 26", row(0.9), row(0.4), row(0.6)))
                .probe(
                        "a chain without an answer",
                        "it weighs nothing, for no answer",
                        t -> call(t, "18 - 18", row(0.25), row(0.9, 0.9), row(0.5)))
                .probe(
                        "the surer token last",
                        "the geometric mean of 0.125 and 0.5 is 0.25 again",
                        t -> call(t, "18", row(0.125, 0.5)))
                .probe(
                        "the heaviest chain first",
                        "0.8 + 0.1 + 0.3 = 1.2",
                        t -> call(t, "18 18 18", row(0.8), row(0.1), row(0.3)))
                .probe("none has an answer", "there are no totals", t -> call(t, "-", row(0.5)))
                .probe("no chain", "", t -> t.call(List.of(), new double[0][]))
                .probe(
                        "one token that is quite unsure",
                        "∛(0.8·0.8·0.001) = 0.08618",
                        t -> call(t, "7", row(0.8, 0.8, 0.001)))
                .probe("five chains", "", t -> drawn(t, 5, 2))
                .probe("twenty chains", "", t -> drawn(t, 20, 4))
                .bug(
                        "The weight is the product of the probabilities: a long chain weighs nothing",
                        WEIGHT,
                        "Math.exp(sum)")
                .bug(
                        "The logarithm itself is the weight: it is below 0, and every further chain makes it less",
                        WEIGHT,
                        "sum / logProbabilities[i].length")
                .bug(
                        "The sign is wrong: it is the perplexity, and the unsurest chain weighs most",
                        WEIGHT,
                        "Math.exp(-sum / logProbabilities[i].length)")
                .bug(Bug.of("It is the mean of the probabilities, not the exp of the mean of their logarithms")
                        .replacing("sum += log;", "sum += Math.exp(log);")
                        .replacing(WEIGHT, "sum / logProbabilities[i].length"))
                .bug(
                        "The logarithms are read as those with base 2",
                        WEIGHT,
                        "Math.pow(2, sum / logProbabilities[i].length)")
                .bug(
                        "The logarithms are read as those with base 10",
                        WEIGHT,
                        "Math.pow(10, sum / logProbabilities[i].length)")
                .bug(
                        "Only the heaviest chain of each answer counts: more chains give it no more weight",
                        "totals.merge(answer, weight, Double::sum)",
                        "totals.merge(answer, weight, Math::max)")
                .bug(
                        "Only the last chain of each answer counts",
                        "totals.merge(answer, weight, Double::sum)",
                        "totals.put(answer, weight)")
                .bug(
                        "It is the mean of an answer's weights, not their sum: how many agree does not matter",
                        RETURN,
                        """
                        totals.replaceAll((answer, total) -> total
                                / answers.stream().filter(a -> a.equals(Optional.of(answer))).count());
                        return totals;""")
                .bug("Every chain weighs 1", WEIGHT, "1.0")
                .bug("The totals are divided by their sum", RETURN, """
                        double all = totals.values().stream().mapToDouble(total -> total).sum();
                        totals.replaceAll((answer, total) -> total / all);
                        return totals;""")
                .bug(
                        "Chains without an answer have a total of their own",
                        MERGE,
                        "totals.merge(answers.get(i).orElse(\"\"), weight, Double::sum);")
                .bug(
                        "The sum is divided by one token too many",
                        "logProbabilities[i].length)",
                        "(logProbabilities[i].length + 1))")
                .bug(
                        "The least probable token alone decides",
                        WEIGHT,
                        "Math.exp(java.util.Arrays.stream(logProbabilities[i]).min().orElse(0))")
                .bug("The last token alone decides", "sum += log;", "sum = log * logProbabilities[i].length;")
                .variant("products and roots", """
                        Map<String, Double> totals = new java.util.HashMap<>();
                        int i = 0;
                        for (Optional<String> each : answers) {
                            double weight = 1;
                            for (double log : logProbabilities[i]) {
                                weight *= Math.pow(Math.exp(log), 1.0 / logProbabilities[i].length);
                            }
                            if (each.isPresent()) {
                                totals.put(each.get(), totals.getOrDefault(each.get(), 0.0) + weight);
                            }
                            i++;
                        }
                        return totals;
                        """)
                .variant("by streams", """
                        return java.util.stream.IntStream.range(0, answers.size())
                                .filter(i -> answers.get(i).isPresent())
                                .boxed()
                                .collect(java.util.stream.Collectors.groupingBy(
                                        i -> answers.get(i).orElseThrow(),
                                        java.util.stream.Collectors.summingDouble(i -> Math.exp(
                                                java.util.Arrays.stream(logProbabilities[i])
                                                        .average()
                                                        .orElseThrow()))));
                        """)
                .hints(
                        "What is the product of a hundred probabilities of 0.9? Should a chain of a hundred"
                                + " tokens weigh so little?",
                        "The mean of the logarithms, then exp. Map.merge adds it to what the answer has already.",
                        "weight = Math.exp(sum / K); answers.get(i).ifPresent(a -> totals.merge(a, weight,"
                                + " Double::sum))")
                .reading("The section \"Weights\" of this lesson; Wang et al. 2022, table 1");
    }

    private static Object drawn(Trial t, int chains, int different) {
        double[][] rows = new double[chains][];
        for (int i = 0; i < chains; i++) {
            rows[i] = row(t.uniform(1 + t.ints(5, 1)[0]).toArray());
        }
        List<Optional<String>> answers = Arrays.stream(t.ints(different + 1, chains))
                .mapToObj(each -> Optional.of("n" + each).filter(a -> each < different))
                .toList();
        return t.call(answers, rows);
    }

    /// @param answers parted by spaces; `-` for a chain without one
    private static Object call(Trial t, String answers, double[]... rows) {
        return t.call(
                Arrays.stream(answers.split(" "))
                        .map(each -> Optional.of(each).filter(a -> !a.equals("-")))
                        .toList(),
                rows);
    }

    /// The logarithms of probabilities, none of them below 1e-3.
    private static double[] row(double... probabilities) {
        return Arrays.stream(probabilities)
                .map(p -> Math.log(Math.max(p, 1e-3)))
                .toArray();
    }
}
