// One element at a time. A thread takes four neighbours, 16 bytes, the most that one load can fetch; the pool's blocks
// have room for whole groups of four.
#include "functions.cuh"
#include "gradus.cuh"

// y (+)= scale * x + shift
KERNEL(256) affine(const float4* x, float scale, float shift, float4* y, int accumulate, int groups) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= groups) {
        return;
    }
    float4 a = x[i];
    float4 result = make_float4(scale * a.x + shift, scale * a.y + shift, scale * a.z + shift, scale * a.w + shift);
    put4(y + i, result, accumulate);
}

// y = f(x)
KERNEL(256) unary(int f, const float* x, float* y, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count) {
        y[i] = value(f, x[i]);
    }
}

// dx (+)= dy * f'(x), given y = f(x) too
KERNEL(256) unary_backward(
    int f, const float* x, const float* y, const float* dy, float* dx, int accumulate, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count) {
        put(dx + i, dy[i] * slope(f, x[i], slopeNeedsResult(f) ? y[i] : 0.0f), accumulate);
    }
}

// y (+)= f(a, b), all of one length
KERNEL(256) binary(int f, const float4* a, const float4* b, float4* y, int accumulate, int groups) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= groups) {
        return;
    }
    float4 p = a[i];
    float4 q = b[i];
    put4(y + i, make_float4(join(f, p.x, q.x), join(f, p.y, q.y), join(f, p.z, q.z), join(f, p.w, q.w)), accumulate);
}

// y (+)= f(a, b), a and b walked each its own way and y in order
KERNEL(256) binary_strided(
    int f, const float* a, const float* b, float* y, int accumulate, TwoWays ways, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= count) {
        return;
    }
    long long at[2];
    ways.places(i, at);
    put(y + i, join(f, a[at[0]], b[at[1]]), accumulate);
}

// y = f(a) * b
KERNEL(256) gated(int f, const float* a, const float* b, float* y, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count) {
        y[i] = value(f, a[i]) * b[i];
    }
}

// da (+)= dy * b * f'(a), db (+)= dy * f(a); they may be one place
KERNEL(256) gated_backward(int f, const float* a, const float* b, const float* dy, float* da, int addA, float* db,
    int addB, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= count) {
        return;
    }
    float open = value(f, a[i]);
    if (da != nullptr) {
        put(da + i, dy[i] * b[i] * slope(f, a[i], open), addA);
    }
    if (db != nullptr) {
        put(db + i, dy[i] * open, addB);
    }
}

// y (+)= x / (1 - p) where number i of the generator is at least p, else 0. Number i is made from a key and i alone, by
// whole numbers, so the same elements are dropped as on the CPU:
// mix(key + (i + 1) * gamma) of SplitMix64, of which the upper 53 bits are compared with p * 2^53.
KERNEL(256) dropout(const float* x, unsigned long long key, unsigned long long least, float scale, float* y,
    int accumulate, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= count) {
        return;
    }
    unsigned long long z = key + (i + 1ull) * 0x9E3779B97F4A7C15ull;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    z = z ^ (z >> 31);
    put(y + i, (z >> 11) >= least ? x[i] * scale : 0.0f, accumulate);
}

// y[wayY(i)] (+)= scale * x[wayX(i)]
KERNEL(256) copy_strided(const float* x, float scale, float* y, int accumulate, TwoWays ways, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= count) {
        return;
    }
    long long at[2];
    ways.places(i, at);
    put(y + at[1], scale * x[at[0]], accumulate);
}
