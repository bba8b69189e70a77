// What attention and its backward share: tiles in shared memory, their products, and who sees whom.
//
// All these kernels work alike. A block of 128 threads, 4 warps, owns 64 rows (queries, or keys) and meets the other
// side in tiles of 64 or 32. Of a 64×64 product each thread has 4 rows and 8 columns, its 32 sums in registers:
//
//   row i of a thread:     16·i + 4·warp + side     i < 4, side < 4
//   column j of a thread:  across + 8·j             j < 8, across < 8
//
// so that a warp has whole rows. Four steps of the inner sum read 4 + 8 pieces of four floats for 128 multiplications.
//
// Layout. A row of a tile is cut into pieces of 4 floats, 16 bytes. Piece p of row r lies at place p ^ (r % 8) of its
// row. Memory has 32 banks of 4 bytes, so 8 threads with 16 bytes each are served at once if their places differ
// mod 8. They do when they read one row's 8 pieces (p differs), and when they read one piece of 8 rows (r % 8 differs).
// Laid out plainly the second would hit the same four banks 8 times. No row needs padding, and nothing is transposed.
#pragma once
#include "gradus.cuh"

#define ROWS 64      // rows that a block owns
#define THREADS 128  // of a block
#define LOG2_E 1.4426950408889634f
#define LN_2 0.6931471805599453f

// How a tile of 64×64 is seen, as the host found it.
#define SEES_NONE 0
#define SEES_SOME 1
#define SEES_ALL 2

// Where the heads of a tensor lie in its memory: element d of head h at position t of sequence b is
// at[b·batch + t·stride + h·size + d].
struct Rows {
    int stride;
    int batch;
};

// What an attention reads, and its sizes. A set of ranges holds those of all queries: row set·queries + i sees the keys
// from bounds[n] to before bounds[n + 1], for n = starts[row], starts[row] + 2, …, before starts[row + 1]. Java fills
// this in order: pointers, then numbers of 32 bits.
struct Attention {
    const float* q;
    const float* k;
    const float* v;
    const float* bias;  // (heads, queries + keys - 1) or null
    const int* starts;
    const int* bounds;
    const int* tiles;  // (sets, query tiles, key tiles): how each 64×64 tile is seen
    Rows qRows;
    Rows kRows;
    Rows vRows;
    int queries;
    int keys;
    int heads;
    int group;  // query heads that read one key head
    int size;   // numbers of a head
    int sequenceSets;  // sets from one sequence to the next, 0 where all see alike
    int headSets;
    int aligned;  // whether each piece of four floats lies at a multiple of 16 bytes
    float scale;
};

// Which rows and columns a thread has. The lanes of a warp are dealt so that neighbours share a column and lanes two
// apart share a row: either read then costs half of what it would.
struct Place {
    int across;  // column 0 of the thread; column j is 8·j further
    int row;     // row 0 of the thread; row i is 16·i further

    __device__ inline Place() {
        int lane = threadIdx.x % WARP;
        across = lane / 2 % 8;
        row = threadIdx.x / WARP * 4 + lane / 16 * 2 + lane % 2;
    }
};

__device__ inline int divideUp(int count, int by) {
    return (count + by - 1) / by;
}

// Where a head's numbers at a position begin.
__device__ inline long long headAt(Rows rows, int b, int position, int h, int size) {
    return ROW(b, rows.batch) + ROW(position, rows.stride) + ROW(h, size);
}

// Four numbers of a row, of which `left` exist; zeros for the others.
__device__ inline float4 fetch(const float* four, int left, int aligned) {
    if (aligned) {
        return left > 0 ? *reinterpret_cast<const float4*>(four) : make_float4(0, 0, 0, 0);
    }
    return make_float4(
        left > 0 ? four[0] : 0, left > 1 ? four[1] : 0, left > 2 ? four[2] : 0, left > 3 ? four[3] : 0);
}

// Brings COUNT rows of WIDTH floats into shared memory; rows and columns that do not exist become zeros. Each thread
// copies one piece of every 8th or 16th row, which all go to the same place of their rows.
template <int COUNT, int WIDTH>
__device__ inline void load(float* tile, const float* from, int stride, int rows, int columns, int aligned) {
    constexpr int PIECES = WIDTH / 4;
    constexpr int APART = THREADS / PIECES;
    int row = threadIdx.x / PIECES;
    int piece = threadIdx.x % PIECES;
    int left = columns - 4 * piece;
    const float* four = from + ROW(row, stride) + 4 * piece;
    float4* to = reinterpret_cast<float4*>(tile) + row * PIECES + (piece ^ (row % 8));
#pragma unroll 4
    for (int n = 0; n < COUNT / APART; n++) {
        bool exists = row + n * APART < rows;
        to[n * APART * PIECES] = fetch(four + ROW(n * APART, stride), exists ? left : 0, aligned);
    }
}

