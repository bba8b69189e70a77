package gradus.lessons.floats;

import gradus.lessons.learn.exercise.Exercise;

final class MatmulTimeExercise {
    private MatmulTimeExercise() {}

    static Exercise exercise() {
        return Exercise.of(MatmulTime.class, "The roofline of a product")
                .tolerance(1e-9)
                .probe(
                        "two by three by five, slow at computing",
                        "2·2·3·5 = 60 operations at 10 a second: 6 s. 6 + 15 + 10 = 31 numbers of 4 bytes at 1,000 a"
                                + " second: 0.124 s. The longer is 6",
                        t -> t.call(2, 3, 5, 4, 10.0, 1000.0))
                .probe(
                        "two by three by five, slow at moving",
                        "60 operations at 1,000: 0.06 s. 124 bytes at 10 a second: 12.4 s",
                        t -> t.call(2, 3, 5, 4, 1000.0, 10.0))
                .probe("two bytes a number", "62 bytes at 10 a second: 6.2 s", t -> t.call(2, 3, 5, 2, 1000.0, 10.0))
                .probe("both nearly alike", "6 s and 6.2 s", t -> t.call(2, 3, 5, 2, 10.0, 10.0))
                .probe(
                        "one token, a large matrix",
                        "waits for the weights",
                        t -> t.call(1, 4096, 11_008, 2, 1e15, 3e12))
                .probe(
                        "4,096 tokens, a large matrix",
                        "2·4096·4096·11008 is 3.7e11, far more than an int holds",
                        t -> t.call(4096, 4096, 11_008, 2, 1e15, 3e12))
                .probe(
                        "a very large one, slow at moving",
                        "a matrix of 100,000 by 100,000 has more elements than an int counts",
                        t -> t.call(100_000, 100_000, 3, 4, 1e15, 1e9))
                .probe("a long thin one", "", t -> t.call(3, 100_000, 50_000, 4, 1e15, 1e12))
                .probe("a large result", "", t -> t.call(70_000, 2, 60_000, 4, 1e15, 1e12))
                .bug(
                        "Only multiplications are counted, and there are as many additions",
                        "2.0 * m * k * n",
                        "1.0 * m * k * n")
                .bug(
                        "The two times are added, and they run at once",
                        "Math.max(computing, moving)",
                        "computing + moving")
                .bug("The shorter time counts, and should be the longer", "Math.max(", "Math.min(")
                .bug("Only the computing counts", "Math.max(computing, moving)", "computing")
                .bug("Only the moving counts", "Math.max(computing, moving)", "moving")
                .bug("The result is not counted: it must be written", " + (double) m * n;", ";")
                .bug("The first matrix is not counted", "(double) m * k + (double) k * n", "(double) k * n")
                .bug("The second matrix is not counted", "(double) m * k + (double) k * n", "(double) m * k")
                .bug("Numbers are counted, and bytes are asked for", "bytes * numbers", "numbers")
                .bug("Bits are counted, and the bandwidth is in bytes", "bytes * numbers", "8 * bytes * numbers")
                .bug(
                        "The operations are counted in an int, which is too small for them",
                        "2.0 * m * k * n",
                        "(double) (2 * m * k * n)")
                .bug(
                        "Each of the products reads its two numbers anew",
                        "double numbers = (double) m * k",
                        "double numbers = 2.0 * m * k * n + (double) m * k")
                .variant("by the intensity", """
                        double operations = 2.0 * m * k * n;
                        double moved = (double) bytes * ((double) m * k + (double) n * (k + m));
                        double intensity = operations / moved;
                        double reached = Math.min(flops, intensity * bandwidth);
                        return operations / reached;
                        """)
                .variant("in long", """
                        long operations = 2L * m * k * n;
                        long moved = ((long) m * k + (long) k * n + (long) m * n) * bytes;
                        return operations / flops > moved / bandwidth ? operations / flops : moved / bandwidth;
                        """)
                .hints(
                        "How many numbers do the three matrices have together?",
                        "Two times: 2·m·k·n / flops and bytes·(m·k + k·n + m·n) / bandwidth. Begin the products"
                                + " with a double.",
                        "Math.max of the two; 2.0 * m * k * n and (double) m * k do not overflow.")
                .reading("The section \"The roofline\" of this lesson; Williams, Waterman & Patterson 2009");
    }
}
