package gradus.lessons.embeddings;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class NeighboursExercise {
    private NeighboursExercise() {}

    static Exercise exercise() {
        return Exercise.of(Neighbours.class, "The nearest words by cosine")
                .tolerance(1e-9)
                .probe(
                        "one other word",
                        "word 0 is not its own neighbour: [1]",
                        t -> t.call(rows(row(1, 0), row(0, 1)), 0, 1))
                .probe(
                        "a long row across, a short one along",
                        "to (1, 0): (10, 10) has the cosine 0.707, (0.1, 0) has 1: [2, 1]; the product"
                                + " alone says 10 and 0.1",
                        t -> t.call(rows(row(1, 0), row(10, 10), row(0.1, 0)), 0, 2))
                .probe(
                        "near and far away",
                        "to (1, 0): (50, 1) points the same way, though (0, 1) is nearer",
                        t -> t.call(rows(row(1, 0), row(0, 1), row(50, 1)), 0, 1))
                .probe(
                        "the opposite direction",
                        "cosines 0, -1 and 0.6: [3, 1, 2]; -1 is as unlike as can be",
                        t -> t.call(rows(row(1, 0), row(0, 2), row(-3, 0), row(3, 4)), 0, 3))
                .probe(
                        "a row of zeros",
                        "it has the cosine 0: between 0.707 and -1",
                        t -> t.call(rows(row(0, 0), row(-1, 0), row(2, 0), row(1, 1)), 2, 3))
                .probe(
                        "the word is a row of zeros",
                        "all cosines are 0: by number",
                        t -> t.call(rows(row(1, 2), row(0, 0), row(3, 1), row(-1, 0)), 1, 3))
                .probe(
                        "equal rows",
                        "rows 1 and 3 are the same: the lower number first",
                        t -> t.call(rows(row(2, 2), row(3, 1), row(1, 3), row(3, 1), row(5, 4)), 4, 4))
                .probe(
                        "a row of zeros and one that points away",
                        "cosines 0 and -0.707: [0, 1]",
                        t -> t.call(rows(row(0, 0), row(-1, 1), row(2, 0)), 2, 2))
                .probe(
                        "another word with the same row",
                        "it is another word, and as near as can be: [2, 1]",
                        t -> t.call(rows(row(1, 2), row(2, 1), row(1, 2)), 0, 2))
                .probe("no neighbours asked for", "none", t -> t.call(rows(row(1, 0), row(0, 1)), 1, 0))
                .probe("thirty random rows of unlike lengths", "", t -> t.call(random(t), 11, 29))
                .probe("the nearest five", "", t -> t.call(random(t), 0, 5))
                .bug(
                        "The product is not divided by the lengths, so that long rows win",
                        "dot / Math.sqrt(ours) / Math.sqrt(theirs)",
                        "dot")
                .bug("The word is its own nearest neighbour", "i != word", "i >= 0")
                .bug(
                        "The least alike come first",
                        "Double.compare(cosine[j], cosine[i])",
                        "Double.compare(cosine[i], cosine[j])")
                .bug(
                        "The distance of the rows is taken, not the angle between them",
                        "ours == 0 || theirs == 0 ? 0 : dot / Math.sqrt(ours) / Math.sqrt(theirs)",
                        "2 * dot - ours - theirs")
                .bug(
                        "A row of zeros becomes NaN, which is sorted before everything else",
                        "ours == 0 || theirs == 0 ? 0 : ",
                        "")
                .bug(
                        "The opposite direction counts as alike: the sign of the cosine is lost",
                        "dot / Math.sqrt(ours)",
                        "Math.abs(dot) / Math.sqrt(ours)")
                .bug(
                        "The product is divided by the squares of the lengths: the root is missing",
                        "dot / Math.sqrt(ours) / Math.sqrt(theirs)",
                        "dot / ours / theirs")
                .bug(
                        "Of equals the one with the higher number comes first",
                        "Double.compare(cosine[j], cosine[i])",
                        "cosine[i] == cosine[j] ? j - i : Double.compare(cosine[j], cosine[i])")
                .bug("The nearest is left out along with the word itself", ".limit(k)", ".skip(1)\n.limit(k)")
                .variant("k times the best that is left", """
                        int n = table.length;
                        double[] length = new double[n];
                        for (int i = 0; i < n; i++) {
                            for (double each : table[i]) {
                                length[i] += each * each;
                            }
                            length[i] = Math.sqrt(length[i]);
                        }
                        boolean[] taken = new boolean[n];
                        taken[word] = true;
                        int[] found = new int[k];
                        for (int place = 0; place < k; place++) {
                            int best = -1;
                            double bestCosine = 0;
                            for (int i = 0; i < n; i++) {
                                if (taken[i]) {
                                    continue;
                                }
                                double cosine = 0;
                                for (int c = 0; c < table[i].length; c++) {
                                    cosine += table[i][c] * table[word][c];
                                }
                                if (length[i] * length[word] != 0) {
                                    cosine /= length[i] * length[word];
                                }
                                if (best < 0 || cosine > bestCosine) {
                                    best = i;
                                    bestCosine = cosine;
                                }
                            }
                            taken[best] = true;
                            found[place] = best;
                        }
                        return found;
                        """)
                .variant("rows of length 1 first", """
                        double[][] unit = new double[table.length][];
                        for (int i = 0; i < table.length; i++) {
                            double norm = Math.sqrt(java.util.Arrays.stream(table[i]).map(x -> x * x).sum());
                            unit[i] = java.util.Arrays.stream(table[i]).map(x -> norm == 0 ? 0 : x / norm).toArray();
                        }
                        java.util.List<Integer> others = new java.util.ArrayList<>();
                        for (int i = 0; i < table.length; i++) {
                            others.add(i);
                        }
                        others.remove(Integer.valueOf(word));
                        others.sort(Comparator.comparingDouble((Integer i) -> {
                                    double dot = 0;
                                    for (int c = 0; c < unit[i].length; c++) {
                                        dot += unit[i][c] * unit[word][c];
                                    }
                                    return 0 - dot;
                                })
                                .thenComparing(Comparator.naturalOrder()));
                        return others.subList(0, k).stream().mapToInt(Integer::intValue).toArray();
                        """)
                .hints(
                        "Two rows that point the same way, one a hundred times longer: how alike should they be?",
                        "Compute all cosines first, 0 where one of the lengths is 0; then sort the other"
                                + " words' numbers.",
                        "A stable sort by Double.compare(cosine[j], cosine[i]) keeps the lower number first"
                                + " among equals.")
                .reading("The section \"Neighbours\" of this lesson");
    }

    private static double[][] random(Trial t) {
        double[][] rows = t.normals(30, 4);
        double[] lengths = t.normals(30);
        for (int i = 0; i < rows.length; i++) {
            for (int c = 0; c < rows[i].length; c++) {
                rows[i][c] *= Math.exp(2 * lengths[i]);
            }
        }
        return rows;
    }

    private static double[] row(double... values) {
        return values;
    }

    private static double[][] rows(double[]... rows) {
        return rows;
    }
}
