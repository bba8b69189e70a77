// Many elements become one. Long sums go in two stages: pieces of a fixed size first, then the sums of the pieces, so
// that many threads share the work and the order of adding depends on the sizes alone, never on the card.
#include "rows.cuh"

// Piece p of row r, elements from p * piece on: y[r * pieces + p] (+)= scale * join(x).
template <int GROUP, class Join>
__device__ inline void reduceRow(Join join, const float* x, int rows, int n, int piece, int pieces, float scale,
    float* y, int accumulate) {
    RowOfGroup<GROUP> at;
    if (at.row >= rows * pieces) {
        return;
    }
    int row = at.row / pieces;
    int from = (at.row - row * pieces) * piece;
    int to = from + piece < n ? from + piece : n;
    x += ROW(row, n);
    float result = join.none();
    for (int i = from + at.lane; i < to; i += GROUP) {
        result = join(result, x[i]);
    }
    result = together<GROUP>(join, result);
    if (at.lane == 0) {
        put(y + at.row, scale * result, accumulate);
    }
}

enum Kind { SUM, MAX, MIN };  // as Java's Reduction

template <int GROUP>
__device__ inline void reduceRowBy(int kind, const float* x, int rows, int n, int piece, int pieces, float scale,
    float* y, int accumulate) {
    switch (kind) {
        case SUM: return reduceRow<GROUP>(Sum(), x, rows, n, piece, pieces, scale, y, accumulate);
        case MAX: return reduceRow<GROUP>(Max(), x, rows, n, piece, pieces, scale, y, accumulate);
        default: return reduceRow<GROUP>(Min(), x, rows, n, piece, pieces, scale, y, accumulate);
    }
}

KERNEL(256) reduce_rows_short(
    int kind, const float* x, int rows, int n, int piece, int pieces, float scale, float* y, int accumulate) {
    reduceRowBy<WARP>(kind, x, rows, n, piece, pieces, scale, y, accumulate);
}

KERNEL(256) reduce_rows_long(
    int kind, const float* x, int rows, int n, int piece, int pieces, float scale, float* y, int accumulate) {
    reduceRowBy<BLOCK>(kind, x, rows, n, piece, pieces, scale, y, accumulate);
}

template <class Join>
__device__ inline float reduceColumn(Join join, const float* x, int from, int to, int inner) {
    float result = join.none();
#pragma unroll 4
    for (int j = from; j < to; j++) {
        result = join(result, x[ROW(j, inner)]);
    }
    return result;
}

// y (outer, inner) (+)= scale * join of the middle axis of x (outer, n, inner): one thread a result, so that neighbours
// read neighbours.
KERNEL(256) reduce_columns(
    int kind, const float* x, int n, int inner, float scale, float* y, int accumulate, int count) {
    int at = blockIdx.x * blockDim.x + threadIdx.x;
    if (at >= count) {
        return;
    }
    int outer = at / inner;
    x += ROW(outer, n) * inner + (at - outer * inner);
    float result;
    switch (kind) {
        case SUM: result = reduceColumn(Sum(), x, 0, n, inner); break;
        case MAX: result = reduceColumn(Max(), x, 0, n, inner); break;
        default: result = reduceColumn(Min(), x, 0, n, inner);
    }
    put(y + at, scale * result, accumulate);
}

// The same for sums of long columns: a block has 32 columns, and 8 threads share each, which take every eighth row of a
// piece. Their 8 sums are added in order.
KERNEL(256) sum_long_columns(const float* x, int n, int inner, int piece, int pieces, float scale, float* y,
    int accumulate) {
    int across = (inner + WARP - 1) / WARP;
    int at = blockIdx.x / across;  // outer * pieces + piece
    int column = (blockIdx.x - at * across) * WARP + threadIdx.x % WARP;
    int outer = at / pieces;
    int from = (at - outer * pieces) * piece;
    int to = from + piece < n ? from + piece : n;
    float sum = 0.0f;
    if (column < inner) {
        x += ROW(outer, n) * inner + column;
#pragma unroll 4
        for (int j = from + threadIdx.x / WARP; j < to; j += BLOCK / WARP) {
            sum += x[ROW(j, inner)];
        }
    }
    sum = sumOfEight(sum);
    if (threadIdx.x < WARP && column < inner) {
        put(y + ROW(at, inner) + column, scale * sum, accumulate);
    }
}

