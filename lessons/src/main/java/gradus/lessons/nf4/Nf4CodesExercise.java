package gradus.lessons.nf4;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.tensor.quant.Nf4;

final class Nf4CodesExercise {
    private static final double[] FIVE = {-1, -0.5, 0, 0.25, 1};

    private Nf4CodesExercise() {}

    static Exercise exercise() {
        return Exercise.of(Nf4Codes.class, "Weights to codes of four bits")
                .tolerance(1e-9)
                .probe(
                        "one block, levels -1, -0.5, 0, 0.25, 1",
                        "the scale is 4: -1, 0.25, 0, 1 are levels 0, 3, 2 and 4",
                        t -> t.call(new double[][] {{-4, 1, 0, 4}}, 4, FIVE))
                .probe(
                        "the largest magnitude is negative",
                        "the scale is 8, not 4 and not -8: -1, 0.25, 0.5; the last is nearer to 0.25 than to 1",
                        t -> t.call(new double[][] {{-8, 2, 4}}, 3, FIVE))
                .probe(
                        "two blocks of two",
                        "the first has the scale 1, the second 100",
                        t -> t.call(new double[][] {{1, 0.25, 100, 25}}, 2, FIVE))
                .probe(
                        "exactly between two levels",
                        "1/8 of 8 lies between 0 and 0.25, and -6/8 between -1 and -0.5: the lower one each time",
                        t -> t.call(new double[][] {{8, 1, -6, -2, 5}}, 5, FIVE))
                .probe(
                        "a block of zeros",
                        "index 2, where the level 0 stands; 0/0 would be NaN",
                        t -> t.call(new double[][] {{0, 0, 3, -3}}, 2, FIVE))
                .probe(
                        "a block over two rows",
                        "rows of three, blocks of two: (1, 4), (8, 2), (4, 4)",
                        t -> t.call(new double[][] {{1, 4, 8}, {2, 4, 4}}, 2, FIVE))
                .probe(
                        "the last block is shorter",
                        "five numbers, blocks of three: the last has two, and its own scale 2",
                        t -> t.call(new double[][] {{10, 5, -5, 2, -1}}, 3, FIVE))
                .probe(
                        "one number for each block",
                        "each is its own scale: 1 or -1",
                        t -> t.call(new double[][] {{3, -0.1}, {7, 0.5}}, 1, FIVE))
                .probe("NF4's levels, blocks of 64", "", t -> t.call(t.normals(5, 37), 64, levels()))
                .probe("NF4's levels, tiny numbers, blocks of 7", "", t -> t.call(small(t.normals(6, 10)), 7, levels()))
                .bug(
                        "Each row has a block and a scale of its own: blocks are cut from one long row",
                        "int to = Math.min(from + block, codes.length);",
                        "block = columns; int to = Math.min(from + block, codes.length);")
                .bug(Bug.of("Blocks end at the end of a row: they go on in the next one")
                        .replacing(
                                "for (int from = 0; from < codes.length; from += block) {",
                                "for (int from = 0, step; from < codes.length; from += step) {"
                                        + " step = Math.min(block, columns - from % columns);")
                        .replacing("Math.min(from + block, codes.length)", "from + step"))
                .bug(
                        "The scale is signed: the largest number instead of the largest magnitude",
                        "Math.max(scale, Math.abs(weight[i / columns][i % columns]))",
                        "Math.max(i == from ? -1e300 : scale, weight[i / columns][i % columns])")
                .bug(
                        "The scale is the number of the largest magnitude with its sign, so that all signs may turn",
                        "scale = Math.max(scale, Math.abs(weight[i / columns][i % columns]));",
                        "double w = weight[i / columns][i % columns]; scale = Math.abs(w) > Math.abs(scale) ? w :"
                                + " scale;")
                .bug(
                        "There is one scale for the whole matrix",
                        "for (int i = from; i < to; i++) {\n                scale",
                        "for (int i = 0; i < codes.length; i++) {\n                scale")
                .bug(
                        "A tie goes to the higher level: it must go to the lower",
                        "Math.abs(x - levels[level]) < Math.abs(x - levels[nearest])",
                        "Math.abs(x - levels[level]) <= Math.abs(x - levels[nearest])")
                .bug(
                        "A tie goes to the level nearer to zero: it must go to the lower",
                        "Math.abs(x - levels[level]) < Math.abs(x - levels[nearest])",
                        "Math.abs(x - levels[level]) < Math.abs(x - levels[nearest]) || x < 0 && Math.abs(x -"
                                + " levels[level]) == Math.abs(x - levels[nearest])")
                .bug(
                        "A block of zeros is divided by zero, and NaN is nearest to the first level: the zeros become"
                                + " the lowest number",
                        "scale == 0 ? 0 : ",
                        "")
                .bug(
                        "Numbers are rounded down to the next level, not to the nearest",
                        "Math.abs(x - levels[level]) < Math.abs(x - levels[nearest])",
                        "levels[level] <= x")
                .bug(Bug.of("The last, shorter block is left out")
                        .replacing("from < codes.length;", "from + block <= codes.length;"))
                .bug(
                        "The scale is the block's mean magnitude",
                        "scale = Math.max(scale, Math.abs(weight[i / columns][i % columns]));",
                        "scale += Math.abs(weight[i / columns][i % columns]) / (to - from);")
                .variant("the number of midpoints that lie below", """
                        double[] flat = java.util.Arrays.stream(weight)
                                .flatMapToDouble(java.util.Arrays::stream)
                                .toArray();
                        for (int i = 0; i < flat.length; i++) {
                            int from = i / block * block;
                            double scale = java.util.Arrays.stream(flat, from, Math.min(flat.length, from + block))
                                    .map(Math::abs)
                                    .max()
                                    .orElse(0);
                            double x = flat[i] / Math.max(scale, 1e-300);
                            while (codes[i] < levels.length - 1
                                    && x > (levels[codes[i]] + levels[codes[i] + 1]) / 2) {
                                codes[i]++;
                            }
                        }
                        return codes;
                        """)
                .variant("scales first, levels from above", """
                        double[] scales = new double[(codes.length + block - 1) / block];
                        for (int r = 0; r < weight.length; r++) {
                            for (int c = 0; c < columns; c++) {
                                int b = (r * columns + c) / block;
                                scales[b] = Math.max(scales[b], Math.abs(weight[r][c]));
                            }
                        }
                        for (int r = 0; r < weight.length; r++) {
                            for (int c = 0; c < columns; c++) {
                                int i = r * columns + c;
                                double x = weight[r][c] / (scales[i / block] > 0 ? scales[i / block] : 1);
                                double least = Double.POSITIVE_INFINITY;
                                for (int k = levels.length - 1; k >= 0; k--) {
                                    double off = Math.abs(levels[k] - x);
                                    if (off <= least) {
                                        least = off;
                                        codes[i] = k;
                                    }
                                }
                            }
                        }
                        return codes;
                        """)
                .hints(
                        "Number i of the long row: in which row and column of the matrix does it stand?",
                        "For each block two loops: the first finds the largest Math.abs, the second the nearest level of"
                                + " each number divided by it.",
                        "i stands at weight[i / columns][i % columns]; its level is the first one with the least"
                                + " Math.abs(x - levels[level]), where x is 0 if the scale is.")
                .reading("The section \"Blocks\" of this lesson; Dettmers et al. 2023, sections 2 and 3");
    }

    private static double[] levels() {
        float[] levels = Nf4.levels();
        double[] wide = new double[levels.length];
        java.util.Arrays.setAll(wide, i -> levels[i]);
        return wide;
    }

    private static double[][] small(double[][] rows) {
        return java.util.Arrays.stream(rows)
                .map(row -> java.util.Arrays.stream(row).map(x -> x * 1e-12).toArray())
                .toArray(double[][]::new);
    }
}
