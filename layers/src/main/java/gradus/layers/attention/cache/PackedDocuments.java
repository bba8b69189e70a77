package gradus.layers.attention.cache;

import static gradus.error.ConfigException.require;

import gradus.tensor.mask.KeyMask;
import gradus.tensor.mask.Query;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.Arrays;

/// Several documents in one row, one behind the other, so that short ones waste no places. Each is computed as
/// if it were alone: no query sees a key of another document, and positions begin at 0 with each. What follows
/// the last document of a row is padding, which sees nothing and is not seen.
///
/// Attention costs `Σ nᵢ²/2` for documents of nᵢ tokens, and not `T²/2`, as its cost follows what queries see.
/// Krell et al. 2021, "Efficient sequence packing without cross-contamination", arXiv:2107.02027.
public final class PackedDocuments {
    private final int time;
    private final int[][] starts; // of each row: the first place of each document, and where the last one ends

    private PackedDocuments(int time, int[][] starts) {
        this.time = time;
        this.starts = starts;
    }

    /// @param time    T, the places of a row
    /// @param lengths of the documents in each row, in their order
    /// @throws gradus.error.ConfigException if a row holds more than T tokens, or a length is below 1
    public static PackedDocuments of(int time, int[]... lengths) {
        require(time >= 1, "PackedDocuments: a row must have at least 1 place; got %d", time);
        require(lengths != null && lengths.length > 0, "PackedDocuments: at least one row must be given");
        int[][] starts = new int[lengths.length][];
        for (int row = 0; row < lengths.length; row++) {
            int[] own = lengths[row];
            starts[row] = new int[own.length + 1];
            for (int i = 0; i < own.length; i++) {
                require(own[i] >= 1, "PackedDocuments: a document must have at least 1 token; got %d", own[i]);
                require(
                        own[i] <= time - starts[row][i],
                        "PackedDocuments: the documents of row %d have more than %d tokens",
                        row,
                        time);
                starts[row][i + 1] = starts[row][i] + own[i];
            }
        }
        return new PackedDocuments(time, starts);
    }

    /// How many rows there are, B.
    public int rows() {
        return starts.length;
    }

    /// The places of a row, T.
    public int time() {
        return time;
    }

    /// Where each token stands within its document; 0 for padding.
    ///
    /// **Shapes** → (B, T)
    public Indices positions() {
        int[] positions = new int[starts.length * time];
        for (int row = 0; row < starts.length; row++) {
            int[] own = starts[row];
            for (int i = 0; i + 1 < own.length; i++) {
                for (int place = own[i]; place < own[i + 1]; place++) {
                    positions[row * time + place] = place - own[i];
                }
            }
        }
        return Indices.of(Shape.of(starts.length, time), positions); // (B, T)
    }

    /// What queries see: what a mask says of each document by itself, moved to where the document stands.
    ///
    /// @param mask [KeyMask#cacheable], so that what follows a document cannot change what it sees
    /// @throws gradus.error.ConfigException if it is not
    public KeyMask within(KeyMask mask) {
        require(
                mask.cacheable(),
                "PackedDocuments: what a query sees through %s depends on what follows; such a model takes one document"
                        + " a row",
                mask);
        return new Within(mask, this);
    }

    /// Throws unless these are the rows of such a batch.
    ///
    /// @throws gradus.error.ConfigException naming both
    public void requireFits(int rows, int columns) {
        require(
                rows == starts.length && columns == time,
                "PackedDocuments: the documents are for (%d, %d), rows and places; got (%d, %d)",
                starts.length,
                time,
                rows,
                columns);
    }

    /// The first place of the document that a place belongs to, or -1 for padding.
    private int start(int row, int place) {
        int[] own = starts[row];
        if (place >= own[own.length - 1]) {
            return -1;
        }
        int found = Arrays.binarySearch(own, place);
        return own[found >= 0 ? found : -found - 2];
    }

    private record Within(KeyMask mask, PackedDocuments documents) implements KeyMask {

        @Override
        public void see(Query query) {
            documents.requireFits(query.batch(), query.keys());
            int start = documents.start(query.sequence(), query.position());
            if (start >= 0) {
                query.seesFrom(start, mask);
            }
        }

        @Override
        public boolean bySequence() {
            return true;
        }

        @Override
        public boolean byHead() {
            return mask.byHead();
        }
    }
}
