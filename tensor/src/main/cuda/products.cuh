// C = alpha * A * B + beta * C, or C = A * B + bias, in tiles.
//
// A block computes a tile of C, 128 x 128, and goes along K in steps of 16: it copies 128 x 16 of A and 16 x 128 of B
// to shared memory, where each element is then read by the 16 or so threads that need it. Without that, every number of
// A would come 128 times from the cache.
//
// Each of the 256 threads computes 8 x 8 elements in registers. For one k it reads 8 elements of A and 8 of B and does
// 64 multiplications with them: four loads of 16 bytes for 64 of arithmetic, which is what keeps the arithmetic busy. A
// thread's 8 rows are two times 4 neighbours, 32 apart within its warp's 64 x 32 piece of the tile, so that the threads
// of a warp read 128 neighbouring bytes and no two of them meet in a bank.
//
// While a step is computed, the next one's elements are on their way from memory into registers, and then go to the
// other of two halves of shared memory: one barrier a step. In the same way the elements for k + 1 are read from shared
// memory while those for k are multiplied.
#pragma once

#include "gradus.cuh"

// A matrix as a kernel sees it: element (i, j) of matrix b lies at data + b * batchStride + i * stride + j. `wide` says
// that rows begin at multiples of 16 bytes, so that four elements may be read at once.
struct MatrixView {
    float* data;
    long long batchStride;
    int stride;
    int wide;
};

struct Product {
    MatrixView a;
    MatrixView b;
    MatrixView c;
    const float* bias;  // added to every row, or null
    float* parts;       // where the pieces of a K that is cut go, (piece, batch, m, n), or null
    int m;
    int n;
    int k;
    int piece;   // how many of K a block goes along
    int pieces;  // into how many pieces K is cut
    float alpha;
    float beta;
};

#define STEP 16

// What a thread brings from memory for one step: one or two groups of four neighbours of a matrix of which LONG rows
// are needed. K_ALONG says whether K runs along its rows; the threads are dealt out so that neighbours read neighbours
// either way.
template <int LONG, bool K_ALONG>
struct Part {
    static const int GROUPS = LONG * STEP / 1024;
    static const int ROWS_APART = K_ALONG ? 256 / (STEP / 4) : 0;  // of a thread's groups
    static const int K_APART = K_ALONG ? 0 : 256 / (LONG / 4);
    const float* from;
    int left;  // rows from the first group's on
    int k;
    float4 groups[GROUPS];

    __device__ static inline int row(int i) { return K_ALONG ? i / (STEP / 4) : 4 * (i % (LONG / 4)); }
    __device__ static inline int alongK(int i) { return K_ALONG ? 4 * (i % (STEP / 4)) : i / (LONG / 4); }

    __device__ inline Part(const MatrixView& x, int batch, int first, int rows, int begin) {
        first += row(threadIdx.x);
        k = begin + alongK(threadIdx.x);
        from = x.data + batch * x.batchStride + (K_ALONG ? ROW(first, x.stride) + k : ROW(k, x.stride) + first);
        left = rows - first;
    }

    // Reads what there is of the groups and goes on by a step.
    __device__ inline void load(const MatrixView& x, int end) {
#pragma unroll
        for (int g = 0; g < GROUPS; g++) {
            int exist = K_ALONG ? (left > g * ROWS_APART ? end - k : 0) : (k + g * K_APART < end ? left : 0);
            const float* four = from + ROW(g * (ROWS_APART + K_APART), x.stride);
            if (exist >= 4 && x.wide) {
                groups[g] = *reinterpret_cast<const float4*>(four);
            } else {
                groups[g].x = exist > 0 ? four[0] : 0.0f;
                groups[g].y = exist > 1 ? four[1] : 0.0f;
                groups[g].z = exist > 2 ? four[2] : 0.0f;
                groups[g].w = exist > 3 ? four[3] : 0.0f;
            }
        }
        k += STEP;
        from += K_ALONG ? STEP : ROW(STEP, x.stride);
    }

