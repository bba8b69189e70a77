// Two patterns: what fresh memory holds, and what the red zones around it hold. As numbers, both are NaN.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

namespace emulator {

// Byte by byte a word that repeats, wherever `at` begins.
inline void fill(unsigned char* at, size_t bytes, uint32_t word) {
    size_t whole = bytes / 4;
    for (size_t i = 0; i < whole; i++) {
        memcpy(at + 4 * i, &word, 4);
    }
    memcpy(at + 4 * whole, &word, bytes % 4);
}

inline void poison(unsigned char* at, size_t bytes) { fill(at, bytes, 0x7fffffffu); }

inline void mark(unsigned char* at, size_t bytes) { fill(at, bytes, 0x7fbadbadu); }

inline bool isMarked(const unsigned char* at, size_t bytes) {
    uint32_t word = 0x7fbadbadu, wrong = 0;
    size_t whole = bytes / 4;
    for (size_t i = 0; i < whole; i++) {
        uint32_t there;
        memcpy(&there, at + 4 * i, 4);
        wrong |= there ^ word;
    }
    return wrong == 0 && memcmp(at + 4 * whole, &word, bytes % 4) == 0;
}

}  // namespace emulator
