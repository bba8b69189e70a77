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
//
// Of a few queries, as a step of generation has, attendOne takes one a block and shares out its keys.
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
    int part = WHOLE ? 0 : blockIdx.y * WIDTH;
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

// One query of one head a block, blockIdx.x = (b·heads + h)·queries + i. Its 32 teams of 8 threads take a key each at a
// time, a thread 4 of every 32 numbers of it, and keep their own m, l and o. At the end these are joined in order: with
// M = max m, out = Σ o·exp(m - M) / Σ l·exp(m - M).
#define TEAMS 32

template <int WIDTH>
__device__ inline void attendOne(
    const Attention& s, float* out, float* lse, float* mostOf, float* sumOf, float* mixOf) {
    constexpr int PIECES = WIDTH / 32;
    int thread = threadIdx.x;
    int team = thread / 8;
    int across = thread % 8;
    int pair = blockIdx.x / s.queries;
    int query = blockIdx.x % s.queries;
    int b = pair / s.heads;
    int h = pair % s.heads;
    const float* q = s.q + headAt(s.qRows, b, query, h, s.size);
    const float* bias = s.bias == nullptr ? nullptr : s.bias + ROW(h, s.queries + s.keys - 1) + s.queries - 1 - query;
    int row = setOf(s, b, h) * s.queries + query;
    int range = s.starts[row];
    int end = s.starts[row + 1];
    int last = range < end ? s.bounds[end - 1] : 0;

    float4 mine[PIECES];
    float o[PIECES][4] = {};
#pragma unroll
    for (int m = 0; m < PIECES; m++) {
        int column = 4 * across + 32 * m;
        mine[m] = fetch(q + column, s.size - column, s.aligned);
    }
    float most = -INFINITY;
    float sum = 0;
    for (int first = range < end ? s.bounds[range] : 0; first < last; first += TEAMS) {
        int key = first + team;
        while (range < end && s.bounds[range + 1] <= key) {
            range += 2;
        }
        bool seen = range < end && s.bounds[range] <= key;
        float dot = 0;
        float4 value[PIECES];
#pragma unroll
        for (int m = 0; m < PIECES; m++) {
            int column = 4 * across + 32 * m;
            int left = seen ? s.size - column : 0;
            float4 x = fetch(s.k + headAt(s.kRows, b, key, h / s.group, s.size) + column, left, s.aligned);
            value[m] = fetch(s.v + headAt(s.vRows, b, key, h / s.group, s.size) + column, left, s.aligned);
            dot = fmaf(mine[m].x, x.x, dot);
            dot = fmaf(mine[m].y, x.y, dot);
            dot = fmaf(mine[m].z, x.z, dot);
            dot = fmaf(mine[m].w, x.w, dot);
        }
        for (int apart = 4; apart > 0; apart /= 2) {
            dot += __shfl_xor_sync(ALL_LANES, dot, apart);
        }
        float logit = dot * s.scale * LOG2_E;
        if (seen && bias != nullptr) {
            logit = fmaf(bias[key], LOG2_E, logit);
        }
        logit = seen ? logit : -INFINITY;
        float largest = fmaxf(most, logit);
        float base = largest == -INFINITY ? 0 : largest;
        float factor = exp2f(most - base);
        float weight = exp2f(logit - base);
        most = largest;
        sum = fmaf(sum, factor, weight);
#pragma unroll
        for (int m = 0; m < PIECES; m++) {
            o[m][0] = fmaf(weight, value[m].x, o[m][0] * factor);
            o[m][1] = fmaf(weight, value[m].y, o[m][1] * factor);
            o[m][2] = fmaf(weight, value[m].z, o[m][2] * factor);
            o[m][3] = fmaf(weight, value[m].w, o[m][3] * factor);
        }
    }
    if (across == 0) {
        mostOf[team] = most;
        sumOf[team] = sum;
    }
#pragma unroll
    for (int m = 0; m < PIECES; m++) {
        reinterpret_cast<float4*>(mixOf)[team * (WIDTH / 4) + across + 8 * m] =
            make_float4(o[m][0], o[m][1], o[m][2], o[m][3]);
    }
    __syncthreads();
    float largest = -INFINITY;
    for (int t = 0; t < TEAMS; t++) {
        largest = fmaxf(largest, mostOf[t]);
    }
    float base = largest == -INFINITY ? 0 : largest;
    float total = 0;
    float mix = 0;
    for (int t = 0; t < TEAMS; t++) {
        float factor = exp2f(mostOf[t] - base);
        total = fmaf(sumOf[t], factor, total);
        mix = fmaf(mixOf[t * WIDTH + thread % WIDTH], factor, mix);
    }
    if (thread < s.size) {
        float* to = out + ROW(ROW(b, s.queries) + query, s.heads * s.size) + ROW(h, s.size);
        to[thread] = total == 0 ? 0 : mix / total;
    }
    if (thread == 0) {
        lse[blockIdx.x] = total == 0 ? -INFINITY : (largest + log2f(total)) * LN_2;
    }
}

// Heads of at most 64 numbers.
KERNEL(256) attention_one_64(Attention s, float* out, float* lse) {
    SHARED(float, mostOf, TEAMS);
    SHARED(float, sumOf, TEAMS);
    SHARED(float, mixOf, TEAMS * 64);
    attendOne<64>(s, out, lse, mostOf, sumOf, mixOf);
}

// Heads of at most 128 numbers.
KERNEL(256) attention_one_128(Attention s, float* out, float* lse) {
    SHARED(float, mostOf, TEAMS);
    SHARED(float, sumOf, TEAMS);
    SHARED(float, mixOf, TEAMS * 128);
    attendOne<128>(s, out, lse, mostOf, sumOf, mixOf);
}
