// Decodes a quantised matrix: the element with code q, in a block with scale d, is d * levels[q].
//
// Codes and scales lie on the card as they are stored: of nf4 nearly 8 times as many elements come from memory in
// the same time as of float32. What is decoded here is a strip that a product reads next, from the cache.
//
// The host decodes in the same steps. No multiplication and addition may become one that rounds once, which nvcc likes
// to do: hence __fmul_rn and __fadd_rn.
#include "gradus.cuh"

// Where a block of n elements keeps the code of element i; in the order of CodeTable.Packing.
enum { BYTES, PAIRS, HALVES };

// How scales are stored.
enum { FLOATS, FLOAT16, NESTED };

struct Quantized {
    const unsigned char* codes;
    const float* levels;
    const void* scales;         // one for each block; nested ones are bytes q, of which
    const float* scaleLevels;   // scale = scaleLevels[q] * absmax[block / 256] + offset
    const float* absmax;
    int kind;                   // of the scales
    float offset;
    int packing;
    int blockSize;              // elements of a block
    int blockBytes;             // bytes of their codes
    int columns;                // blocks are counted along the rows, one row after the other
};

// A float16 has 5 bits of exponent and 10 of fraction. Put where a float32 has them, they mean a number 2^112 times too
// small, whether it is denormal or not; only infinity and NaN have an exponent of their own.
__device__ inline float float16(unsigned bits) {
    unsigned number = (bits & 0x7fff) << 13;
    float magnitude = (bits & 0x7c00) == 0x7c00 ? __uint_as_float(number | 0x7f800000)
                                                : __uint_as_float(number) * 5.192296858534828e33f;  // 2^112
    return bits & 0x8000 ? -magnitude : magnitude;
}

__device__ inline float scaleOf(const Quantized& q, int block) {
    if (q.kind == FLOATS) {
        return static_cast<const float*>(q.scales)[block];
    }
    if (q.kind == FLOAT16) {
        return float16(static_cast<const unsigned short*>(q.scales)[block]);
    }
    int code = static_cast<const unsigned char*>(q.scales)[block];
    return __fadd_rn(__fmul_rn(q.scaleLevels[code], q.absmax[block / 256]), q.offset);
}

__device__ inline int codeOf(const Quantized& q, int block, int i) {
    const unsigned char* codes = q.codes + ROW(block, q.blockBytes);
    if (q.packing == BYTES) {
        return codes[i];
    }
    if (q.packing == PAIRS) {
        return i % 2 == 0 ? codes[i / 2] >> 4 : codes[i / 2] & 15;
    }
    int half = q.blockSize / 2;
    return i < half ? codes[i] & 15 : codes[i - half] >> 4;
}

// A window of the matrix, `width` columns wide: one thread an element.
KERNEL(256) dequantize(Quantized q, int fromRow, int fromColumn, int width, int count, float* to) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= count) {
        return;
    }
    int row = i / width;
    int element = (fromRow + row) * q.columns + fromColumn + i - row * width;
    int block = element / q.blockSize;
    to[i] = __fmul_rn(scaleOf(q, block), q.levels[codeOf(q, block, element - block * q.blockSize)]);
}
