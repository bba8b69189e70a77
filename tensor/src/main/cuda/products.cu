// Products of matrices in float32; products.cuh tells how.
#include "products.cuh"

// Four elements for each square, which are so far apart in shared memory.
template <int SQUARES, int APART>
__device__ inline void fetch(const float* from, float* to) {
#pragma unroll
    for (int s = 0; s < SQUARES; s++) {
        float4 four = *reinterpret_cast<const float4*>(from + APART * s);
        to[4 * s] = four.x;
        to[4 * s + 1] = four.y;
        to[4 * s + 2] = four.z;
        to[4 * s + 3] = four.w;
    }
}

// TILE 128: 8 x 8 elements a thread in four squares of 4 x 4; TILE 64: one square of 4 x 4, for small results.
template <int TILE, bool A_TURNED, bool B_TURNED>
__device__ inline void product(const Product& p) {
    const int PITCH = TILE + 4;
    const int SQUARES = TILE / 64;
    SHARED(float, tileA, 2 * STEP * PITCH);
    SHARED(float, tileB, 2 * STEP * PITCH);
    TilePlace at(p, TILE);

    // The warp's piece of the tile, 64 x 32 or 32 x 16: two warps down, four across; in it 8 threads down, 4 across.
    int warp = threadIdx.x / WARP;
    int lane = threadIdx.x % WARP;
    int row = warp % 2 * (TILE / 2) + lane / 4 * 4;
    int column = warp / 2 * (TILE / 4) + lane % 4 * 4;

    float sums[4 * SQUARES][4 * SQUARES] = {};
    Part<TILE, !A_TURNED> partA(p.a, at.batch, at.row, p.m, at.from);
    Part<TILE, B_TURNED> partB(p.b, at.batch, at.column, p.n, at.from);
    partA.load(p.a, at.to);
    partB.load(p.b, at.to);
    partA.store(tileA, PITCH);
    partB.store(tileB, PITCH);
    __syncthreads();
    int half = 0;
    for (int k = at.from; k < at.to; k += STEP) {
        bool more = k + STEP < at.to;
        if (more) {
            partA.load(p.a, at.to);
            partB.load(p.b, at.to);
        }
        const float* as = tileA + half * STEP * PITCH + row;
        const float* bs = tileB + half * STEP * PITCH + column;
        float a[2][4 * SQUARES];
        float b[2][4 * SQUARES];
        fetch<SQUARES, 32>(as, a[0]);
        fetch<SQUARES, 16>(bs, b[0]);
#pragma unroll
        for (int j = 0; j < STEP; j++) {
            if (j + 1 < STEP) {
                fetch<SQUARES, 32>(as + (j + 1) * PITCH, a[(j + 1) % 2]);
                fetch<SQUARES, 16>(bs + (j + 1) * PITCH, b[(j + 1) % 2]);
            }
#pragma unroll
            for (int r = 0; r < 4 * SQUARES; r++) {
#pragma unroll
                for (int c = 0; c < 4 * SQUARES; c++) {
                    sums[r][c] = fmaf(a[j % 2][r], b[j % 2][c], sums[r][c]);
                }
            }
        }
        if (more) {
            half = 1 - half;
            partA.store(tileA + half * STEP * PITCH, PITCH);
            partB.store(tileB + half * STEP * PITCH, PITCH);
            __syncthreads();
        }
    }
#pragma unroll
    for (int r = 0; r < 4 * SQUARES; r++) {
#pragma unroll
        for (int s = 0; s < SQUARES; s++) {
            float4 four = make_float4(sums[r][4 * s], sums[r][4 * s + 1], sums[r][4 * s + 2], sums[r][4 * s + 3]);
            finish4(p, at.c, at.row + row + r / 4 * 32 + r % 4, at.column + column + 16 * s, four, p.parts != nullptr);
        }
    }
}

// Named by how A and B lie: n as it is read, t turned.
KERNEL(256) product_nn(Product p) { product<128, false, false>(p); }
KERNEL(256) product_nt(Product p) { product<128, false, true>(p); }
KERNEL(256) product_tn(Product p) { product<128, true, false>(p); }
KERNEL(256) product_tt(Product p) { product<128, true, true>(p); }
KERNEL(256) small_product_nn(Product p) { product<64, false, false>(p); }
KERNEL(256) small_product_nt(Product p) { product<64, false, true>(p); }
KERNEL(256) small_product_tn(Product p) { product<64, true, false>(p); }
KERNEL(256) small_product_tt(Product p) { product<64, true, true>(p); }

// The second stage of a product whose K is cut: adds up the pieces in order, one thread an element.
KERNEL(256) add_pieces(Product p, int batch, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= count) {
        return;
    }
    float sum = 0.0f;
    for (int piece = 0; piece < p.pieces; piece++) {
        sum += p.parts[static_cast<long long>(piece) * count + i];
    }
    int row = i / p.n;
    int column = i - row * p.n;
    int matrix = row / p.m;
    finish(p, p.c.data + matrix * p.c.batchStride + ROW(row - matrix * p.m, p.c.stride) + column, column, sum);
}

// A few rows times a turned matrix, as each step of generation has: memory is the limit, and every element of B is read
// once. A warp goes along one row of B for up to 4 rows of A.
KERNEL(256) few_rows(Product p) {
    int column = blockIdx.x * (256 / WARP) + threadIdx.x / WARP;
    int lane = threadIdx.x % WARP;
    int first = 4 * blockIdx.y;
    if (column >= p.n) {
        return;
    }
    const float* b = p.b.data + ROW(column, p.b.stride);
    const float* a = p.a.data + ROW(first, p.a.stride);
    int rows = p.m - first < 4 ? p.m - first : 4;
    float sums[4] = {};
    if (p.a.wide && p.b.wide && p.k % 4 == 0) {
        for (int k = 4 * lane; k < p.k; k += 4 * WARP) {
            float4 y = *reinterpret_cast<const float4*>(b + k);
#pragma unroll
            for (int r = 0; r < 4; r++) {
                if (r < rows) {
                    float4 x = *reinterpret_cast<const float4*>(a + ROW(r, p.a.stride) + k);
                    sums[r] += x.x * y.x + x.y * y.y + x.z * y.z + x.w * y.w;
                }
            }
        }
    } else {
        for (int k = lane; k < p.k; k += WARP) {
#pragma unroll
            for (int r = 0; r < 4; r++) {
                if (r < rows) {
                    sums[r] += a[ROW(r, p.a.stride) + k] * b[k];
                }
            }
        }
    }
#pragma unroll
    for (int r = 0; r < 4; r++) {
        float sum = warpSum(sums[r]);
        if (lane == 0 && r < rows) {
            finish(p, p.c.data + ROW(first + r, p.c.stride) + column, column, sum);
        }
    }
}

// Every row of y = the bias, for cuBLAS, which adds a product to what is there
KERNEL(256) set_rows(const float* bias, int columns, float* y, int stride, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count) {
        int row = i / columns;
        y[ROW(row, stride) + i - row * columns] = bias[i - row * columns];
    }
}
