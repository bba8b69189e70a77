// What CUDA's own words mean when a C++ compiler reads a kernel: the threads of a block are fibers of one thread of the
// processor (block.cpp), memory is this process's memory, and what a card would punish is found and said (device.h).
#pragma once

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// All of it stays inside the library: an address then costs no look-up.
#pragma GCC visibility push(hidden)

#define __global__
#define __device__
#define __host__
#define __constant__ static const
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __align__(bytes) __attribute__((aligned(bytes)))

// The most threads of a block: read from the text by who writes the registry, see registry.h.
#define KERNEL(threads) extern "C" void

#define SHARED(type, name, count)                      \
    static emulator::SharedArray name##_of_block;      \
    type(&name)[count] = *reinterpret_cast<type(*)[count]>(name##_of_block.memory(sizeof(type) * (count), #name))

#define SHARED_BY_LAUNCH(type, name) type* name = reinterpret_cast<type*>(emulator::sharedByLaunch)

// Small vectors, as CUDA lays them out.
#define EMULATED_2(type, name, bytes)                              \
    struct __align__(bytes) name##2 {                              \
        type x, y;                                                 \
    };                                                             \
    inline name##2 make_##name##2(type x, type y) { return {x, y}; }
#define EMULATED_3(type, name)                                                \
    struct name##3 {                                                          \
        type x, y, z;                                                         \
    };                                                                        \
    inline name##3 make_##name##3(type x, type y, type z) { return {x, y, z}; }
#define EMULATED_4(type, name)                                                           \
    struct __align__(16) name##4 {                                                       \
        type x, y, z, w;                                                                 \
    };                                                                                   \
    inline name##4 make_##name##4(type x, type y, type z, type w) { return {x, y, z, w}; }
EMULATED_2(float, float, 8)
EMULATED_2(int, int, 8)
EMULATED_2(unsigned, uint, 8)
EMULATED_2(double, double, 16)
EMULATED_2(long long, longlong, 16)
EMULATED_3(float, float)
EMULATED_3(int, int)
EMULATED_3(unsigned, uint)
EMULATED_4(float, float)
EMULATED_4(int, int)
EMULATED_4(unsigned, uint)

struct dim3 {
    unsigned x, y, z;
    constexpr dim3(unsigned x = 1, unsigned y = 1, unsigned z = 1) : x(x), y(y), z(z) {}
};

// Those of the thread that runs: every change of fiber writes threadIdx.
extern uint3 threadIdx;
extern uint3 blockIdx;
extern dim3 blockDim;
extern dim3 gridDim;

namespace emulator {

// The line of a kernel where a thread waits. Two threads wait at the same barrier if they wait at the same line.
struct Place {
    const char* file;
    int line;
};

// An array that a block shares. It is found anew in every launch, and lies at the same place for all its blocks.
struct SharedArray {
    long launch;
    unsigned char* found;

    unsigned char* memory(size_t bytes, const char* name);
};

extern long launch;                    // The number of this launch.
extern unsigned char* sharedByLaunch;  // Behind SHARED_BY_LAUNCH.

unsigned char* newSharedArray(size_t bytes, const char* name);

inline unsigned char* SharedArray::memory(size_t bytes, const char* name) {
    if (launch != emulator::launch) {
        found = newSharedArray(bytes, name);
        launch = emulator::launch;
    }
    return found;
}

// Waits for all threads of the block; the result is `or` of the values they bring.
int waitForBlock(int value, Place place);

// Waits for the lanes in the mask, then reads the value that lane `source` brought.
uint64_t waitForWarp(unsigned mask, uint64_t value, int source, Place place);

inline int lane() {
    return (threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z)) % 32;
}

template <typename T>
inline T shuffle(unsigned mask, T value, int source, Place place) {
    static_assert(sizeof(T) == 4 || sizeof(T) == 8, "shuffles move 4 or 8 bytes");
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof(T));
    bits = waitForWarp(mask, bits, source, place);
    memcpy(&value, &bits, sizeof(T));
    return value;
}

}  // namespace emulator

#define EMULATED_PLACE const char *file = __builtin_FILE(), int line = __builtin_LINE()

inline void __syncthreads(EMULATED_PLACE) { emulator::waitForBlock(0, {file, line}); }

inline int __syncthreads_or(int value, EMULATED_PLACE) { return emulator::waitForBlock(value != 0, {file, line}); }

