// The functions of one element and of two, by the numbers of Java's enums UnaryFunction and BinaryFunction, whose
// documentation gives each with its derivative.
#pragma once

#include "gradus.cuh"

enum Unary {
    EXP, LOG, SQRT, SQUARE, RECIPROCAL, RSQRT, ABS, SIGN, EXPM1, LOG1P, SIN, COS, TANH, SIGMOID, RELU, GELU, GELU_TANH,
    SILU
};

enum Binary {
    ADD, SUBTRACT, MULTIPLY, DIVIDE, MAXIMUM, MINIMUM, POWER, EQUAL, LESS, LESS_OR_EQUAL, KEEP_WHERE
};

__device__ inline float sigmoid(float x) {
    return 1.0f / (1.0f + expf(-x));
}

// The normal distribution function; by erfc, whose relative error stays small where it is nearly 0.
__device__ inline float normalDistribution(float x) {
    return 0.5f * erfcf(-0.70710678118654752f * x);
}

// u of GELU's approximation by tanh, the square root of 2/pi in front.
__device__ inline float geluAngle(float x) {
    return 0.79788456080286536f * (x + 0.044715f * x * x * x);
}

// f(x). Every thread of a launch takes the same branch.
__device__ inline float value(int f, float x) {
    switch (f) {
        case EXP: return expf(x);
        case LOG: return logf(x);
        case SQRT: return sqrtf(x);
        case SQUARE: return x * x;
        case RECIPROCAL: return 1.0f / x;
        case RSQRT: return 1.0f / sqrtf(x);
        case ABS: return fabsf(x);
        case SIGN: return x > 0 ? 1.0f : x < 0 ? -1.0f : 0.0f;
        case EXPM1: return expm1f(x);
        case LOG1P: return log1pf(x);
        case SIN: return sinf(x);
        case COS: return cosf(x);
        case TANH: return tanhf(x);
        case SIGMOID: return sigmoid(x);
        case RELU: return x > 0 || x != x ? x : 0.0f;
        case GELU: return x * normalDistribution(x);
        case GELU_TANH: return 0.5f * x * (1.0f + tanhf(geluAngle(x)));
        default: return x * sigmoid(x);
    }
}

// Whether f'(x) is computed from y, which need not be read else.
__device__ inline bool slopeNeedsResult(int f) {
    return f == EXP || f == SQRT || f == RECIPROCAL || f == RSQRT || f == TANH || f == SIGMOID;
}

// f'(x), given y = f(x)
__device__ inline float slope(int f, float x, float y) {
    switch (f) {
        case EXP: return y;
        case LOG: return 1.0f / x;
        case SQRT: return 0.5f / y;
        case SQUARE: return 2.0f * x;
        case RECIPROCAL: return -y * y;
        case RSQRT: return -0.5f * y * y * y;
        case ABS: return x > 0 ? 1.0f : x < 0 ? -1.0f : 0.0f;
        case SIGN: return 0.0f;
        case EXPM1: return expf(x);
        case LOG1P: return 1.0f / (1.0f + x);
        case SIN: return cosf(x);
        case COS: return -sinf(x);
        case TANH: return 1.0f - y * y;
        case SIGMOID: return y * (1.0f - y);
        case RELU: return x > 0 ? 1.0f : 0.0f;
        case GELU: return normalDistribution(x) + x * 0.39894228040143268f * expf(-0.5f * x * x);
        case GELU_TANH: {
            float t = tanhf(geluAngle(x));
            return 0.5f * (1.0f + t)
                + 0.5f * x * (1.0f - t * t) * 0.79788456080286536f * (1.0f + 0.134145f * x * x);
        }
        default: {
            float s = sigmoid(x);
            return s * (1.0f + x * (1.0f - s));
        }
    }
}

// f(a, b)
__device__ inline float join(int f, float a, float b) {
    switch (f) {
        case ADD: return a + b;
        case SUBTRACT: return a - b;
        case MULTIPLY: return a * b;
        case DIVIDE: return a / b;
        case MAXIMUM: return a != a ? a : b != b ? b : fmaxf(a, b);
        case MINIMUM: return a != a ? a : b != b ? b : fminf(a, b);
        case POWER: return powf(a, b);
        case EQUAL: return a == b ? 1.0f : 0.0f;
        case LESS: return a < b ? 1.0f : 0.0f;
        case LESS_OR_EQUAL: return a <= b ? 1.0f : 0.0f;
        default: return b != 0 ? a : -0.0f;
    }
}

__device__ inline void put4(float4* to, float4 value, int accumulate) {
    if (accumulate) {
        float4 old = *to;
        value = make_float4(old.x + value.x, old.y + value.y, old.z + value.z, old.w + value.w);
    }
    *to = value;
}

// Two ways through the same index space, as Java's Walks has shortened them: element (i0, i1, ...) of way w lies at
// offset[w] + i0 * stride[w][0] + ...
struct TwoWays {
    int rank;
    int dims[8];
    int offset[2];
    int stride[2][8];

    // Where both ways have element number i.
    __device__ inline void places(int i, long long* at) const {
        at[0] = offset[0];
        at[1] = offset[1];
        for (int axis = rank - 1; axis >= 0; axis--) {
            int rest = i / dims[axis];
            int along = i - rest * dims[axis];
            at[0] += static_cast<long long>(along) * stride[0][axis];
            at[1] += static_cast<long long>(along) * stride[1][axis];
            i = rest;
        }
    }
};
