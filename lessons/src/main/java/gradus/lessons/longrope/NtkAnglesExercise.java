package gradus.lessons.longrope;

import gradus.lessons.learn.exercise.Exercise;

final class NtkAnglesExercise {
    private NtkAnglesExercise() {}

    static Exercise exercise() {
        return Exercise.of(NtkAngles.class, "NTK-aware: a larger base")
                .tolerance(1e-9)
                .forbid("stretchedBase", "powers")
                .probe(
                        "no stretch",
                        "s = 1: base 100, D = 4: 100^0 = 1 and 100^(-1/2) = 0.1",
                        t -> Angles.see(t.call(4, 100.0, 1.0), t))
                .probe(
                        "twice as long, D = 4",
                        "The exponent is 4/2 = 2: base' = 100·2² = 400. θ₁ = 400^(-1/2) = 0.05, half of the plain 0.1",
                        t -> Angles.see(t.call(4, 100.0, 2.0), t))
                .probe(
                        "eight times as long, D = 6",
                        "The exponent is 6/4. θ₂ = base^(-2/3)/8: the slowest pair is exactly eight times slower",
                        t -> Angles.see(t.call(6, 1000.0, 8.0), t))
                .probe("a shorter context", "s = 1/2 counts as 1", t -> Angles.see(t.call(6, 1000.0, 0.5), t))
                .probe("a real head, a broken scale", "", t -> Angles.see(t.call(16, 10_000.0, 2.5), t))
                .probe("a large one", "", t -> Angles.see(t.call(22, 500_000.0, 32.0), t))
                .bug(
                        "The base is multiplied by s without the power D/(D-2): the slowest pair is not quite s"
                                + " times slower",
                        "Math.pow(Math.max(scale, 1), headDim / (headDim - 2.0))",
                        "Math.max(scale, 1)")
                .bug(
                        "The power is upside down: (D-2)/D, and should be D/(D-2)",
                        "headDim / (headDim - 2.0)",
                        "(headDim - 2.0) / headDim")
                .bug(
                        "The power D/(D-2) is a division of whole numbers, which cuts off what comes after the point",
                        "(headDim - 2.0)",
                        "(headDim - 2)")
                .bug(
                        "The base is divided by the stretch, so that all pairs turn faster",
                        "base * Math.pow",
                        "base / Math.pow")
                .bug(
                        "Every pair is s times slower: that is position interpolation",
                        "Math.pow(stretched, -2.0 * i / headDim)",
                        "Math.pow(base, -2.0 * i / headDim) / Math.max(scale, 1)")
                .bug(
                        "Both at once: the larger base, and all angles divided by s besides",
                        "Math.pow(stretched, -2.0 * i / headDim)",
                        "Math.pow(stretched, -2.0 * i / headDim) / Math.max(scale, 1)")
                .bug("The exponent is -i/D and should be -2i/D", "-2.0 * i", "-1.0 * i")
                .bug(
                        "A shorter context makes the pairs faster: s is not held at 1 at least",
                        "Math.max(scale, 1)",
                        "scale")
                .bug(
                        "The plain base is used for the angles, and the stretched one is not",
                        "Math.pow(stretched,",
                        "Math.pow(base,")
                .variant("a power of s for each pair", """
                        double[] angles = new double[headDim / 2];
                        double s = scale > 1 ? scale : 1;
                        for (int i = 0; i < angles.length; i++) {
                            double plain = 1 / Math.pow(base, 2.0 * i / headDim);
                            angles[i] = plain / Math.pow(s, (double) i / (angles.length - 1));
                        }
                        return angles;
                        """)
                .variant("one factor from pair to pair", """
                        double logarithm = Math.log(base) + (scale < 1 ? 0 : Math.log(scale) * headDim / (headDim - 2));
                        double factor = Math.exp(-2 * logarithm / headDim);
                        double[] angles = new double[headDim / 2];
                        angles[0] = 1;
                        for (int i = 1; i < headDim / 2; i++) {
                            angles[i] = angles[i - 1] * factor;
                        }
                        return angles;
                        """)
                .hints(
                        "What is the last pair's exponent, with i = D/2 - 1? To which power must the base's"
                                + " factor be, so"
                                + " that just s comes out of it?",
                        "Compute base' = base·s^(D/(D-2)) once, in doubles, with max(s, 1) for s.",
                        "angles[i] = Math.pow(base * Math.pow(Math.max(scale, 1), headDim / (headDim - 2.0)),"
                                + " -2.0 * i /"
                                + " headDim).")
                .reading("The section \"A larger base\" of this lesson; Peng et al. 2023, 3.1");
    }
}
