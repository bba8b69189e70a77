package gradus.tensor.kernel.cuda;

import gradus.tensor.kernel.Matrix;
import gradus.tensor.kernel.ProductKernels;
import gradus.tensor.memory.Buffer;

/// `products.cu`: products of matrices.
///
/// A weight's gradient is a small matrix that sums over all tokens of a batch. As a handful of tiles it would
/// leave most of a card idle, so K is cut into pieces whose products are added up afterwards. How many
/// follows from the sizes alone: another card gives the same sums.
final class CudaProducts implements ProductKernels {
    private static final int THREADS = 256;
    private static final int WARP = 32;
    private static final int LARGE = 128;
    private static final int SMALL = 64;
    private static final int FEW_ROWS = 4; // that a warp of few_rows takes
    private static final int FEW = 16;
    private static final int ENOUGH = 256; // tiles that keep any card busy: two on each of 128 multiprocessors
    private static final int LEAST_PIECE = 256; // of K
    private static final int MOST_PIECES = 64;
    private static final int MOST_MATRICES = 65_535; // of a launch: blocks along z
    private static final int WIDTH = 4; // floats of 16 bytes
    private static final int TF32_CAPABILITY = 80;
    private static final int STEP = 16; // of K, in tensorcores.cu
    private static final int BUFFERS = 4;

    private final Card card;
    private final CudaFunction[] large;
    private final CudaFunction[] small;
    private final CudaFunction[] tensor; // null on cards without TF32
    private final CudaFunction addPieces;
    private final CudaFunction fewRows;
    private final CudaFunction setRows;
    private final CuBlas cublas; // or null

    CudaProducts(Card card) {
        this.card = card;
        String[] turned = {"nn", "nt", "tn", "tt"};
        large = new CudaFunction[turned.length];
        small = new CudaFunction[turned.length];
        for (int i = 0; i < turned.length; i++) {
            large[i] = card.function("products", "product_" + turned[i]);
            small[i] = card.function("products", "small_product_" + turned[i]);
        }
        tensor = card.capability >= TF32_CAPABILITY ? new CudaFunction[turned.length] : null;
        for (int i = 0; tensor != null && i < turned.length; i++) {
            tensor[i] = card.function("tensorcores", "tensor_product_" + turned[i]);
        }
        addPieces = card.function("products", "add_pieces");
        fewRows = card.function("products", "few_rows");
        setRows = card.function("products", "set_rows");
        cublas = CuBlas.open(card);
    }

    @Override
    public void linear(Matrix x, Matrix w, Buffer bias, Matrix y) {
        y.buffer().changed();
        product(1, 1, x, w.transpose(), bias, 0, y);
    }

    @Override
    public void matmul(int batch, double alpha, Matrix a, Matrix b, double beta, Matrix c) {
        c.buffer().changed();
        if (c.transposed()) { // Cᵀ = Bᵀ·Aᵀ
            matmul(batch, alpha, b.transpose(), a.transpose(), beta, c.transpose());
            return;
        }
        if (c.batchStride() == 0) {
            for (int i = 0; i < batch; i++) { // their sum, in order
                product(1, (float) alpha, from(a, i).apart(0), from(b, i).apart(0), null, i == 0 ? (float) beta : 1, c);
            }
            return;
        }
        for (int i = 0; i < batch; i += MOST_MATRICES) {
            int some = Math.min(MOST_MATRICES, batch - i);
            product(some, (float) alpha, from(a, i), from(b, i), null, (float) beta, from(c, i));
        }
    }

    /// The matrices of a batch from one on.
    private static Matrix from(Matrix m, int first) {
        int offset = m.offset() + first * m.batchStride();
        return new Matrix(m.buffer(), offset, m.rows(), m.columns(), m.stride(), m.transposed(), m.batchStride());
    }

