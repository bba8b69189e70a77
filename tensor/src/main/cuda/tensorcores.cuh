// A card's units for products of small matrices, from Ampere on: one instruction of a warp multiplies 16 x 8 by 8 x 8
// numbers and adds to 16 x 8. Its inputs are TF32: float32 with 10 bits of fraction in place of 23. The sums are
// float32.
#pragma once

#include "gradus.cuh"

// Rounds to TF32: to the nearest, halves away from zero.
__device__ inline unsigned tf32(float x) {
#ifdef __CUDACC__
    unsigned bits;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(x));
    return bits;
#else
    unsigned bits;
    memcpy(&bits, &x, 4);
    return (bits & 0x7f800000u) == 0x7f800000u ? bits : (bits + 0x1000u) & ~0x1fffu;
#endif
}

// c += a * b. With g = lane / 4 and t = lane % 4 a lane holds of a the elements (g, t), (g + 8, t), (g, t + 4) and
// (g + 8, t + 4), of b the elements (t, g) and (t + 4, g), of c (g, 2t), (g, 2t + 1), (g + 8, 2t) and (g + 8, 2t + 1).
__device__ inline void multiplyTile(float* c, const unsigned* a, const unsigned* b) {
#ifdef __CUDACC__
    asm("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 "
        "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#else
    float x[4], y[2];
    memcpy(x, a, 16);
    memcpy(y, b, 8);
    int g = threadIdx.x % WARP / 4;
    int t = threadIdx.x % 4;
    for (int k = 0; k < 8; k++) {
        float upper = __shfl_sync(ALL_LANES, x[k / 4 * 2], 4 * g + k % 4);
        float lower = __shfl_sync(ALL_LANES, x[k / 4 * 2 + 1], 4 * g + k % 4);
        float left = __shfl_sync(ALL_LANES, y[k / 4], 4 * (2 * t) + k % 4);
        float right = __shfl_sync(ALL_LANES, y[k / 4], 4 * (2 * t + 1) + k % 4);
        c[0] += upper * left;
        c[1] += upper * right;
        c[2] += lower * left;
        c[3] += lower * right;
    }
#endif
}

// Copies up to four floats from global to shared memory, zeros for those that do not exist, without a register on the
// way and without waiting: `arrived` waits.
__device__ inline void copyAside(float* shared, const float* global, int exist) {
    exist = exist < 0 ? 0 : exist > 4 ? 4 : exist;
#ifdef __CUDACC__
    unsigned to = static_cast<unsigned>(__cvta_generic_to_shared(shared));
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(to), "l"(global), "r"(4 * exist));
#else
    for (int i = 0; i < 4; i++) {
        shared[i] = i < exist ? global[i] : 0.0f;
    }
#endif
}

// Ends a group of copies.
__device__ inline void groupOfCopies() {
#ifdef __CUDACC__
    asm volatile("cp.async.commit_group;");
#endif
}

// Waits until all groups of this thread's copies but the last LEFT have arrived.
template <int LEFT>
__device__ inline void arrived() {
#ifdef __CUDACC__
    asm volatile("cp.async.wait_group %0;" ::"n"(LEFT));
#endif
}
