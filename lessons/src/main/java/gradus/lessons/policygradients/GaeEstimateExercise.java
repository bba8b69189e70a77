package gradus.lessons.policygradients;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class GaeEstimateExercise {
    private static final String DELTA = "rewards[t] + gamma * goesOn * after - values[t]";
    private static final String RESULT = "new double[][] {advantages, returns}";

    private GaeEstimateExercise() {}

    static Exercise exercise() {
        return Exercise.of(GaeEstimate.class, "Generalised advantage estimation")
                .forbid("Gae")
                .tolerance(1e-9)
                .probe(
                        "one step that ends",
                        "δ = 5 - 2 = 3 is the advantage, and 3 + 2 = 5 the return",
                        t -> call(t, 1, 0.9, 7, "1", 5, 2))
                .probe(
                        "one step that goes on",
                        "behind it 4 is expected, of which a half counts: 5 + 2 - 2 = 5; return 7",
                        t -> call(t, 0.5, 0.9, 4, "0", 5, 2))
                .probe(
                        "two steps, paid at the end",
                        "δ = 0 + 3 - 1 = 2 and 10 - 3 = 7; A = 2 + 0.5·7 = 5.5 and 7; R = 6.5 and 10",
                        t -> call(t, 1, 0.5, 0, "01", 0, 1, 10, 3))
                .probe(
                        "the same with γ = 0.5",
                        "δ = 0 + 1.5 - 1 = 0.5 and 7; A = 0.5 + 0.25·7 = 2.25 and 7; R = 3.25 and 10",
                        t -> call(t, 0.5, 0.5, 0, "01", 0, 1, 10, 3))
                .probe(
                        "two episodes of one step",
                        "nothing of the second reaches the first: A = 1 - 2 and 10 - 3; R = 1 and 10",
                        t -> call(t, 1, 1, 9, "11", 1, 2, 10, 3))
                .probe(
                        "broken off",
                        "δ = 1 + 4 - 2 = 3 and 1 + 8 - 4 = 5; with λ = 1, A = 8 and 5; R = 10 and 9",
                        t -> call(t, 1, 1, 8, "00", 1, 2, 1, 4))
                .probe("λ = 0", "A is δ alone: 1 + 4 - 2 = 3, 1 + 8 - 4 = 5", t -> call(t, 1, 0, 8, "00", 1, 2, 1, 4))
                .probe("three episodes, the last one broken off", "", t -> of(t, 0.97, 0.9, "00010000001000"))
                .probe("ends at the last step", "", t -> of(t, 0.9, 0.7, "000010000001"))
                .probe("one long episode", "", t -> of(t, 1, 0.95, "0".repeat(39) + "1"))
                .bug(
                        "The value of the step itself is taken for that of the next",
                        DELTA,
                        "rewards[t] + gamma * goesOn * values[t] - values[t]")
                .bug(
                        "The next value is off by one: it is that of the step after the next",
                        "double after = t == steps - 1 ? last : values[t + 1];",
                        "double after = t >= steps - 2 ? last : values[t + 2];")
                .bug(
                        "The next value goes on over the end of an episode: what another episode is worth is counted",
                        DELTA,
                        "rewards[t] + gamma * after - values[t]")
                .bug(
                        "The advantage goes on over the end of an episode",
                        "gamma * lambda * goesOn * next",
                        "gamma * lambda * next")
                .bug(Bug.of("Ends of episodes are ignored")
                        .replacing(DELTA, "rewards[t] + gamma * after - values[t]")
                        .replacing("gamma * lambda * goesOn * next", "gamma * lambda * next"))
                .bug(
                        "The end is looked for one step too late: done[t] already cuts t from t + 1",
                        "done[t] ? 0 : 1",
                        "t + 1 < steps && done[t + 1] ? 0 : 1")
                .bug("What is expected behind the last step is left out", "t == steps - 1 ? last", "t == steps - 1 ? 0")
                .bug("γ is missing in δ", DELTA, "rewards[t] + goesOn * after - values[t]")
                .bug("γ is missing before the next advantage", "gamma * lambda * goesOn", "lambda * goesOn")
                .bug("λ is missing before the next advantage", "gamma * lambda * goesOn", "gamma * goesOn")
                .bug(
                        "The value is not subtracted: it is no advantage but a return",
                        DELTA,
                        "rewards[t] + gamma * goesOn * after")
                .bug(
                        "Returns are made of advantages that are still 0: they are the values again, and the critic learns"
                                + " nothing",
                        "returns[t] = advantages[t] + values[t]",
                        "returns[t] = values[t]")
                .bug(
                        "Returns lack the value: they are the advantages",
                        "returns[t] = advantages[t] + values[t]",
                        "returns[t] = advantages[t]")
                .bug(
                        "Returns are made of whitened advantages: whitening comes after the returns",
                        "return " + RESULT + ";",
                        """
                        double mean = java.util.Arrays.stream(advantages).sum() / steps;
                        double squares = java.util.Arrays.stream(advantages).map(x -> (x - mean) * (x - mean)).sum();
                        for (int t = 0; t < steps; t++) {
                            returns[t] = (advantages[t] - mean) / Math.sqrt(squares / Math.max(1, steps - 1) + 1e-8)
                                    + values[t];
                        }
                        return new double[][] {advantages, returns};""")
                .bug("Returns are sums of the rewards alone: that is so only for λ = 1", "return " + RESULT + ";", """
                        double sum = last;
                        for (int t = steps - 1; t >= 0; t--) {
                            sum = rewards[t] + (done[t] ? 0 : gamma * sum);
                            returns[t] = sum;
                        }
                        return new double[][] {advantages, returns};""")
                .bug(Bug.of(
                                "The steps are gone through from the front: an advantage hears of earlier steps, not of later")
                        .replacing("int t = steps - 1; t >= 0; t--", "int t = 0; t < steps; t++"))
                .bug("Returns come first, advantages second", RESULT, "new double[][] {returns, advantages}")
                .variant("as sums of δ", """
                        int steps = values.length;
                        double[][] result = new double[2][steps];
                        for (int t = 0; t < steps; t++) {
                            double weight = 1;
                            for (int k = t; k < steps; k++) {
                                double after = done[k] ? 0 : k + 1 < steps ? values[k + 1] : last;
                                result[0][t] += weight * (rewards[k] + gamma * after - values[k]);
                                if (done[k]) {
                                    break;
                                }
                                weight *= gamma * lambda;
                            }
                            result[1][t] = result[0][t] + values[t];
                        }
                        return result;
                        """)
                .variant("returns by themselves", """
                        int n = rewards.length;
                        double[] a = new double[n];
                        double[] r = new double[n];
                        for (int t = n - 1; t >= 0; t--) {
                            if (done[t]) {
                                r[t] = rewards[t];
                            } else if (t == n - 1) {
                                r[t] = rewards[t] + gamma * last;
                            } else { // a part of the next return, a part of the next value
                                r[t] = rewards[t] + gamma * (lambda * r[t + 1] + (1 - lambda) * values[t + 1]);
                            }
                            a[t] = r[t] - values[t];
                        }
                        return new double[][] {a, r};
                        """)
                .hints(
                        "Which steps does the advantage of step t hear of? In which order can they be computed then?",
                        "Go from the last step to the first, and multiply what comes from the next step by 0 where done[t].",
                        "delta = r + γ·goesOn·V_{t+1} - V_t; next = delta + γ·λ·goesOn·next; A = next; R = A + V.")
                .reading("The section \"A critic\" of this lesson; Schulman et al. 2015, equations 11 to 16");
    }

    /// @param done  a digit for each step
    /// @param pairs reward and value of each step
    private static Object call(Trial t, double gamma, double lambda, double last, String done, double... pairs) {
        double[] rewards = new double[done.length()];
        double[] values = new double[done.length()];
        for (int i = 0; i < rewards.length; i++) {
            rewards[i] = pairs[2 * i];
            values[i] = pairs[2 * i + 1];
        }
        return t.call(rewards, values, ends(done), last, gamma, lambda);
    }

    private static boolean[] ends(String done) {
        boolean[] ends = new boolean[done.length()];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = done.charAt(i) == '1';
        }
        return ends;
    }

    private static Object of(Trial t, double gamma, double lambda, String done) {
        int steps = done.length();
        return t.call(t.normals(steps), t.normals(steps), ends(done), t.normals(1)[0] + 2, gamma, lambda);
    }
}
