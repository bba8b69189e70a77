package gradus.train.task;

import gradus.layers.attention.mask.PaddingMask;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.Arrays;
import java.util.List;

/// Sequences of unequal length as one batch of an encoder: the shorter ones are filled up with `[PAD]`, which no
/// token sees.
///
/// @param ids      (B, T), T the longest one's length
/// @param segments (B, T), all 0
/// @param mask     hides the padding
public record PaddedRows(Indices ids, Indices segments, KeyMask mask) {

    /// @param rows token ids, at least one sequence
    /// @param pad  what stands behind the shorter ones
    public static PaddedRows of(List<int[]> rows, int pad) {
        Indices ids = filled(rows, pad);
        int[] lengths = rows.stream().mapToInt(row -> row.length).toArray();
        return new PaddedRows(ids, Indices.of(ids.shape(), new int[ids.size()]), PaddingMask.right(lengths));
    }

    /// The sequences alone, as labels are filled up.
    ///
    /// **Shapes** → (B, T)
    static Indices filled(List<int[]> rows, int with) {
        int time = rows.stream().mapToInt(row -> row.length).max().orElseThrow();
        int[] all = new int[rows.size() * time];
        Arrays.fill(all, with);
        for (int b = 0; b < rows.size(); b++) {
            System.arraycopy(rows.get(b), 0, all, b * time, rows.get(b).length);
        }
        return Indices.of(Shape.of(rows.size(), time), all); // (B, T)
    }
}
