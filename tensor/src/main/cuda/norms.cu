// Normalisation of rows. LayerNorm: y = xhat * gain + bias, xhat = (x - mean) * rstd, rstd = 1 / sqrt(variance + eps).
// RMSNorm: y = x * rstd * gain, rstd = 1 / sqrt(mean(x * x) + eps).
#include "rows.cuh"

template <int GROUP>
__device__ inline void layerNormRow(const float* x, const float* gain, const float* bias, float eps, int rows,
    int columns, float* y, float* means, float* rstds) {
    RowOfGroup<GROUP> at;
    if (at.row >= rows) {
        return;
    }
    x += ROW(at.row, columns);
    y += ROW(at.row, columns);
    float sum = 0.0f;
    for (int i = at.lane; i < columns; i += GROUP) {
        sum += x[i];
    }
    float mean = sumOf<GROUP>(sum) / columns;
    float squares = 0.0f;  // of the differences: mean(x * x) - mean * mean would lose digits
    for (int i = at.lane; i < columns; i += GROUP) {
        squares += (x[i] - mean) * (x[i] - mean);
    }
    float rstd = 1.0f / sqrtf(sumOf<GROUP>(squares) / columns + eps);
    for (int i = at.lane; i < columns; i += GROUP) {
        float xhat = (x[i] - mean) * rstd;
        y[i] = (gain == nullptr ? xhat : xhat * gain[i]) + (bias == nullptr ? 0.0f : bias[i]);
    }
    if (at.lane == 0) {
        means[at.row] = mean;
        rstds[at.row] = rstd;
    }
}

KERNEL(256) layer_norm_short(const float* x, const float* gain, const float* bias, float eps, int rows, int columns,
    float* y, float* means, float* rstds) {
    layerNormRow<WARP>(x, gain, bias, eps, rows, columns, y, means, rstds);
}

KERNEL(256) layer_norm_long(const float* x, const float* gain, const float* bias, float eps, int rows, int columns,
    float* y, float* means, float* rstds) {
    layerNormRow<BLOCK>(x, gain, bias, eps, rows, columns, y, means, rstds);
}

template <int GROUP>
__device__ inline void rmsNormRow(
    const float* x, const float* gain, float eps, int rows, int columns, float* y, float* rstds) {
    RowOfGroup<GROUP> at;
    if (at.row >= rows) {
        return;
    }
    x += ROW(at.row, columns);
    y += ROW(at.row, columns);
    float squares = 0.0f;
    for (int i = at.lane; i < columns; i += GROUP) {
        squares += x[i] * x[i];
    }
    float rstd = 1.0f / sqrtf(sumOf<GROUP>(squares) / columns + eps);
    for (int i = at.lane; i < columns; i += GROUP) {
        y[i] = gain == nullptr ? x[i] * rstd : x[i] * rstd * gain[i];
    }
    if (at.lane == 0) {
        rstds[at.row] = rstd;
    }
}

KERNEL(256) rms_norm_short(
    const float* x, const float* gain, float eps, int rows, int columns, float* y, float* rstds) {
    rmsNormRow<WARP>(x, gain, eps, rows, columns, y, rstds);
}

KERNEL(256) rms_norm_long(
    const float* x, const float* gain, float eps, int rows, int columns, float* y, float* rstds) {
    rmsNormRow<BLOCK>(x, gain, eps, rows, columns, y, rstds);
}

// dx (+)= rstd * (g - mean(g) - xhat * mean(g * xhat)), g = dy * gain. RMSNorm has no means and no mean(g).
template <int GROUP>
__device__ inline void normBackwardRow(const float* x, const float* gain, const float* means, const float* rstds,
    const float* dy, int rows, int columns, float* dx, int accumulate) {
    RowOfGroup<GROUP> at;
    if (at.row >= rows) {
        return;
    }
    long long row = ROW(at.row, columns);
    float mean = means == nullptr ? 0.0f : means[at.row];
    float rstd = rstds[at.row];
    float sum = 0.0f;
    float dot = 0.0f;
    for (int i = at.lane; i < columns; i += GROUP) {
        float g = gain == nullptr ? dy[row + i] : dy[row + i] * gain[i];
        sum += g;
        dot += g * ((x[row + i] - mean) * rstd);
    }
    sum = means == nullptr ? 0.0f : sumOf<GROUP>(sum) / columns;
    dot = sumOf<GROUP>(dot) / columns;
    for (int i = at.lane; i < columns; i += GROUP) {
        float g = gain == nullptr ? dy[row + i] : dy[row + i] * gain[i];
        float xhat = (x[row + i] - mean) * rstd;
        put(dx + row + i, rstd * (g - sum - xhat * dot), accumulate);
    }
}

KERNEL(256) norm_backward_short(const float* x, const float* gain, const float* means, const float* rstds,
    const float* dy, int rows, int columns, float* dx, int accumulate) {
    normBackwardRow<WARP>(x, gain, means, rstds, dy, rows, columns, dx, accumulate);
}

KERNEL(256) norm_backward_long(const float* x, const float* gain, const float* means, const float* rstds,
    const float* dy, int rows, int columns, float* dx, int accumulate) {
    normBackwardRow<BLOCK>(x, gain, means, rstds, dy, rows, columns, dx, accumulate);
}

// The parts of dgain = sum dy * xhat and of dbias = sum dy that each piece of so many rows adds, (pieces, columns). A
// block has 32 columns of a piece, and 8 threads share each, which take every eighth row. `sum_long_columns` adds the
// pieces up.
KERNEL(256) norm_gains(const float* x, const float* means, const float* rstds, const float* dy, int rows, int columns,
    int piece, float* gains, float* biases) {
    int across = (columns + WARP - 1) / WARP;
    int at = blockIdx.x / across;
    int column = (blockIdx.x - at * across) * WARP + threadIdx.x % WARP;
    int from = at * piece;
    int to = from + piece < rows ? from + piece : rows;
    float gain = 0.0f;
    float bias = 0.0f;
    if (column < columns) {
#pragma unroll 4
        for (int row = from + threadIdx.x / WARP; row < to; row += BLOCK / WARP) {
            long long i = ROW(row, columns) + column;
            float mean = means == nullptr ? 0.0f : means[row];
            gain += dy[i] * ((x[i] - mean) * rstds[row]);
            bias += dy[i];
        }
    }
    gain = sumOfEight(gain);
    bias = sumOfEight(bias);
    if (threadIdx.x < WARP && column < columns) {
        if (gains != nullptr) {
            gains[ROW(at, columns) + column] = gain;
        }
        if (biases != nullptr) {
            biases[ROW(at, columns) + column] = bias;
        }
    }
}
