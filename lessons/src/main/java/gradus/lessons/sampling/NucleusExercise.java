package gradus.lessons.sampling;

import gradus.lessons.learn.exercise.Exercise;
import java.util.Arrays;

final class NucleusExercise {
    private NucleusExercise() {}

    static Exercise exercise() {
        return Exercise.of(Nucleus.class, "Top-p, the nucleus")
                .forbid("distribution")
                .tolerance(1e-9)
                .probe(
                        "one token is enough",
                        "before the second there is 0.75 already, and p is 0.5: only the first stays, with 1",
                        t -> t.call(new double[] {0.75, 0.25}, 0.5))
                .probe(
                        "the token with which p is reached stays",
                        "before the second there is 0.5 < 0.6: 0.5 and 0.25 stay, as 2/3 and 1/3",
                        t -> t.call(new double[] {0.125, 0.5, 0.125, 0.25}, 0.6))
                .probe(
                        "p reached exactly",
                        "before the third there is 0.75, which is not less than 0.75: two stay",
                        t -> t.call(new double[] {0.125, 0.5, 0.125, 0.25}, 0.75))
                .probe(
                        "equally likely",
                        "0.25 each and p = 0.5: the two of the smallest numbers stay",
                        t -> t.call(new double[] {0.25, 0.25, 0.25, 0.25}, 0.5))
                .probe(
                        "equally likely behind a likelier one",
                        "token 2, then of the equal ones token 0",
                        t -> t.call(new double[] {0.25, 0.25, 0.5}, 0.7))
                .probe(
                        "a very small p",
                        "the likeliest always stays",
                        t -> t.call(new double[] {0.25, 0.125, 0.625}, 1e-9))
                .probe("p = 1", "nothing changes", t -> t.call(new double[] {0.25, 0.125, 0, 0.625}, 1.0))
                .probe("one token", "1", t -> t.call(new double[] {1}, 0.3))
                .probe("eleven tokens, p = 0.8", "", t -> t.call(softmax(t.normals(11), 1), 0.8))
                .probe("eleven tokens, p = 0.3", "", t -> t.call(softmax(t.normals(11), 1), 0.3))
                .probe("thirty tokens, far apart", "", t -> t.call(softmax(t.normals(30), 3), 0.95))
                .bug(
                        "The token with which p is reached is dropped",
                        "before < p",
                        "before + probabilities[i] <= p || before == 0")
                .bug("One token more is kept where p is reached exactly", "before < p", "before <= p")
                .bug("What is kept does not add up to 1", "kept[i] /= before;", "kept[i] /= 1;")
                .bug(
                        "The tokens are taken by their number, not from the likeliest on",
                        "Double.compare(probabilities[b], probabilities[a])",
                        "Integer.compare(a, b)")
                .bug(
                        "The tokens are taken from the least likely on",
                        "Double.compare(probabilities[b], probabilities[a])",
                        "Double.compare(probabilities[a], probabilities[b])")
                .bug(
                        "Of equally likely tokens the one of the larger number comes first",
                        "Double.compare(probabilities[b], probabilities[a])",
                        "probabilities[b] == probabilities[a] ? b - a : Double.compare(probabilities[b],"
                                + " probabilities[a])")
                .bug(
                        "Tokens less likely than p are dropped: that is a bound for each, not for their sum",
                        "if (before < p)",
                        "if (probabilities[i] >= p || before == 0)")
                .bug(
                        "Tokens are kept whose sum makes up the rest, 1 - p",
                        "before < p",
                        "before < 1 - p || before == 0")
                .variant("the likeliest picked again and again", """
                        double[] kept = new double[probabilities.length];
                        boolean[] taken = new boolean[probabilities.length];
                        double mass = 0;
                        for (int round = 0; round < kept.length && mass < p; round++) {
                            int best = -1;
                            for (int i = 0; i < kept.length; i++) {
                                if (!taken[i] && (best < 0 || probabilities[i] > probabilities[best])) {
                                    best = i;
                                }
                            }
                            taken[best] = true;
                            kept[best] = probabilities[best];
                            mass += probabilities[best];
                        }
                        double sum = mass;
                        java.util.Arrays.setAll(kept, i -> kept[i] / sum);
                        return kept;
                        """)
                .variant("for each token the mass before it", """
                        int n = probabilities.length;
                        double[] kept = new double[n];
                        for (int i = 0; i < n; i++) {
                            double before = 0;
                            for (int j = 0; j < n; j++) {
                                boolean first = probabilities[j] > probabilities[i]
                                        || probabilities[j] == probabilities[i] && j < i;
                                before += first ? probabilities[j] : 0;
                            }
                            kept[i] = p == 1 || before < p ? probabilities[i] : 0;
                        }
                        double sum = java.util.Arrays.stream(kept).sum();
                        return java.util.Arrays.stream(kept).map(each -> each / sum).toArray();
                        """)
                .hints(
                        "In which order must the tokens be looked at, and what must be known of those before?",
                        "Sort the numbers of the tokens, not the probabilities; Java's sort of objects leaves equal"
                                + " ones in"
                                + " their order.",
                        "Going through the order: if (before < p), keep it and add its probability to before. At the"
                                + " end"
                                + " divide by before.")
                .reading("The section \"Top-p\" of this lesson");
    }

    static double[] softmax(double[] x, double scale) {
        double[] powers = Arrays.stream(x).map(each -> Math.exp(scale * each)).toArray();
        double sum = Arrays.stream(powers).sum();
        return Arrays.stream(powers).map(each -> each / sum).toArray();
    }
}