inline void __syncwarp(unsigned mask = 0xffffffffu, EMULATED_PLACE) {
    emulator::waitForWarp(mask, 0, emulator::lane(), {file, line});
}

// The lanes of a warp in groups of `width`: a lane that would read behind its own group reads itself.
template <typename T>
inline T __shfl_xor_sync(unsigned mask, T value, int apart, int width = 32, EMULATED_PLACE) {
    int lane = emulator::lane(), source = lane ^ apart;
    return emulator::shuffle(mask, value, source <= (lane | (width - 1)) ? source : lane, {file, line});
}

template <typename T>
inline T __shfl_down_sync(unsigned mask, T value, unsigned apart, int width = 32, EMULATED_PLACE) {
    int lane = emulator::lane(), source = lane + static_cast<int>(apart);
    return emulator::shuffle(mask, value, source <= (lane | (width - 1)) ? source : lane, {file, line});
}

template <typename T>
inline T __shfl_up_sync(unsigned mask, T value, unsigned apart, int width = 32, EMULATED_PLACE) {
    int lane = emulator::lane(), source = lane - static_cast<int>(apart);
    return emulator::shuffle(mask, value, source >= (lane & ~(width - 1)) ? source : lane, {file, line});
}

template <typename T>
inline T __shfl_sync(unsigned mask, T value, int source, int width = 32, EMULATED_PLACE) {
    int lane = emulator::lane();
    return emulator::shuffle(mask, value, (lane & ~(width - 1)) | (source & (width - 1)), {file, line});
}

// Functions that CUDA has and the C library has not.
inline float rsqrtf(float x) { return 1.0f / sqrtf(x); }
inline double rsqrt(double x) { return 1.0 / sqrt(x); }
#ifndef __GLIBC__
inline void sincosf(float x, float* sine, float* cosine) {
    *sine = sinf(x);
    *cosine = cosf(x);
}
inline void sincos(double x, double* sine, double* cosine) {
    *sine = sin(x);
    *cosine = cos(x);
}
#endif

#define EMULATED_MIN_MAX(type)                                    \
    inline type min(type a, type b) { return b < a ? b : a; }     \
    inline type max(type a, type b) { return a < b ? b : a; }
EMULATED_MIN_MAX(int)
EMULATED_MIN_MAX(unsigned)
EMULATED_MIN_MAX(long long)
EMULATED_MIN_MAX(unsigned long long)
inline float min(float a, float b) { return fminf(a, b); }
inline float max(float a, float b) { return fmaxf(a, b); }
inline double min(double a, double b) { return fmin(a, b); }
inline double max(double a, double b) { return fmax(a, b); }

template <typename To, typename From>
inline To emulatedBits(From from) {
    static_assert(sizeof(To) == sizeof(From), "as many bits");
    To to;
    memcpy(&to, &from, sizeof(To));
    return to;
}
inline int __float_as_int(float x) { return emulatedBits<int>(x); }
inline unsigned __float_as_uint(float x) { return emulatedBits<unsigned>(x); }
inline float __int_as_float(int x) { return emulatedBits<float>(x); }
inline float __uint_as_float(unsigned x) { return emulatedBits<float>(x); }
inline long long __double_as_longlong(double x) { return emulatedBits<long long>(x); }
inline double __longlong_as_double(long long x) { return emulatedBits<double>(x); }

inline unsigned __umulhi(unsigned a, unsigned b) { return static_cast<unsigned>((1ull * a * b) >> 32); }
inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
    return static_cast<unsigned long long>((static_cast<unsigned __int128>(a) * b) >> 64);
}
inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline int __clz(int x) { return x == 0 ? 32 : __builtin_clz(static_cast<unsigned>(x)); }
inline int __ffs(int x) { return __builtin_ffs(x); }

// Rounded on their own: nvcc never makes a fused multiply-add of these.
inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fsub_rn(float a, float b) { return a - b; }
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fdiv_rn(float a, float b) { return a / b; }
inline float __fsqrt_rn(float a) { return sqrtf(a); }
inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
inline double __dadd_rn(double a, double b) { return a + b; }
inline double __dmul_rn(double a, double b) { return a * b; }
inline double __fma_rn(double a, double b, double c) { return fma(a, b, c); }

template <typename T>
inline T __ldg(const T* from) {
    return *from;
}

#pragma GCC visibility pop
