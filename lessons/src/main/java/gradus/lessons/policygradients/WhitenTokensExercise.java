package gradus.lessons.policygradients;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class WhitenTokensExercise {
    private static final String SCALE = "Math.sqrt(squares / Math.max(1, count - 1) + 1e-8)";

    private WhitenTokensExercise() {}

    static Exercise exercise() {
        return Exercise.of(WhitenTokens.class, "Whitening with a mask")
                .forbid("Whitening")
                .tolerance(1e-9)
                .probe(
                        "three tokens",
                        "mean 3, variance (4 + 0 + 4)/2 = 4: -1, 0, 1",
                        t -> t.call(new double[][] {{1, 3, 5}}, new int[] {3}))
                .probe(
                        "padding",
                        "the 100 takes no part and becomes 0: -1, 0, 1, 0",
                        t -> t.call(new double[][] {{1, 3, 5, 100}}, new int[] {3}))
                .probe(
                        "two answers",
                        "mean 3 over both; each alone would be 0 and something else",
                        t -> t.call(new double[][] {{1, 9, 9}, {3, 5, 9}}, new int[] {1, 2}))
                .probe(
                        "all advantages equal",
                        "nothing is better than anything: 0, and not NaN",
                        t -> t.call(new double[][] {{2, 2, 7}, {2, 9, 7}}, new int[] {2, 1}))
                .probe("a single token", "0", t -> t.call(new double[][] {{4, 1}}, new int[] {1}))
                .probe("no tokens", "two empty answers", t -> t.call(new double[][] {{4, 1}, {2, 3}}, new int[] {0, 0}))
                .probe(
                        "tiny differences",
                        "mean 0, variance 2e-8/1: ±1e-4/√(3e-8) = ±0.57735",
                        t -> t.call(new double[][] {{1e-4, -1e-4}}, new int[] {2}))
                .probe("four answers, one of them empty", "", t -> of(t, 1, 6, 4, 6, 0, 1))
                .probe("two answers, no padding", "", t -> of(t, 1, 3, 3, 3))
                .probe("large advantages", "", t -> of(t, 1e5, 9, 5, 9, 2, 7))
                .bug("The variance is divided by n, not by n - 1", "Math.max(1, count - 1)", "Math.max(1, count)")
                .bug(
                        "The root is missing: it is divided by the variance",
                        SCALE,
                        "squares / Math.max(1, count - 1) + 1e-8")
                .bug(
                        "1e-8 is added to the root, not under it",
                        SCALE,
                        "Math.sqrt(squares / Math.max(1, count - 1)) + 1e-8")
                .bug("1e-8 is missing: equal advantages become NaN", "+ 1e-8", "")
                .bug(
                        "The mean is not subtracted from the advantages",
                        "(advantages[row][t] - mean) / scale",
                        "advantages[row][t] / scale")
                .bug(
                        "It is only shifted, not scaled",
                        "(advantages[row][t] - mean) / scale",
                        "advantages[row][t] - mean")
                .bug(
                        "It is only scaled, and by the mean square: the mean is taken for 0",
                        "double mean = sum / Math.max(1, count);",
                        "double mean = 0;")
                .bug(
                        "Padding is counted in the mean",
                        "double mean = sum / Math.max(1, count);",
                        "double mean = java.util.Arrays.stream(advantages).flatMapToDouble(java.util.Arrays::stream)"
                                + ".average().orElse(0);")
                .bug(
                        "Padding is counted in the variance",
                        "double scale = " + SCALE + ";",
                        "double all = 0; int places = 0; for (double[] row : advantages) { for (double x : row) { all +="
                                + " (x - mean) * (x - mean); places++; } } double scale = Math.sqrt(all / Math.max(1,"
                                + " places - 1) + 1e-8);")
                .bug(Bug.of("Padding is taken for advantages of 0: in mean and variance it counts")
                        .replacing("count++;", "count += t == 0 ? advantages[row].length : 0;")
                        .replacing(
                                "double scale = ",
                                "squares += java.util.stream.IntStream.range(0,"
                                        + " lengths.length).map(row -> lengths[row] == 0 ? 0 : advantages[row].length -"
                                        + " lengths[row]).sum() * mean * mean; double scale = "))
                .bug("Padding is not 0 in the result", "return white;", """
                        for (int row = 0; row < lengths.length; row++) {
                            for (int t = lengths[row]; t < white[row].length; t++) {
                                white[row][t] = (advantages[row][t] - mean) / scale;
                            }
                        }
                        return white;""")
                .bug(
                        "Each answer is whitened by itself: which answer was better than another is lost",
                        "return white;",
                        """
                        for (int row = 0; row < lengths.length; row++) {
                            int n = lengths[row];
                            double m = java.util.Arrays.stream(advantages[row]).limit(n).average().orElse(0);
                            double v = java.util.Arrays.stream(advantages[row]).limit(n).map(x -> (x - m) * (x - m)).sum();
                            for (int t = 0; t < n; t++) {
                                white[row][t] = (advantages[row][t] - m) / Math.sqrt(v / Math.max(1, n - 1) + 1e-8);
                            }
                        }
                        return white;""")
                .bug(
                        "The sign is changed",
                        "(advantages[row][t] - mean) / scale",
                        "(mean - advantages[row][t]) / scale")
                .variant("one pass for the mean of the squares, about the first token", """
                        double[] all = java.util.stream.IntStream.range(0, lengths.length)
                                .mapToObj(row -> java.util.Arrays.copyOf(advantages[row], lengths[row]))
                                .flatMapToDouble(java.util.Arrays::stream)
                                .toArray();
                        double[][] white = new double[advantages.length][];
                        double shift = all.length == 0 ? 0 : all[0];
                        double sum = 0;
                        double squares = 0;
                        for (double x : all) {
                            sum += x - shift;
                            squares += (x - shift) * (x - shift);
                        }
                        int n = all.length;
                        double variance = n < 2 ? 0 : (squares - sum * sum / n) / (n - 1);
                        for (int row = 0; row < white.length; row++) {
                            white[row] = new double[advantages[row].length];
                            for (int t = 0; t < lengths[row]; t++) {
                                white[row][t] = (advantages[row][t] - shift - sum / n) * Math.pow(variance + 1e-8, -0.5);
                            }
                        }
                        return white;
                        """)
                .variant("a list of the tokens", """
                        java.util.List<Double> tokens = new java.util.ArrayList<>();
                        double[][] white = java.util.Arrays.stream(advantages).map(double[]::clone).toArray(double[][]::new);
                        for (int row = 0; row < lengths.length; row++) {
                            for (int t = 0; t < white[row].length; t++) {
                                if (t < lengths[row]) {
                                    tokens.add(white[row][t]);
                                }
                            }
                        }
                        double mean = tokens.stream().mapToDouble(x -> x).average().orElse(0);
                        double sum = tokens.stream().mapToDouble(x -> Math.pow(x - mean, 2)).sum();
                        double deviation = tokens.size() < 2 ? 1 : Math.sqrt(sum / (tokens.size() - 1) + 1e-8);
                        for (int row = 0; row < lengths.length; row++) {
                            for (int t = 0; t < white[row].length; t++) {
                                white[row][t] = t < lengths[row] ? (white[row][t] - mean) / deviation : 0;
                            }
                        }
                        return white;
                        """)
                .hints(
                        "How many tokens does the batch have, without padding? Do the answers have means of their own?",
                        "First the sum and the count over the tokens of all answers, then the squares, then the result.",
                        "mean = sum / count; scale = Math.sqrt(squares / Math.max(1, count - 1) + 1e-8); (A - mean) /"
                                + " scale at tokens, 0 behind them.")
                .reading("The section \"One size for all rewards\" of this lesson");
    }

    private static Object of(Trial t, double scale, int time, int... lengths) {
        double[][] advantages = t.normals(lengths.length, time);
        for (double[] row : advantages) {
            for (int i = 0; i < row.length; i++) {
                row[i] = scale * (row[i] + 0.8);
            }
        }
        return t.call(advantages, lengths);
    }
}
