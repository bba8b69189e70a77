// The driver's error codes that are used here, and what else a user of the emulator reads of an error.
#pragma once

namespace emulator {

enum Result {
    SUCCESS = 0,
    INVALID_VALUE = 1,
    OUT_OF_MEMORY = 2,
    NOT_INITIALIZED = 3,
    DEVICE_UNAVAILABLE = 46,
    NO_DEVICE = 100,
    INVALID_DEVICE = 101,
    INVALID_IMAGE = 200,
    INVALID_CONTEXT = 201,
    INVALID_PTX = 218,
    UNSUPPORTED_PTX_VERSION = 222,
    INVALID_HANDLE = 400,
    NOT_FOUND = 500,
    NOT_READY = 600,
    ILLEGAL_ADDRESS = 700,
    LAUNCH_OUT_OF_RESOURCES = 701,
    MISALIGNED_ADDRESS = 716,
    LAUNCH_FAILED = 719,
};

// Says what is wrong, in words, for gradusEmulatorComplaint(). The first complaint stays: later ones follow from it.
void complain(const char* format, ...) __attribute__((format(printf, 1, 2)));

// The same, and returns the error.
Result refuse(Result error, const char* format, ...) __attribute__((format(printf, 2, 3)));

}  // namespace emulator
