// What the driver's files share.
#pragma once

#include <mutex>

#include "device.h"
#include "errors.h"

namespace emulator {

// The library is used by one thread at a time.
extern std::recursive_mutex turn;

extern bool initialised;

// Whether this thread may work: a context is current and not lost.
Result ready();

// The context that is current on this thread.
const void* here();

// Does the work now, or, when streams are lazy, keeps it for later.
struct Work {
    virtual ~Work() = default;
    virtual Result run() = 0;
};
Result submit(Work* work);

// Does all work that waits. An error after which nothing works stays.
Result finish();

void forgetWork();

bool isStream(void* stream);

void forgetContexts();

}  // namespace emulator

// How each function of the driver begins.
#define DRIVER(function)                                           \
    std::lock_guard<std::recursive_mutex> myTurn(emulator::turn);  \
    if (Result wanted = emulator::begin(function); wanted != SUCCESS) return wanted

// And each that needs a context.
#define IN_CONTEXT(function) \
    DRIVER(function);        \
    if (Result is = emulator::ready(); is != SUCCESS) return is
