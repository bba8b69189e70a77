// The backward of attention. With P = exp(logits - lse), computed again from the kept lse, and δ = Σ dout·out - dlse of
// each row:
//
//   dv = Pᵀ·dout    dS = P∘(dout·vᵀ - δ)    dq = scale·dS·k    dk = scale·dSᵀ·q    dbias[h, j - i + T - 1] = Σ dS[i, j]
//
// dq is a sum over keys, dk and dv are sums over queries: one kernel by blocks of queries, one by blocks of keys. Each
// computes P and dS for itself, 7 products of tiles where 5 would do, but each sum has one block that owns it, and its
// order never changes.
//
// Shared memory for 64 numbers a head. dq: 64 queries and their dout 16 KB each, 32 keys and values 8 KB each, 48 KB;
// dS takes the place of the values. dk and dv: 64 keys and values 16 KB each, 32 queries and their dout 8 KB each, and
// 8 KB for P and then dS, 56 KB, which the launch must ask for. As in the forward, larger heads come in parts of 64.
#include "attention.cuh"

// δ, one warp for each row (b, t, h) of out; delta is (b, h, t) like dlse.
KERNEL(256) attention_delta(
    const float* out, const float* dout, const float* dlse, int rows, int queries, int heads, int size, float* delta) {
    int row = blockIdx.x * (blockDim.x / WARP) + threadIdx.x / WARP;
    int lane = threadIdx.x % WARP;
    if (row >= rows) {
        return;
    }
    float sum = 0;
    for (int d = lane; d < size; d += WARP) {
        sum = fmaf(out[ROW(row, size) + d], dout[ROW(row, size) + d], sum);
    }
    sum = warpSum(sum);
    if (lane == 0) {
        int h = row % heads;
        int t = row / heads % queries;
        long long at = ROW(row / heads / queries * heads + h, queries) + t;
        delta[at] = dlse == nullptr ? sum : sum - dlse[at];
    }
}

// What a row's logits, times log₂e, are compared with: nothing is left of a row that does not exist or sees nothing.
__device__ inline float baseOf(float lse) {
    return lse == -INFINITY ? INFINITY : lse * LOG2_E;
}

// dbias of a block of queries: the sums along the diagonals of a tile of dS, each by one thread, added to the block's
// own row of `partial`, whose entry n belongs to the distance n - 63 between a key and the block's first query.
template <int TILE>
__device__ inline void addDiagonals(const float* weights, float* partial, int key, int keys) {
    for (int n = threadIdx.x; n < ROWS + TILE - 1; n += THREADS) {
        float sum = 0;
        for (int row = 0; row < ROWS; row++) {
            int column = n - (ROWS - 1) + row;
            if (column >= 0 && column < TILE) {
                sum += weights[weightAt(row, column, TILE)];
            }
        }
        if (key + n < keys + ROWS - 1) {
            partial[key + n] += sum;
        }
    }
}

