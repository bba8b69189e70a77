// Attention: out = softmax(scale·q·kᵀ + bias + mask)·v for each head of each sequence, and lse, the logarithm of the
// sum of each row's exponentials.
//
// The T×S matrix of logits is never held (FlashAttention, Dao et al. 2022, arXiv:2205.14135). Each block has 64
// queries of a head and meets the keys in tiles of 64. It keeps for each query the largest logit m so far, the sum l
// of the exponentials and the sum o of the values with these as weights. With a tile's logits s:
//
//   m' = max(m, max s)    p = exp(s - m')    l' = l·exp(m - m') + Σ p    o' = o·exp(m - m') + p·v
//
// and at the end out = o / l and lse = m + log l. Tiles that no query sees are left out: of a causal mask half.
//
// Shared memory for 64 numbers a head: queries 64·64·4 bytes = 16 KB, keys 16 KB, values 16 KB; the weights p take the
// keys' place when these are used up. So four blocks fit an H100's processor, and no card needs to be asked for more
// than the usual 48 KB. Heads of more than 64 numbers come in parts of 64: logits are summed over all parts of q and
// k, and blockIdx.y says which part of v and out the block makes.
#include "attention.cuh"

// WHOLE: a head has at most WIDTH numbers, so the queries stay where they are.
template <int WIDTH, bool WHOLE>
__device__ inline void attend(
    const Attention& s, float* out, float* lse, float* queries, float* keys, float* values) {
    Place me;
    int blocks = divideUp(s.queries, ROWS);
    int pairs = gridDim.x / blocks;
    int pair = blockIdx.x % pairs;
    int block = blocks - 1 - blockIdx.x / pairs;  // later queries see more under a causal mask: the longest work first
    int b = pair / s.heads;
    int h = pair % s.heads;
    int query = block * ROWS;
    int rows = s.queries - query;
    int part = blockIdx.y * WIDTH;
    int tiles = divideUp(s.keys, 64);
    const int* kinds = s.tiles + ROW(setOf(s, b, h) * blocks + block, tiles);
    const float* q = s.q + headAt(s.qRows, b, query, h, s.size);
    const float* k = s.k + headAt(s.kRows, b, 0, h / s.group, s.size);
    const float* v = s.v + headAt(s.vRows, b, 0, h / s.group, s.size) + part;

    float o[4][WIDTH / 8] = {};
    float most[4] = {-INFINITY, -INFINITY, -INFINITY, -INFINITY};
    float sums[4] = {};
    if (WHOLE) {
        load<ROWS, WIDTH>(queries, q, s.qRows.stride, rows, s.size, s.aligned);
    }
    for (int tile = 0; tile < tiles; tile++) {
        int kind = kinds[tile];
        if (kind == SEES_NONE) {
            continue;
        }
        int key = tile * 64;
        const float* from = k + ROW(key, s.kRows.stride);
        float c[4][8] = {};
        for (int d = 0; d < (WHOLE ? 1 : s.size); d += WIDTH) {
            __syncthreads();  // what was there is used up
            load<64, WIDTH>(keys, from + d, s.kRows.stride, s.keys - key, s.size - d, s.aligned);
            if (!WHOLE) {
                load<ROWS, WIDTH>(queries, q + d, s.qRows.stride, rows, s.size - d, s.aligned);
            }
            if (d == 0) {
                const float* some = v + ROW(key, s.vRows.stride);
                load<64, WIDTH>(values, some, s.vRows.stride, s.keys - key, s.size - part, s.aligned);
            }
            __syncthreads();
            addDots<WIDTH>(queries, keys, me, c);
        }
        finishLogits(s, me, kind, b, h, query, key, c);
#pragma unroll
        for (int i = 0; i < 4; i++) {
            float largest = most[i];
#pragma unroll
            for (int j = 0; j < 8; j++) {
                largest = fmaxf(largest, c[i][j]);
            }
            for (int apart = 2; apart <= 8; apart *= 2) {
                largest = fmaxf(largest, __shfl_xor_sync(ALL_LANES, largest, apart));
            }
            float base = largest == -INFINITY ? 0 : largest;  // nothing seen yet: 2^(-∞ - 0) = 0
            float factor = exp2f(most[i] - base);
            most[i] = largest;
            float added = 0;
#pragma unroll
            for (int j = 0; j < 8; j++) {
                c[i][j] = exp2f(c[i][j] - base);
                added += c[i][j];
            }
            sums[i] = fmaf(sums[i], factor, added);
#pragma unroll
            for (int d = 0; d < WIDTH / 8; d++) {
                o[i][d] *= factor;
            }
        }
        __syncthreads();  // the keys are used up: the weights take their place
        keepWeights(keys, me, c);
        __syncwarp();
        addMix<64, WIDTH>(keys, values, me, o);
    }
#pragma unroll
    for (int i = 0; i < 4; i++) {
        float sum = sums[i];
        for (int apart = 2; apart <= 8; apart *= 2) {
            sum += __shfl_xor_sync(ALL_LANES, sum, apart);
        }
        int row = query + me.row + 16 * i;
        if (row < s.queries) {
            float* to = out + ROW(ROW(b, s.queries) + row, s.heads * s.size) + ROW(h, s.size) + part;
            store(to, o[i], me, s.size - part, sum == 0 ? 0 : 1 / sum, 0, s.aligned);
            if (me.across == 0 && part == 0) {
                lse[ROW(pair, s.queries) + row] = sum == 0 ? -INFINITY : (most[i] + log2f(sum)) * LN_2;
            }
        }
    }
}

// Heads of at most 32 numbers. The weights, 16 KB, need more room than the keys.
KERNEL(128) attention_32(Attention s, float* out, float* lse) {
    SHARED(float, queries, ROWS * 32);
    SHARED(float, keys, ROWS * 64);
    SHARED(float, values, 64 * 32);
    attend<32, true>(s, out, lse, queries, keys, values);
}

// Heads of at most 64 numbers.
KERNEL(128) attention_64(Attention s, float* out, float* lse) {
    SHARED(float, queries, ROWS * 64);
    SHARED(float, keys, ROWS * 64);
    SHARED(float, values, 64 * 64);
    attend<64, true>(s, out, lse, queries, keys, values);
}

// Larger heads, gridDim.y parts of 64 numbers.
KERNEL(128) attention_parts(Attention s, float* out, float* lse) {
    SHARED(float, queries, ROWS * 64);
    SHARED(float, keys, ROWS * 64);
    SHARED(float, values, 64 * 64);
    attend<64, false>(s, out, lse, queries, keys, values);
}
