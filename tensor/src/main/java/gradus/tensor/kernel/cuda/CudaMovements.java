package gradus.tensor.kernel.cuda;

import static gradus.tensor.kernel.cuda.CudaPointwise.blocks;

import gradus.tensor.kernel.MovementKernels;
import gradus.tensor.kernel.Strided;
import gradus.tensor.kernel.Walks;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;

/// Copies along strides, and rows by number: of `pointwise.cu` and `sums.cu`.
///
/// Many rows of a gradient may go to the same row of an embedding. Nothing is added by several threads at once, as the
/// order would be another each time: the places are sorted by their row here, on the host, which is a pass over the
/// indices, and cut into pieces of at most 32 rows, which are summed side by side.
final class CudaMovements implements MovementKernels {
    private static final int THREADS = 256;
    private static final int PIECE = 32;

    private final Card card;
    private final CudaFunction copy;
    private final CudaFunction gather;
    private final CudaFunction pieces;
    private final CudaFunction rows;

    CudaMovements(Card card) {
        this.card = card;
        copy = card.function("pointwise", "copy_strided");
        gather = card.function("sums", "gather");
        pieces = card.function("sums", "scatter_pieces");
        rows = card.function("sums", "scatter_rows");
    }

    @Override
    public void copy(Buffer x, Strided walkX, double scale, Strided walkY, Destination y) {
        if (y == null) {
            return;
        }
        int count = walkX.size();
        CudaPointwise.ways(copy.begin().buffer(x).real((float) scale).destination(y), new Walks(walkX, walkY))
                .integer(count)
                .blocks(blocks(count))
                .run(THREADS);
    }

    @Override
    public void gather(Buffer x, int outer, int n, int inner, int[] indices, Buffer y) {
        int count = outer * indices.length * inner;
        Buffer numbers = card.upload(indices);
        gather.begin()
                .buffer(x)
                .integer(n)
                .integer(inner)
                .buffer(numbers)
                .integer(indices.length)
                .result(y)
                .integer(count)
                .blocks(blocks(count))
                .run(THREADS);
        numbers.release("gather has been ordered");
    }

    @Override
    public void scatterAdd(Buffer dy, int outer, int n, int inner, int[] indices, Destination dx) {
        if (dx == null) {
            return;
        }
        int[] first = new int[n + 1]; // where the places of a row begin, then where its pieces begin
        for (int index : indices) {
            first[index + 1]++;
        }
        for (int row = 0; row < n; row++) {
            first[row + 1] += first[row];
        }
        int[] places = new int[indices.length];
        int[] next = first.clone();
        for (int j = 0; j < indices.length; j++) {
            places[next[indices[j]]++] = j;
        }
        int count = 0;
        int[] starts = new int[indices.length + 1];
        for (int row = 0, from = 0; row < n; row++) {
            int to = first[row + 1];
            first[row] = count;
            for (; from < to; from = Math.min(to, from + PIECE)) {
                starts[count++] = from;
            }
        }
        first[n] = count;
        starts[count] = indices.length;
        scatter(dy, outer, n, inner, places, starts, first, dx);
    }

    private void scatter(
            Buffer dy, int outer, int n, int inner, int[] places, int[] starts, int[] first, Destination dx) {
        int count = first[n];
        Buffer where = card.upload(places);
        Buffer begins = card.upload(starts);
        Buffer firsts = card.upload(first);
        Buffer sums = dx.buffer().like(Math.max(1, outer * count * inner));
        pieces.begin()
                .buffer(dy)
                .integer(places.length)
                .integer(inner)
                .buffer(where)
                .buffer(begins)
                .integer(count)
                .result(sums)
                .integer(outer * count * inner)
                .blocks(blocks(outer * count * inner))
                .run(THREADS);
        rows.begin()
                .buffer(sums)
                .integer(count)
                .integer(inner)
                .buffer(firsts)
                .integer(n)
                .destination(dx)
                .integer(outer * n * inner)
                .blocks(blocks(outer * n * inner))
                .run(THREADS);
        for (Buffer used : new Buffer[] {where, begins, firsts, sums}) {
            used.release("scatterAdd has been ordered");
        }
    }
}