template <int WIDTH, int TILE, bool WHOLE>
__device__ inline void queryGradient(
    const Attention& s, const float* dout, const float* lse, const float* delta, float* dq, Rows dqRows, int accumulate,
    float* partial, float* queries, float* upstream, float* keys, float* values) {
    Place me;
    int blocks = divideUp(s.queries, ROWS);
    int pairs = gridDim.x / blocks;
    int pair = blockIdx.x % pairs;
    int block = blocks - 1 - blockIdx.x / pairs;
    int b = pair / s.heads;
    int h = pair % s.heads;
    int query = block * ROWS;
    int rows = s.queries - query;
    int part = WHOLE ? 0 : blockIdx.y * WIDTH;
    int width = s.heads * s.size;
    const int* kinds = s.tiles + ROW(setOf(s, b, h) * blocks + block, divideUp(s.keys, 64));
    const float* q = s.q + headAt(s.qRows, b, query, h, s.size);
    const float* k = s.k + headAt(s.kRows, b, 0, h / s.group, s.size);
    const float* v = s.v + headAt(s.vRows, b, 0, h / s.group, s.size);
    const float* g = dout + ROW(ROW(b, s.queries) + query, width) + ROW(h, s.size);
    float base[4];
    float deltas[4];
#pragma unroll
    for (int i = 0; i < 4; i++) {
        int row = me.row + 16 * i;
        base[i] = row < rows ? baseOf(lse[ROW(pair, s.queries) + query + row]) : INFINITY;
        deltas[i] = row < rows ? delta[ROW(pair, s.queries) + query + row] : 0;
    }
    bool biased = partial != nullptr && part == 0;
    if (biased) {
        int entries = s.keys + ROWS - 1;
        partial += ROW(ROW(pair, blocks) + block, entries);
        for (int n = threadIdx.x; n < entries; n += THREADS) {
            partial[n] = 0;
        }
    }
    if (WHOLE) {
        load<ROWS, WIDTH>(queries, q, s.qRows.stride, rows, s.size, s.aligned);
        load<ROWS, WIDTH>(upstream, g, width, rows, s.size, s.aligned);
    }
    float o[4][WIDTH / 8] = {};
    for (int key = 0; key < s.keys; key += TILE) {
        int kind = kinds[key / 64];
        if (kind == SEES_NONE) {
            continue;
        }
        int left = s.keys - key;
        const float* ks = k + ROW(key, s.kRows.stride);
        const float* vs = v + ROW(key, s.vRows.stride);
        float p[4][TILE / 8] = {};
        float ds[4][TILE / 8] = {};
        for (int d = 0; d < (WHOLE ? 1 : s.size); d += WIDTH) {
            __syncthreads();  // what was there is used up
            load<TILE, WIDTH>(keys, ks + d, s.kRows.stride, left, s.size - d, s.aligned);
            if (WHOLE) {
                load<TILE, WIDTH>(values, vs, s.vRows.stride, left, s.size, s.aligned);
            } else {
                load<ROWS, WIDTH>(queries, q + d, s.qRows.stride, rows, s.size - d, s.aligned);
            }
            __syncthreads();
            addDots<WIDTH>(queries, keys, me, p);
        }
        for (int d = 0; d < (WHOLE ? 1 : s.size); d += WIDTH) {
            if (!WHOLE) {
                __syncthreads();
                load<TILE, WIDTH>(values, vs + d, s.vRows.stride, left, s.size - d, s.aligned);
                load<ROWS, WIDTH>(upstream, g + d, width, rows, s.size - d, s.aligned);
                if (d == 0) {
                    load<TILE, WIDTH>(keys, ks + part, s.kRows.stride, left, s.size - part, s.aligned);
                }
                __syncthreads();
            }
            addDots<WIDTH>(upstream, values, me, ds);
        }
        finishLogits(s, me, kind, b, h, query, key, p);
#pragma unroll
        for (int i = 0; i < 4; i++) {
#pragma unroll
            for (int j = 0; j < TILE / 8; j++) {
                ds[i][j] = exp2f(p[i][j] - base[i]) * (ds[i][j] - deltas[i]);
            }
        }
        __syncthreads();  // the values are used up: dS takes their place
        keepWeights(values, me, ds);
        __syncwarp();
        addMix<TILE, WIDTH>(values, keys, me, o);
        if (biased) {
            __syncthreads();
            addDiagonals<TILE>(values, partial, key, s.keys);
        }
    }
#pragma unroll
    for (int i = 0; i < 4; i++) {
        int row = query + me.row + 16 * i;
        if (row < s.queries) {
            float* to = dq + headAt(dqRows, b, row, h, s.size) + part;
            store(to, o[i], me, s.size - part, s.scale, accumulate, s.aligned);
        }
    }
}

// P of a tile of keys by queries from its dots: rows are keys here. Each lane looks up what one query sees of the
// block's 64 keys, and hands it to those who have the query among their columns.
template <int TILE>
__device__ inline void weightsByKey(
    const Attention& s, Place me, int kind, int b, int h, int query, int key, const float* lse,
    float (&p)[4][TILE / 8]) {
    float factor = s.scale * LOG2_E;
    const float* bias = s.bias == nullptr ? nullptr : s.bias + ROW(h, s.queries + s.keys - 1) + s.queries - 1;
#pragma unroll
    for (int j = 0; j < TILE / 8; j++) {
        int q = query + me.across + 8 * j;
        float base = q < s.queries ? baseOf(lse[q]) : INFINITY;
#pragma unroll
        for (int i = 0; i < 4; i++) {
            int k = key + me.row + 16 * i;
            p[i][j] *= factor;
            if (bias != nullptr && q < s.queries && k < s.keys) {
                p[i][j] = fmaf(bias[k - q], LOG2_E, p[i][j]);
            }
            p[i][j] = exp2f(p[i][j] - base);
        }
    }
    if (kind == SEES_SOME) {
#pragma unroll
        for (int half = 0; half < TILE / 32; half++) {
            int mine = query + static_cast<int>(threadIdx.x % WARP) + 32 * half;
            unsigned long long seen = 0;
            if (mine < s.queries) {
                seen = seenKeys(s, setOf(s, b, h) * s.queries + mine, key);
            }
            int first = static_cast<int>(seen);
            int second = static_cast<int>(seen >> 32);
#pragma unroll
            for (int j = 4 * half; j < 4 * half + 4; j++) {
                int bits = __shfl_sync(ALL_LANES, first, (me.across + 8 * j) % WARP);
                int further = __shfl_sync(ALL_LANES, second, (me.across + 8 * j) % WARP);
#pragma unroll
                for (int i = 0; i < 4; i++) {
                    if (!bit(i < 2 ? bits : further, me.row + 16 * (i % 2))) {
                        p[i][j] = 0;
                    }
                }
            }
        }
    }
}

