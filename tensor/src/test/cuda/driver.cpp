// The driver's functions on devices and contexts, and its words for errors. Memory and streams are in stream.cpp,
// modules and launches in module.cpp.
#include "driver.h"

#include <stdio.h>

#include "memory.h"

namespace emulator {

std::recursive_mutex turn;
bool initialised = false;

namespace {

constexpr int MOST_DEVICES = 8;

struct Context {
    int retained;
};

Context contexts[MOST_DEVICES];
thread_local Context* current = nullptr;

struct Word {
    Result error;
    const char* name;
    const char* text;
};

const Word WORDS[] = {
    {SUCCESS, "CUDA_SUCCESS", "no error"},
    {INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {NOT_INITIALIZED, "CUDA_ERROR_NOT_INITIALIZED", "initialization error"},
    {DEVICE_UNAVAILABLE, "CUDA_ERROR_DEVICE_UNAVAILABLE", "CUDA-capable device(s) is/are busy or unavailable"},
    {NO_DEVICE, "CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"},
    {INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
    {INVALID_IMAGE, "CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"},
    {INVALID_CONTEXT, "CUDA_ERROR_INVALID_CONTEXT", "invalid device context"},
    {INVALID_PTX, "CUDA_ERROR_INVALID_PTX", "a PTX JIT compilation failed"},
    {UNSUPPORTED_PTX_VERSION, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION",
     "the provided PTX was compiled with an unsupported toolchain."},
    {INVALID_HANDLE, "CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"},
    {NOT_FOUND, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
    {NOT_READY, "CUDA_ERROR_NOT_READY", "device not ready"},
    {ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"},
    {LAUNCH_OUT_OF_RESOURCES, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES", "too many resources requested for launch"},
    {MISALIGNED_ADDRESS, "CUDA_ERROR_MISALIGNED_ADDRESS", "misaligned address"},
    {LAUNCH_FAILED, "CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"},
};

const Word* wordOf(int error) {
    for (const Word& word : WORDS) {
        if (word.error == error) {
            return &word;
        }
    }
    return nullptr;
}

bool exists(int device) { return device >= 0 && device < settings.devices && device < MOST_DEVICES; }

// CUdevice_attribute.
int attributeOf(int attribute) {
    switch (attribute) {
        case 1: return 1024;                 // Threads of a block,
        case 2: case 3: return 1024;         // and in x and y,
        case 4: return 64;                   // and in z.
        case 5: return 2147483647;           // Blocks in x,
        case 6: case 7: return 65535;        // y and z.
        case 8: return 48 * 1024;            // Shared memory of a block,
        case 97: return settings.sharedMost;  // and when it was asked for.
        case 81: return settings.sharedMost;
        case 9: return 64 * 1024;            // Constant memory.
        case 10: return 32;                  // Lanes of a warp.
        case 12: case 82: return 65536;      // Registers.
        case 13: return 1500000;             // Clock in kHz,
        case 36: return 7000000;             // and the memory's.
        case 16: return 4;                   // Multiprocessors,
        case 39: return 1024;                // and their threads.
        case 20: return settings.computeMode;
        case 31: case 41: return 1;          // Concurrent kernels, one space of addresses.
        case 37: return 256;                 // Bits of the memory's bus.
        case 38: return 4 << 20;             // Second cache.
        case 75: return settings.capability / 10;
        case 76: return settings.capability % 10;
        case 106: return 16;
        default: return 0;
    }
}

}  // namespace

Result ready() {
    if (!initialised) {
        return NOT_INITIALIZED;
    }
    if (current == nullptr || current->retained == 0) {
        return refuse(INVALID_CONTEXT, "a call without a context that is current on this thread");
    }
    return lost;
}

const void* here() { return current; }

void forgetContexts() {
    for (Context& context : contexts) {
        context = {};
    }
    initialised = false;
    current = nullptr;
}

}  // namespace emulator

using namespace emulator;

EXPORTED int cuGetErrorName(int error, const char** name) {
    const Word* word = wordOf(error);
    *name = word == nullptr ? nullptr : word->name;
    return word == nullptr ? INVALID_VALUE : SUCCESS;
}

EXPORTED int cuGetErrorString(int error, const char** text) {
    const Word* word = wordOf(error);
    *text = word == nullptr ? nullptr : word->text;
    return word == nullptr ? INVALID_VALUE : SUCCESS;
}

EXPORTED int cuInit(unsigned flags) {
    DRIVER("cuInit");
    if (flags != 0) {
        return INVALID_VALUE;
    }
    if (settings.devices == 0) {
        return NO_DEVICE;
    }
    initialised = true;
    return SUCCESS;
}

EXPORTED int cuDriverGetVersion(int* version) {
    DRIVER("cuDriverGetVersion");
    *version = settings.driver;
    return SUCCESS;
}

EXPORTED int cuDeviceGetCount(int* count) {
    DRIVER("cuDeviceGetCount");
    *count = settings.devices;
    return initialised ? SUCCESS : NOT_INITIALIZED;
}

EXPORTED int cuDeviceGet(int* device, int ordinal) {
    DRIVER("cuDeviceGet");
    if (!initialised) {
        return NOT_INITIALIZED;
    }
    *device = ordinal;
    return exists(ordinal) ? SUCCESS : INVALID_DEVICE;
}

EXPORTED int cuDeviceGetName(char* name, int length, int device) {
    DRIVER("cuDeviceGetName");
    snprintf(name, static_cast<size_t>(length), "Emulated device %d", device);
    return exists(device) ? SUCCESS : INVALID_DEVICE;
}

EXPORTED int cuDeviceGetAttribute(int* value, int attribute, int device) {
    DRIVER("cuDeviceGetAttribute");
    *value = attributeOf(attribute);
    return exists(device) ? SUCCESS : INVALID_DEVICE;
}

EXPORTED int cuDeviceTotalMem_v2(size_t* bytes, int device) {
    DRIVER("cuDeviceTotalMem_v2");
    *bytes = static_cast<size_t>(settings.memory);
    return exists(device) ? SUCCESS : INVALID_DEVICE;
}

EXPORTED int cuDevicePrimaryCtxRetain(void** context, int device) {
    DRIVER("cuDevicePrimaryCtxRetain");
    if (!exists(device)) {
        return INVALID_DEVICE;
    }
    if (settings.computeMode != 0) {
        return DEVICE_UNAVAILABLE;
    }
    contexts[device].retained++;
    *context = &contexts[device];
    return lost;
}

EXPORTED int cuDevicePrimaryCtxRelease_v2(int device) {
    DRIVER("cuDevicePrimaryCtxRelease_v2");
    if (!exists(device) || contexts[device].retained == 0) {
        return INVALID_CONTEXT;
    }
    contexts[device].retained--;
    return SUCCESS;
}

EXPORTED int cuDevicePrimaryCtxGetState(int device, unsigned* flags, int* active) {
    DRIVER("cuDevicePrimaryCtxGetState");
    if (!exists(device)) {
        return INVALID_DEVICE;
    }
    *flags = 0;
    *active = contexts[device].retained > 0;
    return SUCCESS;
}

EXPORTED int cuCtxSetCurrent(void* context) {
    DRIVER("cuCtxSetCurrent");
    current = static_cast<Context*>(context);
    return context == nullptr || current->retained > 0 ? SUCCESS : INVALID_CONTEXT;
}
