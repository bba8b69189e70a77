// What every kernel here shares. The same text is compiled twice: by nvcc for a card, and by a C++ compiler for the
// emulated device of the tests, whose header stands in for CUDA's own words.
#pragma once

#ifndef __CUDACC__
#include "emulator.h"
#endif

// A kernel, called by its name from Java, whose blocks have at most so many threads. At least 512 threads are to run at
// the same time on a multiprocessor, whose 65,536 registers leave 128 for each.
#ifdef __CUDACC__
#define KERNEL(threads) extern "C" __global__ void __launch_bounds__(threads, 512 / (threads))
#endif

// An array of `count` elements that the threads of a block share.
#ifdef __CUDACC__
#define SHARED(type, name, count) __shared__ __align__(16) type name[count]
#endif

// Shared memory whose size the launch gives, for more than the 48 KB that an array may have.
#ifdef __CUDACC__
#define SHARED_BY_LAUNCH(type, name)                        \
    extern __shared__ __align__(16) unsigned char memory[]; \
    type* name = reinterpret_cast<type*>(memory)
#endif

#define ALL_LANES 0xffffffffu
#define WARP 32

// Where a row begins: 64 bits, as a tensor may have more than 2^31 elements between its first row and its last.
#define ROW(row, stride) (static_cast<long long>(row) * (stride))

// The sum over the 32 threads of a warp, the same in each of them: added in pairs 16, 8, 4, 2 and 1 apart, always in
// this order.
__device__ inline float warpSum(float value) {
    for (int apart = WARP / 2; apart > 0; apart /= 2) {
        value += __shfl_xor_sync(ALL_LANES, value, apart);
    }
    return value;
}

__device__ inline float warpMax(float value) {
    for (int apart = WARP / 2; apart > 0; apart /= 2) {
        value = fmaxf(value, __shfl_xor_sync(ALL_LANES, value, apart));
    }
    return value;
}

// A result of a backward: added to what is there, or written over it.
__device__ inline void put(float* to, float value, int accumulate) {
    *to = accumulate ? *to + value : value;
}