template <int WIDTH, int TILE, bool WHOLE>
__device__ inline void keyGradients(
    const Attention& s, const float* dout, const float* lse, const float* delta, float* dk, Rows dkRows, float* dv,
    Rows dvRows, int accumulate, float* keys, float* values, float* queries, float* upstream, float* weights) {
    Place me;
    int blocks = divideUp(s.keys, ROWS);
    int pairs = gridDim.x / blocks;
    int pair = blockIdx.x % pairs;
    int block = blockIdx.x / pairs;  // earlier keys are seen by more under a causal mask: the longest work first
    int keyHeads = s.heads / s.group;
    int b = pair / keyHeads;
    int head = pair % keyHeads;
    int key = block * ROWS;
    int rows = s.keys - key;
    int part = blockIdx.y * WIDTH;
    int width = s.heads * s.size;
    const float* k = s.k + headAt(s.kRows, b, key, head, s.size);
    const float* v = s.v + headAt(s.vRows, b, key, head, s.size);
    if (WHOLE) {
        load<ROWS, WIDTH>(keys, k, s.kRows.stride, rows, s.size, s.aligned);
        load<ROWS, WIDTH>(values, v, s.vRows.stride, rows, s.size, s.aligned);
    }
    float sumK[4][WIDTH / 8] = {};
    float sumV[4][WIDTH / 8] = {};
    for (int h = head * s.group; h < (head + 1) * s.group; h++) {
        const int* kinds = s.tiles + ROW(setOf(s, b, h), divideUp(s.queries, 64) * blocks) + block;
        long long row = ROW(b * s.heads + h, s.queries);
        for (int query = 0; query < s.queries; query += TILE) {
            int kind = kinds[query / 64 * blocks];
            if (kind == SEES_NONE) {
                continue;
            }
            int left = s.queries - query;
            const float* qs = s.q + headAt(s.qRows, b, query, h, s.size);
            const float* gs = dout + ROW(ROW(b, s.queries) + query, width) + ROW(h, s.size);
            float p[4][TILE / 8] = {};
            for (int d = 0; d < (WHOLE ? 1 : s.size); d += WIDTH) {
                __syncthreads();  // what was there is used up
                load<TILE, WIDTH>(queries, qs + d, s.qRows.stride, left, s.size - d, s.aligned);
                if (WHOLE) {
                    load<TILE, WIDTH>(upstream, gs, width, left, s.size, s.aligned);
                } else {
                    load<ROWS, WIDTH>(keys, k + d, s.kRows.stride, rows, s.size - d, s.aligned);
                }
                __syncthreads();
                addDots<WIDTH>(keys, queries, me, p);
            }
            weightsByKey<TILE>(s, me, kind, b, h, query, key, lse + row, p);
            keepWeights(weights, me, p);
            __syncwarp();
            float ds[4][TILE / 8] = {};
            if (!WHOLE) {
                for (int d = 0; d < s.size; d += WIDTH) {
                    __syncthreads();
                    load<TILE, WIDTH>(upstream, gs + d, width, left, s.size - d, s.aligned);
                    load<ROWS, WIDTH>(values, v + d, s.vRows.stride, rows, s.size - d, s.aligned);
                    __syncthreads();
                    addDots<WIDTH>(values, upstream, me, ds);
                }
                __syncthreads();
                load<TILE, WIDTH>(upstream, gs + part, width, left, s.size - part, s.aligned);
                load<TILE, WIDTH>(queries, qs + part, s.qRows.stride, left, s.size - part, s.aligned);
                __syncthreads();
            }
            addMix<TILE, WIDTH>(weights, upstream, me, sumV);
            if (WHOLE) {
                addDots<WIDTH>(values, upstream, me, ds);
            }
#pragma unroll
            for (int j = 0; j < TILE / 8; j++) {
                int q = query + me.across + 8 * j;
                float change = q < s.queries ? delta[row + q] : 0;
#pragma unroll
                for (int i = 0; i < 4; i++) {
                    ds[i][j] -= change;
                }
            }
            timesWeights(weights, me, ds);
            __syncwarp();  // P is used up: dS takes its place
            keepWeights(weights, me, ds);
            __syncwarp();
            addMix<TILE, WIDTH>(weights, queries, me, sumK);
        }
    }
#pragma unroll
    for (int i = 0; i < 4; i++) {
        int row = me.row + 16 * i;
        if (row < rows) {
            float* toK = dk + headAt(dkRows, b, key + row, head, s.size) + part;
            float* toV = dv + headAt(dvRows, b, key + row, head, s.size) + part;
            store(toK, sumK[i], me, s.size - part, s.scale, accumulate, s.aligned);
            store(toV, sumV[i], me, s.size - part, 1, accumulate, s.aligned);
        }
    }
}

