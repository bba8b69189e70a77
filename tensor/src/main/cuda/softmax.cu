// Softmax of rows, y = exp(x - max) / sum exp(x - max), and its logarithm, y = x - logsumexp(x). A row is read three
// times, for its largest element, for the sum and for the result; the second and third time it comes from a cache.
#include "rows.cuh"

// The largest element of a row, and the sum of exp(x - max). Of a row of -infinity the sum is 0.
template <int GROUP>
__device__ inline void maxAndSum(const float* x, int lane, int columns, float* max, float* sum) {
    float largest = -INFINITY;
    for (int i = lane; i < columns; i += GROUP) {
        largest = larger(largest, x[i]);
    }
    largest = maxOf<GROUP>(largest);
    float total = 0.0f;
    for (int i = lane; i < columns; i += GROUP) {
        total += largest == -INFINITY ? 0.0f : expf(x[i] - largest);
    }
    *max = largest;
    *sum = sumOf<GROUP>(total);
}

template <int GROUP>
__device__ inline void softmaxRow(const float* x, int rows, int columns, float* y) {
    RowOfGroup<GROUP> at;
    if (at.row >= rows) {
        return;
    }
    x += ROW(at.row, columns);
    y += ROW(at.row, columns);
    float max, sum;
    maxAndSum<GROUP>(x, at.lane, columns, &max, &sum);
    for (int i = at.lane; i < columns; i += GROUP) {
        y[i] = sum == 0.0f ? 0.0f : expf(x[i] - max) / sum;
    }
}

KERNEL(256) softmax_short(const float* x, int rows, int columns, float* y) { softmaxRow<WARP>(x, rows, columns, y); }
KERNEL(256) softmax_long(const float* x, int rows, int columns, float* y) { softmaxRow<BLOCK>(x, rows, columns, y); }

// dx (+)= y * (dy - sum y * dy)
template <int GROUP>
__device__ inline void softmaxBackwardRow(
    const float* y, const float* dy, int rows, int columns, float* dx, int accumulate) {
    RowOfGroup<GROUP> at;
    if (at.row >= rows) {
        return;
    }
    long long row = ROW(at.row, columns);
    float dot = 0.0f;
    for (int i = at.lane; i < columns; i += GROUP) {
        dot += y[row + i] * dy[row + i];
    }
    dot = sumOf<GROUP>(dot);
    for (int i = at.lane; i < columns; i += GROUP) {
        put(dx + row + i, y[row + i] * (dy[row + i] - dot), accumulate);
    }
}

KERNEL(256) softmax_backward_short(const float* y, const float* dy, int rows, int columns, float* dx, int accumulate) {
    softmaxBackwardRow<WARP>(y, dy, rows, columns, dx, accumulate);
}

KERNEL(256) softmax_backward_long(const float* y, const float* dy, int rows, int columns, float* dx, int accumulate) {
    softmaxBackwardRow<BLOCK>(y, dy, rows, columns, dx, accumulate);
}

template <int GROUP>
__device__ inline void logSoftmaxRow(const float* x, int rows, int columns, float* y) {
    RowOfGroup<GROUP> at;
    if (at.row >= rows) {
        return;
    }
    x += ROW(at.row, columns);
    y += ROW(at.row, columns);
    float max, sum;
    maxAndSum<GROUP>(x, at.lane, columns, &max, &sum);
    float log = logf(sum);
    for (int i = at.lane; i < columns; i += GROUP) {
        y[i] = sum == 0.0f ? -INFINITY : (x[i] - max) - log;
    }
}

KERNEL(256) log_softmax_short(const float* x, int rows, int columns, float* y) {
    logSoftmaxRow<WARP>(x, rows, columns, y);
}

KERNEL(256) log_softmax_long(const float* x, int rows, int columns, float* y) {
    logSoftmaxRow<BLOCK>(x, rows, columns, y);
}

// dx (+)= dy - exp(y) * sum dy
template <int GROUP>
__device__ inline void logSoftmaxBackwardRow(
    const float* y, const float* dy, int rows, int columns, float* dx, int accumulate) {
    RowOfGroup<GROUP> at;
    if (at.row >= rows) {
        return;
    }
    long long row = ROW(at.row, columns);
    float sum = 0.0f;
    for (int i = at.lane; i < columns; i += GROUP) {
        sum += dy[row + i];
    }
    sum = sumOf<GROUP>(sum);
    for (int i = at.lane; i < columns; i += GROUP) {
        put(dx + row + i, dy[row + i] - expf(y[row + i]) * sum, accumulate);
    }
}

KERNEL(256) log_softmax_backward_short(
    const float* y, const float* dy, int rows, int columns, float* dx, int accumulate) {
    logSoftmaxBackwardRow<WARP>(y, dy, rows, columns, dx, accumulate);
}

KERNEL(256) log_softmax_backward_long(
    const float* y, const float* dy, int rows, int columns, float* dx, int accumulate) {
    logSoftmaxBackwardRow<BLOCK>(y, dy, rows, columns, dx, accumulate);
}

// loss = lse - (1 - e) * x[target] - e * mean(x), lse = logsumexp(x); both 0 where the target is the ignored class
template <int GROUP>
__device__ inline void crossEntropyRow(const float* x, int rows, int columns, const int* targets, int ignored,
    float smoothing, float* losses, float* lses) {
    RowOfGroup<GROUP> at;
    if (at.row >= rows) {
        return;
    }
    int target = targets[at.row];
    if (target == ignored) {
        losses[at.row] = 0.0f;
        lses[at.row] = 0.0f;
        return;
    }
    x += ROW(at.row, columns);
    float max, sum;
    maxAndSum<GROUP>(x, at.lane, columns, &max, &sum);
    float lse = max + logf(sum);
    float mean = 0.0f;
    if (smoothing != 0.0f) {
        for (int i = at.lane; i < columns; i += GROUP) {
            mean += x[i];
        }
        mean = sumOf<GROUP>(mean) / columns;
    }
    if (at.lane == 0) {
        losses[at.row] = lse - (1.0f - smoothing) * x[target] - (smoothing == 0.0f ? 0.0f : smoothing * mean);
        lses[at.row] = lse;
    }
}

KERNEL(256) cross_entropy_short(const float* x, int rows, int columns, const int* targets, int ignored,
    float smoothing, float* losses, float* lses) {
    crossEntropyRow<WARP>(x, rows, columns, targets, ignored, smoothing, losses, lses);
}

KERNEL(256) cross_entropy_long(const float* x, int rows, int columns, const int* targets, int ignored,
    float smoothing, float* losses, float* lses) {
    crossEntropyRow<BLOCK>(x, rows, columns, targets, ignored, smoothing, losses, lses);
}

// dx (+)= dloss * (exp(x - lse) - (1 - e) * [i = target] - e / V), nothing or 0 in ignored rows; one thread an element
KERNEL(256) cross_entropy_backward(const float* x, int columns, const int* targets, int ignored, float smoothing,
    const float* lses, const float* dlosses, float* dx, int accumulate, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= count) {
        return;
    }
    int row = i / columns;
    int target = targets[row];
    float slope = 0.0f;
    if (target != ignored) {
        float wanted = (i - row * columns == target ? 1.0f - smoothing : 0.0f) + smoothing / columns;
        slope = dlosses[row] * (expf(x[i] - lses[row]) - wanted);
    }
    put(dx + i, slope, accumulate);
}
