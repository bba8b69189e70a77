package gradus.lessons.rope;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;

final class RotatePairsExercise {
    private RotatePairsExercise() {}

    static Exercise exercise() {
        return Exercise.of(RotatePairs.class, "Rotate the pairs of a head")
                .forbid("rotate", "rotateKeys")
                .probe(
                        "one pair at position 2",
                        "D = 2 has one pair with θ₀ = 1, so the angle is 2: (1, 0) becomes (cos 2, sin 2) ="
                                + " (-0.41615, 0.90930)",
                        t -> t.call(t.tensor(new double[] {1, 0}, 1, 1, 1, 2), 2, 10_000.0))
                .probe(
                        "position 0",
                        "all angles are 0, and nothing changes",
                        t -> t.call(t.tensor(new double[] {1, 2, 3, 4}, 1, 1, 1, 4), 0, 10_000.0))
                .probe(
                        "two pairs at position 1",
                        "base 100: θ₀ = 1 and θ₁ = 100^(-2/4) = 0.1. Pair 0 is (1, 3): 1·cos 1 - 3·sin 1 = -1.98411 and"
                                + " 3·cos 1 + 1·sin 1 = 2.46238. Pair 1 is (2, 4): 1.59067 and 4.17968. The result is"
                                + " -1.98411, 1.59067, 2.46238, 4.17968",
                        t -> t.call(t.tensor(new double[] {1, 2, 3, 4}, 1, 1, 1, 4), 1, 100.0))
                .probe(
                        "three tokens from position 5 on",
                        "one pair: the angles are 5, 6 and 7",
                        t -> t.call(t.tensor(new double[] {1, 0, 1, 0, 1, 0}, 1, 1, 3, 2), 5, 10_000.0))
                .probe(
                        "several batches and heads, and gradients",
                        "the exponent is -2i/D with D = 6, whatever the number of heads",
                        t -> t.callWithGradients(t.normal(2, 3, 5, 6), 3, 10_000.0))
                .probe("another base, later positions", "", t -> t.callWithGradients(t.normal(3, 2, 4, 10), 90, 500.0))
                .bug(Bug.of("The pairs are neighbours, channels 2i and 2i + 1, and should be channels i and i + D/2")
                        .replacing("x.slice(3, 0, half)", "x.reshape(x.dim(0), x.dim(1), time, half, 2).select(4, 0)")
                        .replacing("x.slice(3, half)", "x.reshape(x.dim(0), x.dim(1), time, half, 2).select(4, 1)")
                        .replacing("Tensor.concat(3, ", "Tensor.stack(4, ")
                        .replacing("b.mul(c).add(a.mul(s)))", "b.mul(c).add(a.mul(s))).reshape(x.shape().dims())"))
                .bug(
                        "The exponent is -i/D and should be -2i/D: the slow pairs turn too fast",
                        "-2.0 * i / x.dim(3)",
                        "-1.0 * i / x.dim(3)")
                .bug(
                        "The exponent divides by all channels of all heads, not by the size of one head",
                        "-2.0 * i / x.dim(3)",
                        "-2.0 * i / (x.dim(1) * x.dim(3))")
                .bug("The exponent has no minus: later pairs turn faster, not slower", "-2.0 * i", "2.0 * i")
                .bug(
                        "The positions begin one too late: the first token stands at first",
                        "(first + t)",
                        "(first + t + 1)")
                .bug(
                        "The position of the first token is forgotten: every call begins at position 0",
                        "(first + t)",
                        "t")
                .bug("All tokens are rotated as if they stood at the first one's position", "(first + t)", "first")
                .bug(Bug.of("The pairs turn backwards: both sines have the wrong sign")
                        .replacing("a.mul(c).sub(b.mul(s))", "a.mul(c).add(b.mul(s))")
                        .replacing("b.mul(c).add(a.mul(s))", "b.mul(c).sub(a.mul(s))"))
                .bug(
                        "The second half has minus before its sine: that mirrors the pair and does not rotate it",
                        "b.mul(c).add(a.mul(s))",
                        "b.mul(c).sub(a.mul(s))")
                .bug(
                        "The halves come back in the wrong order",
                        "a.mul(c).sub(b.mul(s)), b.mul(c).add(a.mul(s))",
                        "b.mul(c).add(a.mul(s)), a.mul(c).sub(b.mul(s))")
                .variant("x·cos + (-b, a)·sin", """
                        int time = x.dim(2);
                        int half = x.dim(3) / 2;
                        double[][] cos = new double[time][2 * half];
                        double[][] sin = new double[time][2 * half];
                        for (int t = 0; t < time; t++) {
                            for (int i = 0; i < 2 * half; i++) {
                                double theta = Math.exp(-Math.log(base) * (i % half) / half);
                                cos[t][i] = Math.cos(theta * (first + t));
                                sin[t][i] = Math.sin(theta * (first + t));
                            }
                        }
                        Tensor turned = Tensor.concat(3, x.slice(3, half).neg(), x.slice(3, 0, half));
                        return x.mul(Tensor.of(cos).to(x.dtype())).add(turned.mul(Tensor.of(sin).to(x.dtype())));
                        """)
                .variant("a rotation matrix for every position", """
                        int size = x.dim(3);
                        Tensor[] tokens = new Tensor[x.dim(2)];
                        for (int t = 0; t < tokens.length; t++) {
                            float[] matrix = new float[size * size];
                            for (int i = 0; i < size / 2; i++) {
                                int j = i + size / 2;
                                double angle = (first + t) / Math.pow(base, 2.0 * i / size);
                                matrix[i * size + i] = (float) Math.cos(angle);
                                matrix[j * size + j] = (float) Math.cos(angle);
                                matrix[i * size + j] = (float) -Math.sin(angle);
                                matrix[j * size + i] = (float) Math.sin(angle);
                            }
                            tokens[t] = x.slice(2, t, t + 1).matmul(Tensor.of(matrix, size, size), false, true);
                        }
                        return Tensor.concat(2, tokens);
                        """)
                .variant("angles as tensors", """
                        int half = x.dim(3) / 2;
                        Tensor positions = Tensor.arange(x.dim(2)).add(first).to(x.dtype()).unsqueeze(1);
                        Tensor theta = Tensor.arange(half).to(x.dtype()).mul(-Math.log(base) / half).exp();
                        Tensor angles = positions.mul(theta);
                        java.util.List<Tensor> halves = x.chunk(2, 3);
                        Tensor a = halves.get(0);
                        Tensor b = halves.get(1);
                        Tensor first0 = a.mul(angles.cos()).sub(b.mul(angles.sin()));
                        return Tensor.concat(3, first0, a.mul(angles.sin()).add(b.mul(angles.cos())));
                        """)
                .hints(
                        "How many angles are there? One for each position and each pair; neither batch nor head"
                                + " changes them.",
                        "Make two tables (T, D/2), of cosines and of sines; x.slice(3, 0, D/2) and x.slice(3, D/2) are"
                                + " the two channels of all pairs, and broadcast against the tables.",
                        "With halves a and b: Tensor.concat(3, a·cos - b·sin, b·cos + a·sin), where row t of the tables"
                                + " has the angles (first + t)·base^(-2i/D).")
                .reading("The section \"Rotating pairs\" of this lesson");
    }
}