// Heads of at most 32 numbers: tiles of 64, and dS needs more room than the values.
KERNEL(128) attention_dq_32(
    Attention s, const float* dout, const float* lse, const float* delta, float* dq, int stride, int batch,
    int accumulate, float* partial) {
    SHARED(float, queries, ROWS * 32);
    SHARED(float, upstream, ROWS * 32);
    SHARED(float, keys, 64 * 32);
    SHARED(float, values, ROWS * 64);
    queryGradient<32, 64, true>(
        s, dout, lse, delta, dq, {stride, batch}, accumulate, partial, queries, upstream, keys, values);
}

// Heads of at most 64 numbers.
KERNEL(128) attention_dq_64(
    Attention s, const float* dout, const float* lse, const float* delta, float* dq, int stride, int batch,
    int accumulate, float* partial) {
    SHARED(float, queries, ROWS * 64);
    SHARED(float, upstream, ROWS * 64);
    SHARED(float, keys, 32 * 64);
    SHARED(float, values, 32 * 64);
    queryGradient<64, 32, true>(
        s, dout, lse, delta, dq, {stride, batch}, accumulate, partial, queries, upstream, keys, values);
}

// Larger heads, gridDim.y parts of 64 numbers.
KERNEL(128) attention_dq_parts(
    Attention s, const float* dout, const float* lse, const float* delta, float* dq, int stride, int batch,
    int accumulate, float* partial) {
    SHARED(float, queries, ROWS * 64);
    SHARED(float, upstream, ROWS * 64);
    SHARED(float, keys, 32 * 64);
    SHARED(float, values, 32 * 64);
    queryGradient<64, 32, false>(
        s, dout, lse, delta, dq, {stride, batch}, accumulate, partial, queries, upstream, keys, values);
}

KERNEL(128) attention_dkv_32(
    Attention s, const float* dout, const float* lse, const float* delta, float* dk, int kStride, int kBatch, float* dv,
    int vStride, int vBatch, int accumulate) {
    SHARED(float, keys, ROWS * 32);
    SHARED(float, values, ROWS * 32);
    SHARED(float, queries, 64 * 32);
    SHARED(float, upstream, 64 * 32);
    SHARED(float, weights, ROWS * 64);
    keyGradients<32, 64, true>(
        s, dout, lse, delta, dk, {kStride, kBatch}, dv, {vStride, vBatch}, accumulate, keys, values, queries, upstream,
        weights);
}

// 57,344 bytes of shared memory by launch: keys and values, queries and dout, P and dS.
KERNEL(128) attention_dkv_64(
    Attention s, const float* dout, const float* lse, const float* delta, float* dk, int kStride, int kBatch, float* dv,
    int vStride, int vBatch, int accumulate) {
    SHARED_BY_LAUNCH(float, own);
    float* visiting = own + 2 * ROWS * 64;
    keyGradients<64, 32, true>(
        s, dout, lse, delta, dk, {kStride, kBatch}, dv, {vStride, vBatch}, accumulate, own, own + ROWS * 64, visiting,
        visiting + 32 * 64, visiting + 2 * 32 * 64);
}

KERNEL(128) attention_dkv_parts(
    Attention s, const float* dout, const float* lse, const float* delta, float* dk, int kStride, int kBatch, float* dv,
    int vStride, int vBatch, int accumulate) {
    SHARED_BY_LAUNCH(float, own);
    float* visiting = own + 2 * ROWS * 64;
    keyGradients<64, 32, false>(
        s, dout, lse, delta, dk, {kStride, kBatch}, dv, {vStride, vBatch}, accumulate, own, own + ROWS * 64, visiting,
        visiting + 32 * 64, visiting + 2 * 32 * 64);
}

// dbias[h, distance] = Σ over sequences and blocks of queries of their partial sums, in this order.
KERNEL(256) attention_dbias(
    const float* partial, int batch, int heads, int queries, int keys, float* dbias, int accumulate) {
    int distances = queries + keys - 1;
    int at = blockIdx.x * blockDim.x + threadIdx.x;
    if (at >= heads * distances) {
        return;
    }
    int h = at / distances;
    int distance = at % distances - (queries - 1);  // key - query
    int blocks = divideUp(queries, ROWS);
    int entries = keys + ROWS - 1;
    float sum = 0;
    for (int b = 0; b < batch; b++) {
        for (int block = 0; block < blocks; block++) {
            int n = distance + block * ROWS + ROWS - 1;
            if (n >= 0 && n < entries) {
                sum += partial[ROW(ROW(b * heads + h, blocks) + block, entries) + n];
            }
        }
    }
    put(dbias + at, sum, accumulate);
}
