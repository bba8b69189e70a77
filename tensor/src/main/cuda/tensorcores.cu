// Products of matrices by tensor cores: the inputs rounded to TF32, the sums in float32. About 3e-4 of the largest
// result is lost at K = 384, so this runs only where `--precision tf32` asks for it.
//
// The tiles are those of products.cu, 128 x 128 with 16 of K at a time, a warp's piece 64 x 32: 4 x 4 tiles of 16 x 8.
// The copies from global memory go on three steps ahead in four buffers, aside of the registers. The four buffers take
// 80 KB.
//
// A lane reads single numbers for `multiplyTile`. Where K runs along the rows, element (row, k) lies at row * 20 + k,
// else at k * 136 + row: the 8 rows and 4 of K that a warp reads at once are then in 32 different banks.
#include "products.cuh"
#include "tensorcores.cuh"

#define BUFFERS 4

template <bool K_ALONG>
struct Tile {
    static const int PITCH = K_ALONG ? STEP + 4 : 128 + 8;
    static const int SIZE = K_ALONG ? 128 * PITCH : STEP * PITCH;

    __device__ static inline float at(const float* tile, int row, int k) {
        return tile[K_ALONG ? row * PITCH + k : k * PITCH + row];
    }

    // Orders this thread's two copies of four neighbours.
    __device__ static inline void order(float* tile, const MatrixView& x, const float* data, int first, int rows, int k,
        int end) {
#pragma unroll
        for (int g = 0; g < 2; g++) {
            int i = threadIdx.x + 256 * g;
            int row = K_ALONG ? i / (STEP / 4) : 4 * (i % 32);
            int along = K_ALONG ? 4 * (i % (STEP / 4)) : i / 32;
            bool inside = first + row < rows && k + along < end;
            int exist = inside ? (K_ALONG ? end - (k + along) : rows - (first + row)) : 0;
            const float* from =
                data + (K_ALONG ? ROW(first + row, x.stride) + k + along : ROW(k + along, x.stride) + first + row);
            copyAside(tile + (K_ALONG ? row * PITCH + along : along * PITCH + row), inside ? from : data, exist);
        }
    }
};

template <bool A_TURNED, bool B_TURNED>
__device__ inline void tensorProduct(const Product& p) {
    typedef Tile<!A_TURNED> TileA;
    typedef Tile<B_TURNED> TileB;
    SHARED_BY_LAUNCH(float, shared);
    const int SIZE = TileA::SIZE + TileB::SIZE;
    TilePlace at(p, 128);
    const float* dataA = p.a.data + at.batch * p.a.batchStride;
    const float* dataB = p.b.data + at.batch * p.b.batchStride;
    int warp = threadIdx.x / WARP;
    int lane = threadIdx.x % WARP;
    int row = warp % 2 * 64 + lane / 4;
    int column = warp / 2 * 32 + lane / 4;
    int t = lane % 4;

    float sums[4][4][4] = {};
#pragma unroll
    for (int ahead = 0; ahead < BUFFERS - 1; ahead++) {
        int k = at.from + ahead * STEP;
        TileA::order(shared + ahead * SIZE, p.a, dataA, at.row, p.m, k, at.to);
        TileB::order(shared + ahead * SIZE + TileA::SIZE, p.b, dataB, at.column, p.n, k, at.to);
        groupOfCopies();
    }
    int buffer = 0;
    for (int k = at.from; k < at.to; k += STEP) {
        arrived<BUFFERS - 2>();
        __syncthreads();  // all copies of this step are there, and nobody reads the last step's buffer any more
        int ahead = (buffer + BUFFERS - 1) % BUFFERS;
        TileA::order(shared + ahead * SIZE, p.a, dataA, at.row, p.m, k + (BUFFERS - 1) * STEP, at.to);
        TileB::order(
            shared + ahead * SIZE + TileA::SIZE, p.b, dataB, at.column, p.n, k + (BUFFERS - 1) * STEP, at.to);
        groupOfCopies();
        const float* tileA = shared + buffer * SIZE;
        const float* tileB = tileA + TileA::SIZE;
#pragma unroll
        for (int j = 0; j < STEP; j += 8) {
            unsigned a[4][4];
            unsigned b[4][2];
#pragma unroll
            for (int i = 0; i < 4; i++) {
                a[i][0] = tf32(TileA::at(tileA, row + 16 * i, j + t));
                a[i][1] = tf32(TileA::at(tileA, row + 16 * i + 8, j + t));
                a[i][2] = tf32(TileA::at(tileA, row + 16 * i, j + t + 4));
                a[i][3] = tf32(TileA::at(tileA, row + 16 * i + 8, j + t + 4));
                b[i][0] = tf32(TileB::at(tileB, column + 8 * i, j + t));
                b[i][1] = tf32(TileB::at(tileB, column + 8 * i, j + t + 4));
            }
#pragma unroll
            for (int r = 0; r < 4; r++) {
#pragma unroll
                for (int c = 0; c < 4; c++) {
                    multiplyTile(sums[r][c], a[r], b[c]);
                }
            }
        }
        buffer = (buffer + 1) % BUFFERS;
    }
#pragma unroll
    for (int r = 0; r < 4; r++) {
#pragma unroll
        for (int c = 0; c < 4; c++) {
#pragma unroll
            for (int lower = 0; lower < 2; lower++) {
                int i = at.row + warp % 2 * 64 + 16 * r + 8 * lower + lane / 4;
                int j = at.column + warp / 2 * 32 + 8 * c + 2 * t;
                finish2(p, at.c, i, j, sums[r][c][2 * lower], sums[r][c][2 * lower + 1]);
            }
        }
    }
}

KERNEL(256) tensor_product_nn(Product p) { tensorProduct<false, false>(p); }
KERNEL(256) tensor_product_nt(Product p) { tensorProduct<false, true>(p); }
KERNEL(256) tensor_product_tn(Product p) { tensorProduct<true, false>(p); }
KERNEL(256) tensor_product_tt(Product p) { tensorProduct<true, true>(p); }
