// The shared memory of a block: full of NaN before the first thread begins, and each array with a red zone around it.
#pragma once

#include "errors.h"

namespace emulator {

constexpr unsigned SHARED_MOST = 48 * 1024;  // Without asking for more: of arrays always, of a launch unless it was asked.

void beginLaunch(unsigned sharedBytes, unsigned sharedMost);

void beginShared();

// After a block: whether a thread wrote past the end of an array.
Result checkShared(const char* kernel);

// What the arrays of the last launch took.
unsigned sharedArrayBytes();

}  // namespace emulator
