#include "device.h"

#include <stdarg.h>
#include <stdio.h>

#include <map>
#include <string>

#include "driver.h"
#include "memory.h"

namespace emulator {

Settings settings;
Result lost = SUCCESS;

namespace {

struct Failure {
    int after;
    Result error;
};

std::map<std::string, long> calls;
std::map<std::string, Failure> failures;
char complaint[1024] = "";

}  // namespace

void complain(const char* format, ...) {
    if (complaint[0] == 0) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(complaint, sizeof(complaint), format, arguments);
        va_end(arguments);
    }
}

Result refuse(Result error, const char* format, ...) {
    if (complaint[0] == 0) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(complaint, sizeof(complaint), format, arguments);
        va_end(arguments);
    }
    return error;
}

Result begin(const char* function) {
    calls[function]++;
    auto found = failures.find(function);
    if (found == failures.end() || found->second.after-- > 0) {
        return SUCCESS;
    }
    found->second.after = 0;
    if (isSticky(found->second.error)) {
        lost = found->second.error;
    }
    return found->second.error;
}

bool isSticky(Result error) {
    return error == 214 || error == 700 || error == 702 || error == 709 || error == 710
           || (error >= 714 && error <= 719);
}

}  // namespace emulator

using namespace emulator;

// What is wrong, in words; empty as long as nothing is.
EXPORTED const char* gradusEmulatorComplaint() { return complaint; }

// Forgets the complaint and the lost context, but keeps memory and settings.
EXPORTED void gradusEmulatorForgive() {
    complaint[0] = 0;
    lost = SUCCESS;
    failures.clear();
    forgetWork();
}

// The same, and all settings and counters are as at first.
EXPORTED void gradusEmulatorReset() {
    gradusEmulatorForgive();
    calls.clear();
    settings = Settings();
}

// A new machine: the same, and nothing is allocated, loaded or current.
EXPORTED void gradusEmulatorRestart() {
    gradusEmulatorReset();
    Memory::freeAll();
    forgetContexts();
}

// From now on, after so many more calls that succeed, the function gives this error at each call; 0 ends that.
EXPORTED void gradusEmulatorFail(const char* function, int afterCalls, int error) {
    if (error == 0) {
        failures.erase(function);
    } else {
        failures[function] = {afterCalls, static_cast<Result>(error)};
    }
}

// How often a function of the driver was called, by its full name.
EXPORTED long gradusEmulatorCalls(const char* function) { return calls[function]; }

EXPORTED long gradusEmulatorLaunches() { return calls["cuLaunchKernel"]; }

EXPORTED long gradusEmulatorSynchronisations() {
    return calls["cuStreamSynchronize"] + calls["cuEventSynchronize"];
}

// How many allocations of device memory, and of pinned memory, are not freed.
EXPORTED long gradusEmulatorLive() { return Memory::live(Memory::DEVICE); }
EXPORTED long gradusEmulatorPinned() { return Memory::live(Memory::PINNED); }

EXPORTED void gradusEmulatorOrder(int order) { settings.order = order; }
EXPORTED void gradusEmulatorMemory(long bytes) { settings.memory = bytes; }
EXPORTED void gradusEmulatorDevices(int count) { settings.devices = count; }
EXPORTED void gradusEmulatorDriver(int version) { settings.driver = version; }
EXPORTED void gradusEmulatorCapability(int tenfold) { settings.capability = tenfold; }
EXPORTED void gradusEmulatorComputeMode(int mode) { settings.computeMode = mode; }
EXPORTED void gradusEmulatorShared(int bytes) { settings.sharedMost = bytes; }
EXPORTED void gradusEmulatorLazy(int lazy) { settings.lazy = lazy != 0; }
EXPORTED void gradusEmulatorFence(int fence) { settings.fence = fence != 0; }
