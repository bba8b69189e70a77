// Fibers: several flows of one thread of the processor, each with a stack of its own, that change over by their own
// will.
#pragma once

namespace emulator {

// Stops the fiber that runs, remembering in *from where it stood, and goes on with another.
void change(void** from, void* to);

// A fiber that begins with `body`, which never returns. Its stack comes from a pool.
void* newFiber(void (*body)());

// The stack goes back to the pool; `within` is any place on it. Its own fiber may call this as its last deed.
void giveBackFiber(void* within);

// Whether a fiber has written past the end of this stack.
bool isOverflowed(void* within);

// All stacks are free again, whatever stood on them.
void forgetFibers();

constexpr int STACK_BYTES = 64 * 1024;
#define STACK_OVERFLOWED "%s: the local variables of a thread take more than %d bytes"

}  // namespace emulator
