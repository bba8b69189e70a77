// One pass over all parameters of a model. They are cut into pieces of 16,384 elements, a block each: most parameters
// are small, and a launch for each would cost more than its work.
#include "gradus.cuh"

#define PIECE 16384
#define THREADS 256

// A piece: which buffer it is of, and where it begins there.
struct Piece {
    int buffer;
    int start;
};

// The element after a piece's last.
__device__ inline int endOf(Piece piece, const int* lengths) {
    return min(piece.start + PIECE, lengths[piece.buffer]);
}

// The sum of one number from each thread of the block, the same in each of them: halves are added to halves.
__device__ inline double sumOfBlock(double mine) {
    SHARED(double, parts, THREADS);
    parts[threadIdx.x] = mine;
    for (int half = THREADS / 2; half > 0; half /= 2) {
        __syncthreads();
        if (static_cast<int>(threadIdx.x) < half) {
            parts[threadIdx.x] += parts[threadIdx.x + half];
        }
    }
    __syncthreads();
    return parts[0];
}

// sums[p] = sum x * x over piece p, in double: 24 bits of 10 million squares would not be enough
KERNEL(256) sum_of_squares(const float* const* xs, const int* lengths, const Piece* pieces, double* sums) {
    Piece piece = pieces[blockIdx.x];
    const float* x = xs[piece.buffer];
    int to = endOf(piece, lengths);
    double sum = 0.0;
    for (int i = piece.start + threadIdx.x; i < to; i += THREADS) {
        double value = x[i];
        sum += value * value;
    }
    sum = sumOfBlock(sum);
    if (threadIdx.x == 0) {
        sums[blockIdx.x] = sum;
    }
}

// sums[count] = sums[0] + sums[1] + ..., by one block
KERNEL(256) sum_of_sums(double* sums, int count) {
    double sum = 0.0;
    for (int i = threadIdx.x; i < count; i += THREADS) {
        sum += sums[i];
    }
    sum = sumOfBlock(sum);
    if (threadIdx.x == 0) {
        sums[count] = sum;
    }
}

// x = factor * x
KERNEL(256) scale_all(float* const* xs, const int* lengths, const Piece* pieces, float factor) {
    Piece piece = pieces[blockIdx.x];
    float* x = xs[piece.buffer];
    int to = endOf(piece, lengths);
    for (int i = piece.start + threadIdx.x; i < to; i += THREADS) {
        x[i] *= factor;
    }
}

// A parameter, its gradient and what AdamW remembers of it, with the numbers of its step.
struct AdamWUpdate {
    float* parameter;
    const float* gradient;
    float* m;
    float* v;
    float beta1, rest1;  // rest = 1 - beta, rounded once
    float beta2, rest2;
    float eps;
    float rate;          // lr / (1 - beta1^t)
    float root;          // 1 / sqrt(1 - beta2^t)
    float keep;          // 1 - lr * lambda
};

// m = beta1 * m + (1 - beta1) * g;  v = beta2 * v + (1 - beta2) * g * g;
// p = keep * p - rate * m / (sqrt(v) * root + eps)
KERNEL(256) adamw(const AdamWUpdate* updates, const int* lengths, const Piece* pieces) {
    Piece piece = pieces[blockIdx.x];
    AdamWUpdate u = updates[piece.buffer];
    int to = endOf(piece, lengths);
#pragma unroll 4
    for (int i = piece.start + threadIdx.x; i < to; i += THREADS) {
        float g = u.gradient[i];
        float m = u.m[i] * u.beta1 + g * u.rest1;
        float v = u.v[i] * u.beta2 + g * g * u.rest2;
        u.m[i] = m;
        u.v[i] = v;
        u.parameter[i] = u.parameter[i] * u.keep - u.rate * (m / (sqrtf(v) * u.root + u.eps));
    }
}
