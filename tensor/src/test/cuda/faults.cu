// Kernels with a mistake each, which the emulated device must find; and a few without, which it must leave alone.
#include "gradus.cuh"

// y = the sums of 256 values each, in shared memory: right.
KERNEL(256) sumRight(const float* x, float* y) {
    SHARED(float, part, 256);
    int t = threadIdx.x;
    part[t] = x[ROW(blockIdx.x, 256) + t];
    __syncthreads();
    for (int apart = 128; apart > 0; apart /= 2) {
        if (t < apart) {
            part[t] += part[t + apart];
        }
        __syncthreads();
    }
    if (t == 0) {
        y[blockIdx.x] = part[0];
    }
}

// Reads what other threads have not written yet.
KERNEL(256) missingBarrier(const float* x, float* y) {
    SHARED(float, part, 256);
    int t = threadIdx.x;
    part[t] = x[t];
    y[t] = part[255 - t];
}

KERNEL(256) divergentBarrier(float* y) {
    int t = threadIdx.x;
    if (t % 2 == 0) {
        __syncthreads();
    } else {
        y[t] = 1;
        __syncthreads();
    }
}

KERNEL(256) leavesBeforeBarrier(float* y, int n) {
    int t = threadIdx.x;
    if (t >= n) {
        return;
    }
    y[t] = 1;
    __syncthreads();
}

// A lane that takes no part in the sum of its warp.
KERNEL(256) divergentShuffle(float* y, int n) {
    int t = threadIdx.x;
    if (t < n) {
        y[t] = warpSum(1);
    }
}

KERNEL(256) storePast(float* y, int at) {
    if (threadIdx.x == 3) {
        y[at] = 1;
    }
}

KERNEL(256) readPast(const float* x, int at, float* y) { y[threadIdx.x] = x[at + static_cast<int>(threadIdx.x)]; }

KERNEL(256) storePastShared(float* y) {
    SHARED(float, first, 100);
    SHARED(float, second, 100);
    int t = threadIdx.x;
    if (t <= 100) {
        first[t + 0 * y[0] > -1 ? t : 0] = 1;
    }
    second[t % 100] = 2;
    __syncthreads();
    y[t] = second[0];
}

KERNEL(256) tooMuchShared(float* y) {
    SHARED(float, first, 12000);
    SHARED(float, second, 300);
    first[threadIdx.x] = second[threadIdx.x] = 0;
    y[threadIdx.x] = first[0] + second[0];
}

// Each thread adds to the same place: what remains depends on who comes last.
KERNEL(256) race(float* y) {
    SHARED(float, last, 1);
    last[0] = static_cast<float>(threadIdx.x);
    __syncthreads();
    y[threadIdx.x] = last[0];
}

KERNEL(64) readsUnwrittenShared(float* y) {
    SHARED(float, part, 64);
    if (threadIdx.x != 7) {
        part[threadIdx.x] = 1;
    }
    __syncthreads();
    y[threadIdx.x] = part[threadIdx.x];
}

// Shared memory by launch: right.
KERNEL(256) reverse(const float* x, float* y, int n) {
    SHARED_BY_LAUNCH(float, all);
    for (int i = threadIdx.x; i < n; i += blockDim.x) {
        all[i] = x[i];
    }
    __syncthreads();
    for (int i = threadIdx.x; i < n; i += blockDim.x) {
        y[i] = all[n - 1 - i];
    }
}

KERNEL(256) misaligned(const float* x, float* y) {
    const float4* four = reinterpret_cast<const float4*>(x + 1);
    float4 v = four[threadIdx.x];
    reinterpret_cast<float4*>(y)[threadIdx.x] = v;
}

KERNEL(256) deep(float* y, int n) {
    volatile float much[20000];
    for (int i = 0; i < n; i++) {
        much[i] = static_cast<float>(i);
    }
    __syncthreads();
    y[threadIdx.x] = much[n - 1];
}

// Every kind of parameter.
struct Pair {
    const float* a;
    int b;
};
KERNEL(32) parameters(Pair pair, long long l, unsigned long long u, double d, float f, int i, float* y) {
    if (threadIdx.x == 0) {
        y[0] = pair.a[pair.b];
        y[1] = static_cast<float>(l);
        y[2] = static_cast<float>(u);
        y[3] = static_cast<float>(d);
        y[4] = f;
        y[5] = static_cast<float>(i);
    }
}

// Every shuffle of a warp, in groups of 8 too: right.
KERNEL(64) shuffles(float* y) {
    int t = threadIdx.x;
    y[t] = __shfl_xor_sync(ALL_LANES, static_cast<float>(t), 5);
    y[64 + t] = static_cast<float>(__shfl_down_sync(ALL_LANES, t, 3));
    y[128 + t] = static_cast<float>(__shfl_sync(ALL_LANES, static_cast<double>(t), 2, 8));
    y[192 + t] = __shfl_xor_sync(ALL_LANES, static_cast<float>(t), 8, 8);
    __syncwarp();
    y[256 + t] = warpSum(static_cast<float>(t));
    y[320 + t] = static_cast<float>(__syncthreads_or(t == 63 ? 2 : 0));
}

// What barriers and shuffles cost.
KERNEL(256) manyBarriers(float* y, int n) {
    float sum = 0;
    for (int i = 0; i < n; i++) {
        sum += 1;
        __syncthreads();
    }
    y[threadIdx.x] = sum;
}

KERNEL(256) manyShuffles(float* y, int n) {
    float sum = threadIdx.x;
    for (int i = 0; i < n; i++) {
        sum = __shfl_xor_sync(ALL_LANES, sum, 1);
    }
    y[threadIdx.x] = sum;
}
