// The shared memory of a block: full of NaN before the first thread begins, and each array with a red zone around it.
#pragma once

#include "errors.h"

namespace emulator {

// What the arrays of a kernel may take; and all its shared memory, unless it asked for more.
constexpr unsigned SHARED_MOST = 48 * 1024;

void beginLaunch(unsigned sharedBytes, unsigned sharedMost);

void beginShared();

// After a block: whether a thread wrote past the end of an array.
Result checkShared(const char* kernel);

// What the arrays of the last launch took.
unsigned sharedArrayBytes();

}  // namespace emulator
