// Rotary embedding: the pair (a, b) of channels of every head becomes (a cos t - b sin t, a sin t + b cos t), t the
// angle of the row's position.
#include "gradus.cuh"

// One thread a pair; `apart` is how far b stands behind a, `step` from one pair's a to the next one's.
KERNEL(256) rotate(const float* x, const float* cos, const float* sin, const int* positions, int positionCount,
    int heads, int headDim, int step, int apart, float direction, float* y, int accumulate, int pairs) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= pairs) {
        return;
    }
    int half = headDim / 2;
    int head = i / half;
    int pair = i - head * half;
    int row = head / heads;
    long long angle = ROW(positions[row % positionCount], half) + pair;
    float c = cos[angle];
    float s = direction * sin[angle];
    long long at = ROW(head, headDim) + pair * step;
    float a = x[at];
    float b = x[at + apart];
    put(y + at, a * c - b * s, accumulate);
    put(y + at + apart, a * s + b * c, accumulate);
}
