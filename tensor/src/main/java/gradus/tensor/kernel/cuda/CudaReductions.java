package gradus.tensor.kernel.cuda;

import static gradus.tensor.kernel.cuda.CudaPointwise.blocks;

import gradus.tensor.kernel.Reduction;
import gradus.tensor.kernel.ReductionKernels;
import gradus.tensor.kernel.Strided;
import gradus.tensor.kernel.Walks;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import java.util.List;

/// `sums.cu`: many elements become one, in pieces whose sizes follow from the shape alone.
final class CudaReductions implements ReductionKernels {
    private static final int THREADS = 256;
    private static final int WARP = 32;
    private static final int SHORT = 1024; // the longest row for a warp
    private static final int ROW_PIECE = 4096;
    private static final int LONG_COLUMN = 64; // from here on 8 threads share a column
    static final int COLUMN_PIECE = 256; // rows
    private static final int ENOUGH = 1 << 15; // threads that keep any card busy

    private final ManyBuffers many;
    private final CudaFunction rowsShort;
    private final CudaFunction rowsLong;
    private final CudaFunction columns;
    private final CudaFunction sumLongColumns;
    private final CudaFunction sumTo;

    CudaReductions(Card card, ManyBuffers many) {
        this.many = many;
        rowsShort = card.function("sums", "reduce_rows_short");
        rowsLong = card.function("sums", "reduce_rows_long");
        columns = card.function("sums", "reduce_columns");
        sumLongColumns = card.function("sums", "sum_long_columns");
        sumTo = card.function("sums", "sum_to");
    }

    /// How many rows go through a block: one a warp, or one if they are long.
    static boolean isShort(int columns) {
        return columns <= SHORT;
    }

    static int blocksOfRows(int rows, int columns) {
        return isShort(columns) ? (rows + THREADS / WARP - 1) / (THREADS / WARP) : rows;
    }

    @Override
    public void reduce(Reduction reduction, Buffer x, int outer, int n, int inner, Buffer y) {
        Destination all = new Destination(y, false);
        if (inner == 1) {
            rows(reduction, x, outer, n, 1, all);
        } else {
            columns(reduction, x, outer, n, inner, 1, all);
        }
    }

    private void rows(Reduction reduction, Buffer x, int rows, int n, double scale, Destination y) {
        int pieces = (n + ROW_PIECE - 1) / ROW_PIECE;
        if (pieces == 1) {
            rows(reduction, x, rows, n, n, 1, scale, y);
            return;
        }
        Buffer parts = x.like(rows * pieces);
        rows(reduction, x, rows, n, ROW_PIECE, pieces, 1, new Destination(parts, false));
        rows(reduction, parts, rows, pieces, pieces, 1, scale, y);
        parts.release("a sum in two stages has been ordered");
    }

    private void rows(
            Reduction reduction, Buffer x, int rows, int n, int piece, int pieces, double scale, Destination y) {
        (isShort(piece) ? rowsShort : rowsLong)
                .begin()
                .integer(reduction.ordinal())
                .buffer(x)
                .integer(rows)
                .integer(n)
                .integer(piece)
                .integer(pieces)
                .real((float) scale)
                .destination(y)
                .blocks(blocksOfRows(rows * pieces, piece))
                .run(THREADS);
    }

    private void columns(Reduction reduction, Buffer x, int outer, int n, int inner, double scale, Destination y) {
        if (reduction == Reduction.SUM && n >= LONG_COLUMN && outer * inner < ENOUGH) {
            longColumns(x, outer, n, inner, scale, y);
        } else {
            shortColumns(reduction, x, outer, n, inner, scale, y);
        }
    }

    /// `y (+)= scale·Σ x` over the middle axis of (outer, n, inner), in two stages if there are many rows.
    void longColumns(Buffer x, int outer, int n, int inner, double scale, Destination y) {
        int pieces = pieces(n);
        if (pieces == 1) {
            longColumns(x, outer, n, inner, n, 1, scale, y);
            return;
        }
        Buffer parts = x.like(outer * pieces * inner);
        longColumns(x, outer, n, inner, COLUMN_PIECE, pieces, 1, new Destination(parts, false));
        longColumns(parts, outer, pieces, inner, pieces, 1, scale, y);
        parts.release("a sum in two stages has been ordered");
    }

    /// Into how many pieces n rows go.
    static int pieces(int n) {
        return (n + COLUMN_PIECE - 1) / COLUMN_PIECE;
    }

    /// Blocks of 32 columns.
    static int blocksOfColumns(int columns) {
        return (columns + WARP - 1) / WARP;
    }

    private void longColumns(
            Buffer x, int outer, int n, int inner, int piece, int pieces, double scale, Destination y) {
        sumLongColumns
                .begin()
                .buffer(x)
                .integer(n)
                .integer(inner)
                .integer(piece)
                .integer(pieces)
                .real((float) scale)
                .destination(y)
                .blocks(outer * pieces * blocksOfColumns(inner))
                .run(THREADS);
    }

    private void shortColumns(Reduction reduction, Buffer x, int outer, int n, int inner, double scale, Destination y) {
        int count = outer * inner;
        columns.begin()
                .integer(reduction.ordinal())
                .buffer(x)
                .integer(n)
                .integer(inner)
                .real((float) scale)
                .destination(y)
                .integer(count)
                .blocks(blocks(count))
                .run(THREADS);
    }

    @Override
    public void sumTo(Buffer x, Strided walkY, double scale, Destination y) {
        if (y == null) {
            return;
        }
        Walks walks = new Walks(Walks.contiguous(walkY), walkY);
        int[] strides = walks.strides[1];
        boolean plain = walks.dims.length == 2 && walks.offsets[1] == 0;
        if (plain && strides[0] == 0 && strides[1] == 1) {
            columns(Reduction.SUM, x, 1, walks.dims[0], walks.dims[1], scale, y);
        } else if (plain && strides[0] == 1 && strides[1] == 0) {
            rows(Reduction.SUM, x, walks.dims[0], walks.dims[1], scale, y);
        } else if (walks.dims.length == 1 && strides[0] == 0 && walks.offsets[1] == 0) {
            rows(Reduction.SUM, x, 1, walks.dims[0], scale, y);
        } else {
            general(x, walks, scale, y);
        }
    }

    /// `struct KeptAndSummed`
    private void general(Buffer x, Walks walks, double scale, Destination y) {
        int[] axes = new int[2 + 5 * 8 + 2];
        int results = 1;
        int terms = 1;
        for (int axis = 0; axis < walks.dims.length; axis++) {
            int dim = walks.dims[axis];
            if (walks.strides[1][axis] == 0) {
                int at = axes[1]++;
                axes[26 + at] = dim;
                axes[34 + at] = walks.strides[0][axis];
                terms *= dim;
            } else {
                int at = axes[0]++;
                axes[2 + at] = dim;
                axes[10 + at] = walks.strides[0][axis];
                axes[18 + at] = walks.strides[1][axis];
                results *= dim;
            }
        }
        axes[42] = walks.offsets[1];
        axes[43] = terms;
        sumTo.begin()
                .buffer(x)
                .struct(axes)
                .real((float) scale)
                .destination(y)
                .integer(results)
                .blocks((results + THREADS / WARP - 1) / (THREADS / WARP))
                .run(THREADS);
    }

    @Override
    public double sumOfSquares(List<Buffer> xs) {
        return many.sumOfSquares(xs);
    }
}
