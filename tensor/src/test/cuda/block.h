// One launch of a kernel: its blocks one after another, and in each block its threads as fibers.
#pragma once

#include "emulator.h"
#include "errors.h"

namespace emulator {

// A kernel with the arguments of one launch.
struct Call {
    virtual ~Call() = default;

    // What one thread does.
    virtual void thread() = 0;

    // Shows each argument that is a pointer.
    virtual void pointers(void (*see)(const void* pointer, void* to), void* to) const = 0;
};

struct Launch {
    const char* name;
    dim3 grid;
    dim3 block;
    unsigned sharedBytes;  // Shared memory by launch.
    unsigned sharedMost;   // What all shared memory of a block may take.
    int order;             // Of threads and blocks: 0 ascending, 1 descending, 2 shuffled, always alike.
};

Result run(const Launch& launch, Call& call);

// Ends the launch from within one of its threads; does not return.
[[noreturn]] void fail(Result error);

// "thread (1, 0, 0) of block (2, 0, 0) of softmax"
const char* whoRuns();

bool aKernelRuns();

}  // namespace emulator
