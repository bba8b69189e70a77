// C = alpha * A * B + beta * C, or C = A * B + bias, in tiles.
//
// A block computes a tile of C, 128 x 128, and goes along K in steps of 8: it copies 128 x 8 of A and 8 x 128 of B to
// shared memory, where each element is then read by the 16 or so threads that need it. Without that, every number of A
// would come 128 times from the cache.
//
// Each of the 256 threads computes 8 x 8 elements in registers. For one k it reads 8 elements of A and 8 of B and does 64
// multiplications with them: four loads of 16 bytes for 64 of arithmetic, which is what keeps the arithmetic busy. A
// thread's 8 rows are two times 4 neighbours, 32 apart within its warp's 64 x 32 piece of the tile, so that the threads of
// a warp read 128 neighbouring bytes and no two of them meet in a bank.
//
// While a step is computed, the next one's elements are on their way from memory into registers, and then go to the
// other of two halves of shared memory: one barrier a step.
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

// What a thread brings from memory for one step of STEP = 1024 / LONG along K: four neighbours of a matrix of which LONG
// rows are needed. K_ALONG says whether K runs along its rows; the threads are dealt out so that neighbours read
// neighbours either way.
template <int LONG, bool K_ALONG>
struct Part {
    static const int STEP = 1024 / LONG;
    const float* from;
    int left;  // K_ALONG: of K; else whether fewer than four rows are left
    int k;
    float4 four;

    __device__ inline int row() const { return K_ALONG ? threadIdx.x / (STEP / 4) : 4 * (threadIdx.x % (LONG / 4)); }
    __device__ inline int alongK() const { return K_ALONG ? 4 * (threadIdx.x % (STEP / 4)) : threadIdx.x / (LONG / 4); }

    __device__ inline Part(const MatrixView& x, int batch, int first, int rows, int begin) {
        k = begin + alongK();
        from = x.data + batch * x.batchStride + (K_ALONG ? ROW(first + row(), x.stride) + k : ROW(k, x.stride) + first + row());
        left = rows - first - row();
    }

    // Reads what there is of the four and goes on by a step.
    __device__ inline void load(const MatrixView& x, int end) {
        int exist = K_ALONG ? (left > 0 ? end - k : 0) : (k < end ? left : 0);
        if (exist >= 4 && x.wide) {
            four = *reinterpret_cast<const float4*>(from);
        } else {
            four.x = exist > 0 ? from[0] : 0.0f;
            four.y = exist > 1 ? from[1] : 0.0f;
            four.z = exist > 2 ? from[2] : 0.0f;
            four.w = exist > 3 ? from[3] : 0.0f;
        }
        k += STEP;
        from += K_ALONG ? STEP : ROW(STEP, x.stride);
    }

    // Puts them where tile[k * pitch + row] is expected. Where K runs along the rows that turns them: a warp then holds 16
    // rows and 8 of K, and with a pitch of LONG + 4 its 32 writes go to 32 banks: k and k + 4 are 16 banks apart.
    __device__ inline void store(float* tile, int pitch) const {
        float* to = tile + alongK() * pitch + row();
        if (K_ALONG) {
            to[0] = four.x;
            to[pitch] = four.y;
            to[2 * pitch] = four.z;
            to[3 * pitch] = four.w;
        } else {
            *reinterpret_cast<float4*>(to) = four;
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