// c[i][j] += Σ_d a[row i, d]·b[column j, d] over tiles whose rows have WIDTH floats.
template <int WIDTH, int COLUMNS>
__device__ inline void addDots(const float* a, const float* b, Place me, float (&c)[4][COLUMNS]) {
    constexpr int PIECES = WIDTH / 4;
    const float4* rows = reinterpret_cast<const float4*>(a) + me.row * PIECES;
    const float4* columns = reinterpret_cast<const float4*>(b) + me.across * PIECES;
#pragma unroll 1
    for (int piece = 0; piece < PIECES; piece++) {
        float4 x[4];
#pragma unroll
        for (int i = 0; i < 4; i++) {
            x[i] = rows[16 * i * PIECES + (piece ^ (me.row % 8))];
        }
#pragma unroll
        for (int j = 0; j < COLUMNS; j++) {
            float4 y = columns[8 * j * PIECES + (piece ^ me.across)];
#pragma unroll
            for (int i = 0; i < 4; i++) {
                c[i][j] = fmaf(x[i].x, y.x, c[i][j]);
                c[i][j] = fmaf(x[i].y, y.y, c[i][j]);
                c[i][j] = fmaf(x[i].z, y.z, c[i][j]);
                c[i][j] = fmaf(x[i].w, y.w, c[i][j]);
            }
        }
    }
}

// Where column `column` of a row of a tile of weights lies within it: a thread's columns across, across + 8, … make
// pieces, so that it stores four at once. keepWeights and addMix agree on this order.
__device__ inline int weightAt(int row, int column, int width) {
    int piece = column % 8 + column / 32 * 8;
    return row * width + (piece ^ (row % 8)) * 4 + column / 8 % 4;
}

template <int COLUMNS>
__device__ inline void keepWeights(float* weights, Place me, const float (&c)[4][COLUMNS]) {
    float4* rows = reinterpret_cast<float4*>(weights) + me.row * 2 * COLUMNS;
#pragma unroll
    for (int i = 0; i < 4; i++) {
#pragma unroll
        for (int j = 0; j < COLUMNS; j += 4) {
            rows[16 * i * 2 * COLUMNS + ((2 * j + me.across) ^ (me.row % 8))] =
                make_float4(c[i][j], c[i][j + 1], c[i][j + 2], c[i][j + 3]);
        }
    }
}

// c[i][j] times the weight that keepWeights kept of it: so it needs no registers in between.
template <int COLUMNS>
__device__ inline void timesWeights(const float* weights, Place me, float (&c)[4][COLUMNS]) {
    const float4* rows = reinterpret_cast<const float4*>(weights) + me.row * 2 * COLUMNS;
#pragma unroll
    for (int i = 0; i < 4; i++) {
#pragma unroll
        for (int j = 0; j < COLUMNS; j += 4) {
            float4 x = rows[16 * i * 2 * COLUMNS + ((2 * j + me.across) ^ (me.row % 8))];
            c[i][j] *= x.x;
            c[i][j + 1] *= x.y;
            c[i][j + 2] *= x.z;
            c[i][j + 3] *= x.w;
        }
    }
}

// o[i, d] += Σ_k weights[row i, k]·b[k, d]. A thread has of each row the columns 4·across + 32·m to 3 further, which
// are o[i][4·m] to o[i][4·m + 3]. Only a thread's own warp wrote the weights that it reads.
template <int COUNT, int WIDTH>
__device__ inline void addMix(const float* weights, const float* b, Place me, float (&o)[4][WIDTH / 8]) {
    constexpr int PIECES = WIDTH / 4;
    const float4* rows = reinterpret_cast<const float4*>(weights) + me.row * (COUNT / 4);
    const float4* from = reinterpret_cast<const float4*>(b);
#pragma unroll 1
    for (int piece = 0; piece < COUNT / 4; piece++) {
        float4 x[4];
#pragma unroll
        for (int i = 0; i < 4; i++) {
            x[i] = rows[16 * i * (COUNT / 4) + (piece ^ (me.row % 8))];
        }
        int first = piece % 8 + piece / 8 * 32;  // the piece's weights are those of rows first, first + 8, …
#pragma unroll
        for (int e = 0; e < 4; e++) {
#pragma unroll
            for (int m = 0; m < WIDTH / 32; m++) {
                float4 y = from[(first + 8 * e) * PIECES + 8 * m + (me.across ^ (first % 8))];
#pragma unroll
                for (int i = 0; i < 4; i++) {
                    float weight = e == 0 ? x[i].x : e == 1 ? x[i].y : e == 2 ? x[i].z : x[i].w;
                    o[i][4 * m] = fmaf(weight, y.x, o[i][4 * m]);
                    o[i][4 * m + 1] = fmaf(weight, y.y, o[i][4 * m + 1]);
                    o[i][4 * m + 2] = fmaf(weight, y.z, o[i][4 * m + 2]);
                    o[i][4 * m + 3] = fmaf(weight, y.w, o[i][4 * m + 3]);
                }
            }
        }
    }
}

