package gradus.lessons.alibi;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;

final class RelativeBiasExercise {
    private RelativeBiasExercise() {}

    static Exercise exercise() {
        return Exercise.of(RelativeBias.class, "A learned bias for each distance")
                .probe(
                        "one head, K = 1, two positions",
                        "The columns are for -1, 0 and 1. Query 0: offsets 0 and 1, so 20 and 30. Query 1: -1 and 0, so"
                                + " 10 and 20",
                        t -> t.call(t.matrix(new double[] {10, 20, 30}), 2, 2))
                .probe(
                        "clipped on both sides",
                        "K = 1, four positions: offsets from -3 to 3, of which -3 and -2 count as -1, 2 and 3 as 1",
                        t -> t.call(t.matrix(new double[] {10, 20, 30}), 4, 4))
                .probe(
                        "one query at the end of four keys",
                        "offsets -3, -2, -1 and 0; K = 2: columns 0, 0, 1 and 2",
                        t -> t.call(t.matrix(new double[] {1, 2, 3, 4, 5}), 1, 4))
                .probe("K = 0", "one number for all", t -> t.call(t.matrix(new double[] {7}, new double[] {-2}), 2, 3))
                .probe("more columns than distances", "", t -> t.call(t.normal(2, 15), 3, 3))
                .probe("two queries, three heads, and gradients", "", t -> t.callWithGradients(t.normal(3, 5), 2, 6))
                .probe("many distances, and gradients", "", t -> t.callWithGradients(t.normal(2, 7), 9, 9))
                .bug(
                        "The offset has the wrong sign: it is the query's place less the key's",
                        "int offset = j - (i + keys - queries)",
                        "int offset = i + keys - queries - j")
                .bug(
                        "The queries are taken for the first positions, not for the last",
                        "int offset = j - (i + keys - queries)",
                        "int offset = j - i")
                .bug(
                        "Keys in front and keys behind share one number: the distance has no sign",
                        "Math.clamp(offset, -furthest, furthest)",
                        "Math.min(Math.abs(offset), furthest)")
                .bug(
                        "The offset is clipped on the right side only, and the left side wraps round",
                        "Math.clamp(offset, -furthest, furthest) + furthest",
                        "Math.floorMod(Math.min(offset, furthest) + furthest, 2 * furthest + 1)")
                .bug(
                        "Offsets are not clipped: far keys wrap round to the other end of the table",
                        "Math.clamp(offset, -furthest, furthest) + furthest",
                        "Math.floorMod(offset + furthest, 2 * furthest + 1)")
                .bug(
                        "The columns are counted without K: offset 0 takes the first one",
                        "Math.clamp(offset, -furthest, furthest) + furthest",
                        "Math.clamp(offset, 0, 2 * furthest)")
                .bug(
                        "Far keys get the number of the last but one distance: the clip is one too narrow",
                        "Math.clamp(offset, -furthest, furthest)",
                        "Math.clamp(offset, -Math.max(furthest - 1, 0), Math.max(furthest - 1, 0))")
                .bug(
                        "The table is cut off from the gradient, so that it cannot be learned",
                        "table.indexSelect(1",
                        "table.detach().indexSelect(1")
                .bug(Bug.of("Rows and columns of the result are exchanged: it is filled key by key")
                        .replacing("columns[i * keys + j]", "columns[j * queries + i]"))
                .variant("row by row from slices of a wide table", """
                        int k = table.dim(1) / 2;
                        java.util.List<Tensor> all = table.unbind(1);
                        Tensor[] rows = new Tensor[queries];
                        for (int i = 0; i < queries; i++) {
                            Tensor[] row = new Tensor[keys];
                            for (int j = 0; j < keys; j++) {
                                int offset = j - i - keys + queries;
                                row[j] = all.get(offset < -k ? 0 : offset > k ? 2 * k : offset + k);
                            }
                            rows[i] = Tensor.stack(1, row);
                        }
                        return Tensor.stack(1, rows);
                        """)
                .variant("a product with rows that hold a single 1", """
                        int width = table.dim(1);
                        float[] picks = new float[width * queries * keys];
                        for (int i = 0; i < queries; i++) {
                            int place = keys - queries + i;
                            for (int j = 0; j < keys; j++) {
                                int column = Math.max(0, Math.min(width - 1, j - place + (width - 1) / 2));
                                picks[column * queries * keys + i * keys + j] = 1;
                            }
                        }
                        Tensor pick = Tensor.of(picks, width, queries * keys);
                        return table.matmul(pick).reshape(table.dim(0), queries, keys);
                        """)
                .hints(
                        "How large is K, if the table has 2K + 1 columns? Which column belongs to the offset 0?",
                        "Compute the column of every pair (i, j) in an array of T·S whole numbers, then pick the"
                                + " columns"
                                + " with table.indexSelect(1, …).",
                        "The column is Math.clamp(j - (i + S - T), -K, K) + K; the picked (H, T·S) are reshaped to"
                                + " (H, T, S).")
                .reading("The section \"A number for each distance\" of this lesson; Raffel et al. 2019, 2.1");
    }
}
