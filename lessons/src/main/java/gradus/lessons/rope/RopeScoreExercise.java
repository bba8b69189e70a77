package gradus.lessons.rope;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;

final class RopeScoreExercise {
    private RopeScoreExercise() {}

    static Exercise exercise() {
        return Exercise.of(RopeScore.class, "The score depends on the distance")
                .tolerance(1e-8)
                .forbid("rotate", "rotateKeys")
                .probe(
                        "one pair, one step apart",
                        "θ₀ = 1. The key (1, 0) at position 1 becomes (cos 1, sin 1); the query (1, 0) at 0 stays:"
                                + " the product is cos 1 = 0.54030",
                        t -> t.call(new double[] {1, 0}, new double[] {1, 0}, 0, 1, 10_000.0))
                .probe(
                        "a right angle between them",
                        "The key (1, 0) at position 1 becomes (cos 1, sin 1), and the query is (0, 1):"
                                + " sin 1 = 0.84147. With the positions exchanged it is -sin 1",
                        t -> {
                            t.see("key behind", t.call(new double[] {0, 1}, new double[] {1, 0}, 0, 1, 10_000.0));
                            t.see("key before", t.call(new double[] {0, 1}, new double[] {1, 0}, 1, 0, 10_000.0));
                            return null;
                        })
                .probe(
                        "two pairs",
                        "base 100: θ₀ = 1, θ₁ = 0.1. q and k have only channels 1 and 3, which are pair 1; at"
                                + " distance 2"
                                + " it turns by 0.2: 1·1·cos 0.2 = 0.98007",
                        t -> t.call(new double[] {0, 1, 0, 0}, new double[] {0, 1, 0, 0}, 5, 3, 100.0))
                .probe("the same distance, elsewhere", "2 and 7, 102 and 107: the same score", t -> {
                    double[] q = t.normals(6);
                    double[] k = t.normals(6);
                    t.see("from 2 to 7", t.call(q, k, 2, 7, 10_000.0));
                    t.see("from 102 to 107", t.call(q, k, 102, 107, 10_000.0));
                    return null;
                })
                .probe(
                        "one position",
                        "the angle is 0: the plain product of q and k",
                        t -> t.call(new double[] {1, 2, 3, 4, 5, 6}, new double[] {6, 5, 4, 3, 2, 1}, 9, 9, 10_000.0))
                .probe("a large head", "", t -> t.call(t.normals(18), t.normals(18), 700, 31, 50_000.0))
                .probe("another", "", t -> t.call(t.normals(10), t.normals(10), 3, 40, 200.0))
                .bug("The distance has the wrong sign: a key in front counts as one behind", "(n - m)", "(m - n)")
                .bug("The positions are added: the score then depends on where the two stand", "(n - m)", "(n + m)")
                .bug(
                        "The distance has no sign: a key in front and one behind get the same angle",
                        "(n - m)",
                        "Math.abs(n - m)")
                .bug("Only the key is rotated, by its own position", "(n - m)", "n")
                .bug(
                        "Only the cosines count: the part across, with the sine, is missing",
                        " + across * Math.sin(angle)",
                        "")
                .bug("The exponent is -i/D and should be -2i/D", "-2.0 * i", "-1.0 * i")
                .bug(
                        "The exponent divides by D/2 and should by D: the slow pairs turn too slowly",
                        "-2.0 * i / q.length",
                        "-2.0 * i / half")
                .bug(Bug.of("The pairs are neighbours, channels 2i and 2i + 1, and should be channels i and i + D/2")
                        .replacing(
                                "q[i] * k[i] + q[i + half] * k[i + half]",
                                "q[2 * i] * k[2 * i] + q[2 * i + 1] * k[2 * i + 1]")
                        .replacing(
                                "q[i + half] * k[i] - q[i] * k[i + half]",
                                "q[2 * i + 1] * k[2 * i] - q[2 * i] * k[2 * i + 1]"))
                .bug(
                        "The score is divided by √D, which is not asked here",
                        "return score",
                        "return score / Math.sqrt(q.length)")
                .variant("both rotated by their own positions", """
                        double[][] both = {q.clone(), k.clone()};
                        int[] at = {m, n};
                        for (int v = 0; v < 2; v++) {
                            for (int i = 0; i < q.length / 2; i++) {
                                int j = i + q.length / 2;
                                double angle = at[v] / Math.pow(base, 2.0 * i / q.length);
                                double a = both[v][i];
                                double b = both[v][j];
                                both[v][i] = a * Math.cos(angle) - b * Math.sin(angle);
                                both[v][j] = b * Math.cos(angle) + a * Math.sin(angle);
                            }
                        }
                        double sum = 0;
                        for (int c = q.length - 1; c >= 0; c--) {
                            sum += both[0][c] * both[1][c];
                        }
                        return sum;
                        """)
                .variant("complex numbers", """
                        double sum = 0;
                        int pairs = q.length / 2;
                        for (int i = 0; i < pairs; i++) {
                            double length = Math.hypot(q[i], q[i + pairs]) * Math.hypot(k[i], k[i + pairs]);
                            double between = Math.atan2(k[i + pairs], k[i]) - Math.atan2(q[i + pairs], q[i]);
                            double theta = Math.exp(-Math.log(base) * i / pairs);
                            sum += length * Math.cos(between + (n - m) * theta);
                        }
                        return sum;
                        """)
                .hints(
                        "Which single angle would you turn k by, if q stayed where it is?",
                        "By (n - m)·θᵢ. Write a·cos - b·sin and b·cos + a·sin for k's pair, and multiply with q's"
                                + " pair.",
                        "Each pair adds (qₐ·kₐ + q_b·k_b)·cos + (q_b·kₐ - qₐ·k_b)·sin of the angle (n -"
                                + " m)·base^(-2i/D).")
                .reading("The section \"Only the distance counts\" of this lesson");
    }
}
