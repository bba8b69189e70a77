package gradus.lessons.grpo;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import java.util.Arrays;

final class GroupAdvantagesExercise {
    private static final String RESULT = "(rewards[i] - mean) / (scaled ? deviation + 1e-4 : 1)";
    private static final String ROOT = "Math.sqrt(squares / Math.max(1, group - 1))";
    private static final String BATCH_MEAN = "java.util.Arrays.stream(rewards).average().orElse(0)";
    private static final String BATCH_SQUARES =
            "java.util.Arrays.stream(rewards).map(x -> Math.pow(x - " + BATCH_MEAN + ", 2)).sum()";

    private GroupAdvantagesExercise() {}

    static Exercise exercise() {
        return Exercise.of(GroupAdvantages.class, "Advantages within a group")
                .forbid("GroupAdvantage", "Rloo")
                .tolerance(1e-9)
                .probe(
                        "three answers",
                        "mean 2, std √((4 + 0 + 4)/2) = 2: 2/2.0001 = 0.99995, 0 and -0.99995",
                        t -> t.call(new double[] {4, 2, 0}, 3, true))
                .probe("three answers, not scaled", "2, 0, -2", t -> t.call(new double[] {4, 2, 0}, 3, false))
                .probe(
                        "two prompts",
                        "the second is easier, but within their groups the answers are alike",
                        t -> t.call(new double[] {0, 1, 0, 0, 10, 11, 10, 10}, 4, true))
                .probe(
                        "two prompts, not scaled",
                        "-1/4, 3/4, -1/4, -1/4, and the same once more",
                        t -> t.call(new double[] {0, 1, 0, 0, 10, 11, 10, 10}, 4, false))
                .probe(
                        "one group of equal rewards",
                        "nothing is to be learnt from the first prompt: 0, and not NaN",
                        t -> t.call(new double[] {1, 1, 1, 0, 0, 3}, 3, true))
                .probe(
                        "groups of one",
                        "there is nothing to compare with: 0, and not NaN",
                        t -> t.call(new double[] {2, 5, 1}, 1, true))
                .probe(
                        "rewards that hardly differ",
                        "std √2·1e-4 = 1.41421e-4; ±1e-4/2.41421e-4 = ±0.41421: the 1e-4 damps them",
                        t -> t.call(new double[] {1e-4, -1e-4}, 2, true))
                .probe("rewards in large numbers", "", t -> t.call(new double[] {4e5, -2e5, 1e5, 3e5}, 2, true))
                .probe("three prompts, five answers each", "", t -> of(t, 3, 5, true))
                .probe("three prompts, not scaled", "", t -> of(t, 3, 5, false))
                .probe("six prompts, two answers each", "", t -> of(t, 6, 2, true))
                .bug(Bug.of("The group is the whole batch: answers to hard prompts are punished for the prompt")
                        .replacing("double squares = 0;", "mean = " + BATCH_MEAN + "; double squares = 0;")
                        .replacing(ROOT, "Math.sqrt(" + BATCH_SQUARES + " / Math.max(1, rewards.length - 1))"))
                .bug(
                        "The mean is the group's, but the deviation that of the whole batch",
                        ROOT,
                        "Math.sqrt(" + BATCH_SQUARES + " / Math.max(1, rewards.length - 1))")
                .bug(
                        "The deviation is the group's, but the mean that of the whole batch",
                        RESULT,
                        "(rewards[i] - " + BATCH_MEAN + ") / (scaled ? deviation + 1e-4 : 1)")
                .bug(
                        "The standard deviation is biased: over the group's size, not less one",
                        "Math.max(1, group - 1)",
                        "group")
                .bug("A group of one gives NaN: 0 is divided by 0", "Math.max(1, group - 1)", "(group - 1)")
                .bug("1e-4 is missing: equal rewards give NaN", "deviation + 1e-4", "deviation")
                .bug(
                        "1e-4 stands under the root, not behind it",
                        RESULT,
                        "(rewards[i] - mean) / (scaled ? Math.sqrt(deviation * deviation + 1e-4) : 1)")
                .bug("The root is missing: it is divided by the variance", ROOT, "squares / Math.max(1, group - 1)")
                .bug("It is never scaled", RESULT, "rewards[i] - mean")
                .bug("It is always scaled", "scaled ? deviation + 1e-4 : 1", "deviation + 1e-4")
                .bug("It is scaled when it should not be, and not when it should", "scaled ?", "!scaled ?")
                .bug(
                        "The mean is not subtracted: all answers that are paid at all become more probable",
                        RESULT,
                        "rewards[i] / (scaled ? deviation + 1e-4 : 1)")
                .bug(
                        "The sign is changed: what was better than the group becomes less probable",
                        "(rewards[i] - mean) / ",
                        "(mean - rewards[i]) / ")
                .bug(Bug.of("The answer's own reward is left out of the mean: that is RLOO's advantage")
                        .replacing(
                                RESULT,
                                "(rewards[i] - mean) * (group > 1 ? group / (group - 1.0) : 1) / (scaled ?"
                                        + " deviation + 1e-4 : 1)"))
                .bug(Bug.of("The answers of a prompt stand next to each other, and are taken from all over the batch")
                        .replacing(
                                "mean += rewards[i] / group;",
                                "mean += rewards[from / group + (i - from) *" + " (rewards.length / group)] / group;")
                        .replacing(
                                "squares += (rewards[i] - mean) * (rewards[i] - mean);",
                                "squares +="
                                        + " Math.pow(rewards[from / group + (i - from) * (rewards.length / group)] - mean, 2);")
                        .replacing(
                                "advantages[i] = (rewards[i] - mean)",
                                "int at = from / group + (i - from) *"
                                        + " (rewards.length / group); advantages[at] = (rewards[at] - mean)"))
                .bug(
                        "The largest distance takes the place of the standard deviation",
                        ROOT,
                        "java.util.Arrays.stream(rewards, from, from + group).max().orElse(0) -"
                                + " java.util.Arrays.stream(rewards, from, from + group).min().orElse(0)")
                .variant("answer by answer", """
                        double[] advantages = new double[rewards.length];
                        for (int i = 0; i < rewards.length; i++) {
                            int from = i / group * group;
                            double sum = 0;
                            double pairs = 0; // squared differences of all pairs: 2·K·(K - 1)·variance
                            for (int j = from; j < from + group; j++) {
                                sum += rewards[j];
                                for (int k = from; k < from + group; k++) {
                                    pairs += (rewards[j] - rewards[k]) * (rewards[j] - rewards[k]);
                                }
                            }
                            double variance = group == 1 ? 0 : pairs / (2.0 * group * (group - 1));
                            advantages[i] = rewards[i] - sum / group;
                            advantages[i] /= scaled ? Math.sqrt(variance) + 1e-4 : 1;
                        }
                        return advantages;
                        """)
                .variant("slices", """
                        double[] advantages = new double[rewards.length];
                        for (int g = 0; g < rewards.length / group; g++) {
                            double[] own = java.util.Arrays.copyOfRange(rewards, g * group, (g + 1) * group);
                            double mean = java.util.Arrays.stream(own).average().getAsDouble();
                            double[] off = java.util.Arrays.stream(own).map(r -> r - mean).toArray();
                            double squares = java.util.Arrays.stream(off).map(d -> d * d).sum();
                            double deviation = squares == 0 ? 0 : Math.sqrt(squares / (group - 1));
                            for (int i = 0; i < group; i++) {
                                advantages[g * group + i] = scaled ? off[i] / (1e-4 + deviation) : off[i];
                            }
                        }
                        return advantages;
                        """)
                .hints(
                        "Which rewards does an answer compete with? What is 0/0, if all of these are equal?",
                        "Go from group to group: its mean, then the sum of squares, then the advantages.",
                        "mean and squares over i from `from` to `from + group`; std = Math.sqrt(squares / Math.max(1,"
                                + " group - 1)); (R - mean) / (std + 1e-4).")
                .reading("The section \"The group is the critic\" of this lesson; Shao et al. 2024, section 4.1.2");
    }

    private static Object of(Trial t, int prompts, int group, boolean scaled) {
        double[] rewards = t.normals(prompts * group);
        Arrays.setAll(rewards, i -> (1 + i / group) * rewards[i] + i / group); // easier prompts, and more uneven ones
        return t.call(rewards, group, scaled);
    }
}
