// The device that is emulated: what it is, what has happened to it, and how a test changes it.
#pragma once

#include "errors.h"

// What Java sees of the library.
#define EXPORTED extern "C" __attribute__((visibility("default")))

namespace emulator {

struct Settings {
    int devices = 1;
    int driver = 13000;    // CUDA 13.0.
    int capability = 75;   // sm_75.
    int computeMode = 0;   // 0 default, 2 prohibited, 3 exclusive, and another process has it.
    int sharedMost = 64 * 1024;  // Of a block, when a kernel asks for it.
    long memory = 1l << 30;
    int order = 0;    // Of threads and blocks.
    bool lazy = false;   // Work waits in the stream until somebody waits for it.
    bool fence = false;  // A page that nobody may touch behind each allocation.
};

extern Settings settings;

// Counts a call of a driver's function, and says whether a test wants this one to fail.
Result begin(const char* function);

// An error after which nothing works any more.
bool isSticky(Result error);

// Why the context is lost; SUCCESS as long as it is not.
extern Result lost;

}  // namespace emulator