    private void product(int batch, float alpha, Matrix a, Matrix b, Buffer bias, float beta, Matrix c) {
        int m = a.rows();
        int n = b.columns();
        int k = a.columns();
        if (batch == 1 && m <= FEW && !a.transposed() && b.transposed()) {
            begin(fewRows, a, b, c, bias, null, k, 1, alpha, beta)
                    .blocks((n + THREADS / WARP - 1) / (THREADS / WARP), (m + FEW_ROWS - 1) / FEW_ROWS, 1)
                    .run(THREADS);
            return;
        }
        if (cublas != null) {
            byCuBlas(batch, alpha, a, b, bias, beta, c);
            return;
        }
        int turned = (a.transposed() ? 2 : 0) + (b.transposed() ? 1 : 0);
        boolean byTensorCores =
                card.tf32() && tensor != null && isWide(a) && isWide(b) && n > SMALL / 2 && m > SMALL / 2;
        boolean isLarge = byTensorCores
                || Math.min(m, n) > SMALL && tiles(m, LARGE) * tiles(n, LARGE) * batch >= ENOUGH / 4
                || Math.min(m, n) >= 3 * LARGE;
        int tile = isLarge ? LARGE : SMALL;
        long tiles = tiles(m, tile) * tiles(n, tile) * batch;
        int pieces = (int) Math.min(Math.min(MOST_PIECES, k / LEAST_PIECE), ENOUGH / tiles);
        int piece = pieces < 2 ? k : (k + pieces - 1) / pieces;
        piece = (piece + WIDTH - 1) / WIDTH * WIDTH; // so that each begins where four can be read
        pieces = (k + piece - 1) / piece;
        CudaFunction function = (byTensorCores ? tensor : isLarge ? large : small)[turned];
        int shared = byTensorCores ? sharedMemory(turned) : 0;
        if (shared > 0) {
            function.withSharedMemory(shared);
        }
        Buffer parts = pieces == 1 ? null : c.buffer().like(pieces * batch * m * n);
        begin(function, a, b, c, bias, parts, piece, pieces, alpha, beta)
                .blocks((int) (tiles(m, tile) * tiles(n, tile)), pieces, batch)
                .shared(shared)
                .run(THREADS);
        if (parts != null) {
            int count = batch * m * n;
            begin(addPieces, a, b, c, bias, parts, piece, pieces, alpha, beta)
                    .integer(batch)
                    .integer(count)
                    .blocks(CudaPointwise.blocks(count))
                    .run(THREADS);
            parts.release("a product in pieces has been ordered");
        }
    }

    private void byCuBlas(int batch, float alpha, Matrix a, Matrix b, Buffer bias, float beta, Matrix c) {
        if (bias == null) {
            cublas.multiply(batch, alpha, a, b, beta, c);
            return;
        }
        int count = c.rows() * c.columns(); // the bias in every row first, to which the product is added
        setRows.begin()
                .buffer(bias)
                .integer(c.columns())
                .buffer(c.buffer(), c.offset())
                .integer(c.stride())
                .integer(count)
                .blocks(CudaPointwise.blocks(count))
                .run(THREADS);
        cublas.multiply(batch, alpha, a, b, 1, c);
    }

    /// The bytes of the buffers of `tensorcores.cu`.
    private static int sharedMemory(int turned) {
        int along = LARGE * (STEP + 4);
        int across = STEP * (LARGE + 8);
        return Float.BYTES * BUFFERS * ((turned >= 2 ? across : along) + (turned % 2 == 1 ? along : across));
    }

    private static long tiles(int length, int tile) {
        return (length + tile - 1) / tile;
    }

    /// `struct Product`
    private Launch begin(
            CudaFunction function,
            Matrix a,
            Matrix b,
            Matrix c,
            Buffer bias,
            Buffer parts,
            int piece,
            int pieces,
            float alpha,
            float beta) {
        int[] struct = new int[3 * 6 + 2 * 2 + 7 + 1];
        view(struct, 0, a);
        view(struct, 6, b);
        view(struct, 12, c);
        put(struct, 18, card.address(bias));
        put(struct, 20, card.address(parts));
        struct[22] = a.rows();
        struct[23] = b.columns();
        struct[24] = a.columns();
        struct[25] = piece;
        struct[26] = pieces;
        struct[27] = Float.floatToRawIntBits(alpha);
        struct[28] = Float.floatToRawIntBits(beta);
        return function.begin().struct(struct);
    }

    /// `struct MatrixView`
    private void view(int[] struct, int at, Matrix m) {
        put(struct, at, card.address(m.buffer()) + (long) Float.BYTES * m.offset());
        put(struct, at + 2, m.batchStride());
        struct[at + 4] = m.stride();
        struct[at + 5] = isWide(m) ? 1 : 0;
    }

    /// Whether all rows begin at multiples of 16 bytes.
    private static boolean isWide(Matrix m) {
        return m.offset() % WIDTH == 0 && m.stride() % WIDTH == 0 && m.batchStride() % WIDTH == 0;
    }

    private static void put(int[] struct, int at, long number) {
        struct[at] = (int) number;
        struct[at + 1] = (int) (number >>> Integer.SIZE);
    }
}