// The axes of a sum over broadcast axes: those of the result, with their strides in x and y, and those summed over.
struct KeptAndSummed {
    int kept;
    int summed;
    int keptDims[8];
    int keptX[8];
    int keptY[8];
    int summedDims[8];
    int summedX[8];
    int offsetY;
    int terms;
};

// y[...] (+)= scale * sum x over the summed axes, any way round; a warp for each result
KERNEL(256) sum_to(const float* x, KeptAndSummed axes, float scale, float* y, int accumulate, int results) {
    int result = blockIdx.x * (BLOCK / WARP) + threadIdx.x / WARP;
    int lane = threadIdx.x % WARP;
    if (result >= results) {
        return;
    }
    long long atX = 0;
    long long atY = axes.offsetY;
    for (int axis = axes.kept - 1, i = result; axis >= 0; axis--) {
        int rest = i / axes.keptDims[axis];
        int along = i - rest * axes.keptDims[axis];
        atX += static_cast<long long>(along) * axes.keptX[axis];
        atY += static_cast<long long>(along) * axes.keptY[axis];
        i = rest;
    }
    float sum = 0.0f;
    for (int term = lane; term < axes.terms; term += WARP) {
        long long at = atX;
        for (int axis = axes.summed - 1, i = term; axis >= 0; axis--) {
            int rest = i / axes.summedDims[axis];
            at += static_cast<long long>(i - rest * axes.summedDims[axis]) * axes.summedX[axis];
            i = rest;
        }
        sum += x[at];
    }
    sum = warpSum(sum);
    if (lane == 0) {
        put(y + atY, scale * sum, accumulate);
    }
}

// Rows by number: x (outer, n, inner), y (outer, m, inner)
KERNEL(256) gather(const float* x, int n, int inner, const int* indices, int m, float* y, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= count) {
        return;
    }
    int row = i / inner;
    int outer = row / m;
    int from = indices[row - outer * m];
    y[i] = x[(static_cast<long long>(outer) * n + from) * inner + (i - row * inner)];
}

// The first stage of gather's transpose: piece p of the sorted places adds up rows of dy that go to the same row of dx,
// sums[outer, p, :] = sum over j from starts[p] to starts[p + 1] of dy[outer, places[j], :]
KERNEL(256) scatter_pieces(
    const float* dy, int m, int inner, const int* places, const int* starts, int pieces, float* sums, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= count) {
        return;
    }
    int rest = i / inner;
    int column = i - rest * inner;
    int outer = rest / pieces;
    int piece = rest - outer * pieces;
    dy += ROW(outer, m) * inner + column;
    float sum = 0.0f;
#pragma unroll 4
    for (int j = starts[piece]; j < starts[piece + 1]; j++) {
        sum += dy[ROW(places[j], inner)];
    }
    sums[i] = sum;
}

// The second stage: dx[outer, r, :] (+)= the sums of the pieces from first[r] to first[r + 1], in order
KERNEL(256) scatter_rows(
    const float* sums, int pieces, int inner, const int* first, int n, float* dx, int accumulate, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= count) {
        return;
    }
    int rest = i / inner;
    int column = i - rest * inner;
    int outer = rest / n;
    int row = rest - outer * n;
    int from = first[row];
    int to = first[row + 1];
    if (from == to && accumulate) {
        return;
    }
    float sum = 0.0f;
    for (int piece = from; piece < to; piece++) {
        sum += sums[(static_cast<long long>(outer) * pieces + piece) * inner + column];
    }
    put(dx + i, sum, accumulate);
}