// Writes a row of what addMix summed, times a factor, where the row's numbers begin at `to`.
template <int COUNT>
__device__ inline void store(
    float* to, const float (&o)[COUNT], Place me, int columns, float factor, int accumulate, int aligned) {
#pragma unroll
    for (int m = 0; m < COUNT / 4; m++) {
        int column = 4 * me.across + 32 * m;
        float* four = to + column;
        float x = factor * o[4 * m];
        float y = factor * o[4 * m + 1];
        float z = factor * o[4 * m + 2];
        float w = factor * o[4 * m + 3];
        if (!aligned) {
            if (column < columns) put(four, x, accumulate);
            if (column + 1 < columns) put(four + 1, y, accumulate);
            if (column + 2 < columns) put(four + 2, z, accumulate);
            if (column + 3 < columns) put(four + 3, w, accumulate);
        } else if (column < columns) {
            float4* piece = reinterpret_cast<float4*>(four);
            float4 old = accumulate ? *piece : make_float4(0, 0, 0, 0);
            *piece = make_float4(old.x + x, old.y + y, old.z + z, old.w + w);
        }
    }
}

__device__ inline int setOf(const Attention& s, int b, int h) {
    return b * s.sequenceSets + h * s.headSets;
}

// Bit n says whether a query sees key first + n: of its sorted ranges the first that ends behind `first` is found by
// halving, and those that follow until 64 keys are through are added.
__device__ inline unsigned long long seenKeys(const Attention& s, int row, int first) {
    int low = s.starts[row] / 2;
    int end = s.starts[row + 1] / 2;
    int high = end;
    while (low < high) {
        int middle = (low + high) / 2;
        if (s.bounds[2 * middle + 1] > first) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    unsigned long long seen = 0;
    for (; low < end && s.bounds[2 * low] - first < 64; low++) {
        int from = s.bounds[2 * low] - first;
        int to = s.bounds[2 * low + 1] - first;
        unsigned long long before = from > 0 ? (1ull << from) - 1 : 0;
        unsigned long long until = to < 64 ? (1ull << to) - 1 : ~0ull;
        seen |= until & ~before;
    }
    return seen;
}

// Whether each of 32 bits is set, counted from the thread's own first: bit 8·j belongs to column j.
__device__ inline bool bit(int bits, int n) {
    return (static_cast<unsigned>(bits) >> n & 1) != 0;
}

// logits[i][j] = (scale·dot + bias)·log₂e for a tile of queries by keys, -∞ where a query does not see a key. With the
// factor log₂e a power of two, which the hardware has, stands for the exponential: eˣ = 2^(x·log₂e). Sixteen lanes
// look up the keys of the warp's sixteen rows, and each thread fetches those of its four.
template <int COLUMNS>
__device__ inline void finishLogits(
    const Attention& s, Place me, int kind, int b, int h, int query, int key, float (&c)[4][COLUMNS]) {
    float factor = s.scale * LOG2_E;
#pragma unroll
    for (int i = 0; i < 4; i++) {
#pragma unroll
        for (int j = 0; j < COLUMNS; j++) {
            c[i][j] *= factor;
        }
    }
    if (s.bias != nullptr) {
        const float* bias = s.bias + ROW(h, s.queries + s.keys - 1) + s.queries - 1;
#pragma unroll
        for (int i = 0; i < 4; i++) {
            int q = query + me.row + 16 * i;
#pragma unroll
            for (int j = 0; j < COLUMNS; j++) {
                int k = key + me.across + 8 * j;
                if (q < s.queries && k < s.keys) {
                    c[i][j] = fmaf(bias[k - q], LOG2_E, c[i][j]);
                }
            }
        }
    }
    if (kind == SEES_SOME) {
        int lane = threadIdx.x % WARP;
        int mine = query + lane / 4 * 16 + me.row / 4 * 4 + lane % 4;
        unsigned long long seen = 0;
        if (lane < 16 && mine < s.queries) {
            seen = seenKeys(s, setOf(s, b, h) * s.queries + mine, key);
        }
        int first = static_cast<int>(seen);
        int second = static_cast<int>(seen >> 32);
#pragma unroll
        for (int i = 0; i < 4; i++) {
            int bits = __shfl_sync(ALL_LANES, first, 4 * i + me.row % 4);
            int further = __shfl_sync(ALL_LANES, second, 4 * i + me.row % 4);
#pragma unroll
            for (int j = 0; j < COLUMNS; j++) {
                if (!bit(j < 4 ? bits : further, me.across + 8 * (j % 4))) {
                    c[i][j] = -INFINITY;
                }
            }
        }
    }
}
