// Rows that a group of threads goes through together: a warp of 32 for short rows, so that eight rows share a block of
// 256, or the whole block for a long one.
#pragma once

#include "gradus.cuh"

#define BLOCK 256

// The row of this thread's group, and which thread of the group it is.
template <int GROUP>
struct RowOfGroup {
    int row;
    int lane;

    __device__ inline RowOfGroup() {
        row = blockIdx.x * (BLOCK / GROUP) + threadIdx.x / GROUP;
        lane = threadIdx.x % GROUP;
    }
};

// The larger of two; NaN if either is, which fmaxf drops.
__device__ inline float larger(float a, float b) {
    return a != a ? a : b != b ? b : fmaxf(a, b);
}

__device__ inline float smaller(float a, float b) {
    return a != a ? a : b != b ? b : fminf(a, b);
}

struct Sum {
    __device__ inline float none() const { return 0.0f; }
    __device__ inline float operator()(float a, float b) const { return a + b; }
};

struct Max {
    __device__ inline float none() const { return -INFINITY; }
    __device__ inline float operator()(float a, float b) const { return larger(a, b); }
};

struct Min {
    __device__ inline float none() const { return INFINITY; }
    __device__ inline float operator()(float a, float b) const { return smaller(a, b); }
};

// Joins one value of each thread of a group, in an order that never changes: pairs of lanes 16, 8, 4, 2, 1 apart, then
// the warps one after the other. Every thread gets the result.
template <int GROUP, class Join>
__device__ inline float together(Join join, float value) {
    for (int apart = WARP / 2; apart > 0; apart /= 2) {
        value = join(value, __shfl_xor_sync(ALL_LANES, value, apart));
    }
    if (GROUP == WARP) {
        return value;
    }
    SHARED(float, parts, BLOCK / WARP);
    __syncthreads();  // what the last call left there has been read
    if (threadIdx.x % WARP == 0) {
        parts[threadIdx.x / WARP] = value;
    }
    __syncthreads();
    value = parts[0];
    for (int warp = 1; warp < BLOCK / WARP; warp++) {
        value = join(value, parts[warp]);
    }
    return value;
}

template <int GROUP>
__device__ inline float sumOf(float value) {
    return together<GROUP>(Sum(), value);
}

template <int GROUP>
__device__ inline float maxOf(float value) {
    return together<GROUP>(Max(), value);
}

// The sum of what the 8 warps of a block have for a column, one lane each; warp 0 gets it.
__device__ inline float sumOfEight(float value) {
    SHARED(float, columns, BLOCK);
    __syncthreads();
    columns[threadIdx.x] = value;
    __syncthreads();
    float sum = 0.0f;
    for (int warp = 0; warp < BLOCK / WARP; warp++) {
        sum += columns[warp * WARP + threadIdx.x % WARP];
    }
    return sum;
}
