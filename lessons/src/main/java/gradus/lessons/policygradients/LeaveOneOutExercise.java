package gradus.lessons.policygradients;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import java.util.Arrays;

final class LeaveOneOutExercise {
    private static final String RESULT = "rewards[i] - others / (group - 1)";

    private LeaveOneOutExercise() {}

    static Exercise exercise() {
        return Exercise.of(LeaveOneOut.class, "Leave one out")
                .forbid("Rloo", "GroupAdvantage")
                .tolerance(1e-9)
                .probe(
                        "two answers",
                        "each is compared with the other one: 3 - 1 = 2 and 1 - 3 = -2",
                        t -> t.call(new double[] {3, 1}, 2))
                .probe(
                        "three answers",
                        "6 - (0 + 3)/2 = 4.5, 0 - (6 + 3)/2 = -4.5, 3 - (6 + 0)/2 = 0",
                        t -> t.call(new double[] {6, 0, 3}, 3))
                .probe(
                        "two prompts",
                        "10 and 11 are compared with each other, not with the easy prompt's 1 and 0: 1, -1, -1, 1",
                        t -> t.call(new double[] {1, 0, 10, 11}, 2))
                .probe(
                        "one right answer of four, then four of four",
                        "1 - 0 = 1, and the others 0 - 1/3; where all are right, nothing is to be learnt: 0",
                        t -> t.call(new double[] {0, 1, 0, 0, 1, 1, 1, 1}, 4))
                .probe(
                        "the same rewards, all larger by 8",
                        "the baseline is larger too: as before",
                        t -> t.call(new double[] {8, 9, 8, 8, 9, 9, 9, 9}, 4))
                .probe("large rewards", "", t -> t.call(new double[] {5e6, -2e6, 1e6, 4e6, 0, 3e6}, 3))
                .probe("three prompts, five answers each", "", t -> of(t, 3, 5))
                .probe("seven prompts, two answers each", "", t -> of(t, 7, 2))
                .probe("one prompt, eleven answers", "", t -> of(t, 1, 11))
                .bug(
                        "The answer's own reward is part of its baseline: the gradient becomes (K-1)/K of what it should"
                                + " be",
                        RESULT,
                        "rewards[i] - (others + rewards[i]) / group")
                .bug("The others are K - 1, and their sum is divided by K", "/ (group - 1)", "/ group")
                .bug("The sum of the others is the baseline, not their mean", "others / (group - 1)", "others")
                .bug(
                        "The baseline is the mean over the batch: answers to a hard prompt are punished for the prompt",
                        RESULT,
                        "rewards[i] - (java.util.Arrays.stream(rewards).sum() - rewards[i]) / (rewards.length - 1)")
                .bug("There is no baseline", RESULT, "rewards[i]")
                .bug(
                        "The sign is changed: what was better than the others becomes less probable",
                        RESULT,
                        "others / (group - 1) - rewards[i]")
                .bug("The baseline is added", "rewards[i] - others", "rewards[i] + others")
                .bug(
                        "The answers of a prompt stand next to each other, and are taken from all over the batch",
                        "others += rewards[j];",
                        "others += rewards[i % (rewards.length / group) + (j - from) * (rewards.length / group)];")
                .bug("The first group is the baseline of all", "others += rewards[j];", "others += rewards[j - from];")
                .bug(
                        "The baseline is the best of the others: nearly all answers are worse than expected",
                        "others += rewards[j];",
                        "others = j == i ? others : (j == from || i == from && j == from + 1) ? rewards[j] * (group - 1)"
                                + " : Math.max(others, rewards[j] * (group - 1));")
                .bug("Only the next answer is the baseline", RESULT, "rewards[i] - rewards[from + (i + 1) % group]")
                .bug(Bug.of("Divided by the group's standard deviation: that is GRPO's advantage, not this one")
                        .replacing(
                                RESULT,
                                "(rewards[i] - others / (group - 1)) / (Math.sqrt(java.util.Arrays.stream("
                                        + "rewards, from, from + group).map(x -> Math.pow(x - java.util.Arrays.stream(rewards,"
                                        + " from, from + group).average().orElse(0), 2)).sum() / (group - 1)) + 1e-4)"))
                .variant("by the mean of all K", """
                        double[] result = rewards.clone();
                        for (int from = 0; from < result.length; from += group) {
                            double mean = java.util.Arrays.stream(rewards, from, from + group).average().orElseThrow();
                            for (int i = from; i < from + group; i++) {
                                result[i] = (rewards[i] - mean) * group / (group - 1.0);
                            }
                        }
                        return result;
                        """)
                .variant("as a mean of differences", """
                        double[] result = new double[rewards.length];
                        for (int i = 0; i < result.length; i++) {
                            for (int k = 1; k < group; k++) {
                                int other = i / group * group + (i % group + k) % group;
                                result[i] += (rewards[i] - rewards[other]) / (group - 1);
                            }
                        }
                        return result;
                        """)
                .hints(
                        "Where does the group of answer i begin? Which answers of it are the others?",
                        "Add up the group's rewards without the answer's own, and divide by K - 1.",
                        "from = i - i % group; others = the sum of rewards[from .. from + group) less rewards[i];"
                                + " rewards[i] - others / (group - 1).")
                .reading("The section \"A baseline\" of this lesson; Ahmadian et al. 2024, equation 8");
    }

    private static Object of(Trial t, int prompts, int group) {
        double[] rewards = t.normals(prompts * group);
        Arrays.setAll(rewards, i -> rewards[i] + i / group); // some prompts are easier
        return t.call(rewards, group);
    }
}