    // Puts them where tile[k * pitch + row] is expected. Where K runs along the rows that turns them: a warp then holds
    // 8 rows and 16 of K, and with a pitch of LONG + 4 no more than two of its 32 writes go to one bank.
    __device__ inline void store(float* tile, int pitch) const {
#pragma unroll
        for (int g = 0; g < GROUPS; g++) {
            int i = threadIdx.x + 256 * g;
            float* to = tile + alongK(i) * pitch + row(i);
            if (K_ALONG) {
                to[0] = groups[g].x;
                to[pitch] = groups[g].y;
                to[2 * pitch] = groups[g].z;
                to[3 * pitch] = groups[g].w;
            } else {
                *reinterpret_cast<float4*>(to) = groups[g];
            }
        }
    }
};

// One element of the result.
__device__ inline void finish(const Product& p, float* c, int column, float value) {
    float result = p.alpha * value;
    if (p.bias != nullptr) {
        result += p.bias[column];
    }
    *c = p.beta == 0.0f ? result : result + p.beta * *c;
}

// Four neighbours of a row of the result, of which those from column n on do not exist.
__device__ inline void finish4(const Product& p, float* c, int row, int column, float4 value, int parts) {
    if (row >= p.m || column >= p.n) {
        return;
    }
    if (parts) {
        float* to = c + ROW(row, p.n) + column;
        to[0] = value.x;
        if (column + 1 < p.n) to[1] = value.y;
        if (column + 2 < p.n) to[2] = value.z;
        if (column + 3 < p.n) to[3] = value.w;
        return;
    }
    float* to = c + ROW(row, p.c.stride) + column;
    if (column + 3 < p.n && p.c.wide && p.beta == 0.0f) {
        float4 result = make_float4(p.alpha * value.x, p.alpha * value.y, p.alpha * value.z, p.alpha * value.w);
        if (p.bias != nullptr) {
            result.x += p.bias[column];
            result.y += p.bias[column + 1];
            result.z += p.bias[column + 2];
            result.w += p.bias[column + 3];
        }
        *reinterpret_cast<float4*>(to) = result;
        return;
    }
    finish(p, to, column, value.x);
    if (column + 1 < p.n) finish(p, to + 1, column + 1, value.y);
    if (column + 2 < p.n) finish(p, to + 2, column + 2, value.z);
    if (column + 3 < p.n) finish(p, to + 3, column + 3, value.w);
}

// Two neighbours of a row of the result.
__device__ inline void finish2(const Product& p, float* c, int row, int column, float left, float right) {
    if (row >= p.m || column >= p.n) {
        return;
    }
    if (p.parts != nullptr) {
        float* to = c + ROW(row, p.n) + column;
        to[0] = left;
        if (column + 1 < p.n) to[1] = right;
        return;
    }
    float* to = c + ROW(row, p.c.stride) + column;
    if (column + 1 < p.n && p.c.wide && p.beta == 0.0f) {
        float2 result = make_float2(p.alpha * left, p.alpha * right);
        if (p.bias != nullptr) {
            result.x += p.bias[column];
            result.y += p.bias[column + 1];
        }
        *reinterpret_cast<float2*>(to) = result;
        return;
    }
    finish(p, to, column, left);
    if (column + 1 < p.n) finish(p, to + 1, column + 1, right);
}

// Where this block's tile, piece of K and matrix of the batch are. Tiles that lie beside each other share rows of A or
// columns of B in the cache, so blocks are numbered in strips of 8 tiles down.
struct TilePlace {
    int row;
    int column;
    int batch;
    int from;
    int to;
    float* c;

    __device__ inline TilePlace(const Product& p, int tile) {
        int down = (p.m + tile - 1) / tile;
        int across = (p.n + tile - 1) / tile;
        int strip = blockIdx.x / (8 * across);
        int within = blockIdx.x - strip * 8 * across;
        int height = down - 8 * strip < 8 ? down - 8 * strip : 8;
        row = (8 * strip + within % height) * tile;
        column = within / height * tile;
        batch = blockIdx.z;
        from = blockIdx.y * p.piece;
        to = from + p.piece < p.k ? from + p.piece : p.k;
        c = p.parts == nullptr ? p.c.data + batch * p.c.batchStride
                               : p.parts + (static_cast<long long>(blockIdx.y) * gridDim.z + batch) * p.m * p.n;
    }
};
