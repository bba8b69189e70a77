// Memory of the device and pinned memory of the host: both are this process's memory, between red zones.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "errors.h"

namespace emulator {

using Address = uint64_t;  // CUdeviceptr.

constexpr size_t ZONE_BYTES = 256;

class Memory {
public:
    enum Kind { DEVICE, PINNED };

    // Full of NaN. Null: there is no more.
    static void* allocate(Kind kind, size_t bytes);

    // Also when it was written past an end; then with the error.
    static Result free(Kind kind, Address at);

    // Whether all these bytes lie in one allocation.
    static bool holds(Kind kind, Address at, size_t bytes);

    // Whether the red zones of the allocation at this address, or of all, are as they were.
    static Result check(Address at, const char* after);
    static Result checkAll(const char* after);

    static void freeAll();

    static long live(Kind kind);
    static long bytes(Kind kind);
};

}  // namespace emulator
