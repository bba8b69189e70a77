// The driver's functions on modules and launches. A module is known by its PTX text; what a kernel does comes from the
// registry, where the same source was compiled for this processor.
#include <stdio.h>
#include <string.h>

#include <map>
#include <memory>
#include <set>
#include <string>

#include "block.h"
#include "crash.h"
#include "driver.h"
#include "memory.h"
#include "registry.h"
#include "shared.h"

namespace emulator {

Kernel*& Kernel::first() {
    static Kernel* first = nullptr;
    return first;
}

namespace {

struct Function {
    const Kernel* kernel;
    const void* context = nullptr;
    int sharedByLaunch = -1;  // CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES; -1: nobody asked.
    unsigned sharedArrays = 0;  // Known after the first launch.
};

struct Module {
    const void* context;  // That it was loaded into.
    std::set<std::string> entries;
    std::map<std::string, Function> functions;
};

std::set<Module*> modules;
std::set<Function*> functions;

// The names behind ".entry" in a PTX text.
std::set<std::string> entriesOf(const char* text) {
    std::set<std::string> names;
    for (const char* at = strstr(text, ".entry "); at != nullptr; at = strstr(at, ".entry ")) {
        at += strlen(".entry ");
        at += strspn(at, " \t\r\n");
        names.insert(std::string(at, strcspn(at, " \t\r\n(")));
    }
    return names;
}

// CUDA 11.4 reads PTX 7.4 and what is older, and so on.
bool isTooNew(const char* ptx) {
    const char* at = strstr(ptx, ".version ");
    int major = 0, minor = 0;
    return at != nullptr && sscanf(at, ".version %d.%d", &major, &minor) == 2
           && major * 10 + minor > (settings.driver / 1000 - 4) * 10 + settings.driver % 1000 / 10;
}

bool isForNewerDevice(const char* ptx) {
    const char* at = strstr(ptx, ".target ");
    int capability = 0;
    return at != nullptr && sscanf(at, ".target sm_%d", &capability) == 1 && capability > settings.capability;
}

// CU_JIT_ERROR_LOG_BUFFER and its size.
void log(unsigned count, const int* options, void** values, const char* text) {
    char* to = nullptr;
    size_t room = 0;
    for (unsigned i = 0; i < count; i++) {
        to = options[i] == 5 ? static_cast<char*>(values[i]) : to;
        room = options[i] == 6 ? reinterpret_cast<size_t>(values[i]) & 0xffffffffu : room;
    }
    if (to != nullptr && room > 0) {
        snprintf(to, room, "%s", text);
    }
}

struct LaunchWork : Work {
    Function* function;
    Launch launch;
    std::unique_ptr<Call> call;

    // The pointers among the arguments: each to device memory, or null.
    static void see(const void* pointer, void* to) {
        auto at = reinterpret_cast<Address>(pointer);
        if (at != 0 && !Memory::holds(Memory::DEVICE, at, 0)) {
            *static_cast<const void**>(to) = pointer;
        }
    }

    static void checkZones(const void* pointer, void* to) {
        auto* worst = static_cast<std::pair<const char*, Result>*>(to);
        Result result = Memory::check(reinterpret_cast<Address>(pointer), worst->first);
        worst->second = worst->second == SUCCESS ? result : worst->second;
    }

    Result run() override {
        const void* wrong = nullptr;
        call->pointers(see, &wrong);
        if (wrong != nullptr) {
            return refuse(ILLEGAL_ADDRESS, "%s: the argument %p is no memory of the device", launch.name, wrong);
        }
        guardKernels();
        Result result = emulator::run(launch, *call);
        unguardKernels();
        function->sharedArrays = sharedArrayBytes();
        if (result == SUCCESS) {
            std::pair<const char*, Result> worst(launch.name, SUCCESS);
            call->pointers(checkZones, &worst);
            result = worst.second;
        }
        return result;
    }
};

Result checkSizes(const Kernel& kernel, const Launch& launch) {
    unsigned long threads = 1ul * launch.block.x * launch.block.y * launch.block.z;
    if (launch.grid.x == 0 || launch.grid.y == 0 || launch.grid.z == 0 || threads == 0) {
        return refuse(INVALID_VALUE, "%s: no blocks or no threads", kernel.name);
    }
    if (launch.grid.x > 0x7fffffffu || launch.grid.y > 65535 || launch.grid.z > 65535) {
        return refuse(INVALID_VALUE, "%s: a grid of (%u, %u, %u), of (2147483647, 65535, 65535) at most", kernel.name,
                      launch.grid.x, launch.grid.y, launch.grid.z);
    }
    if (threads > 1024 || launch.block.x > 1024 || launch.block.y > 1024 || launch.block.z > 64) {
        return refuse(INVALID_VALUE, "%s: a block of (%u, %u, %u) threads, of 1024 at most", kernel.name,
                      launch.block.x, launch.block.y, launch.block.z);
    }
    if (threads > kernel.most) {
        return refuse(INVALID_VALUE, "%s: a block of %lu threads, of %u at most as KERNEL says", kernel.name, threads,
                      kernel.most);
    }
    return SUCCESS;
}

Result checkArguments(const Kernel& kernel, void** arguments) {
    unsigned given = 0;
    while (arguments != nullptr && arguments[given] != nullptr && given <= kernel.arguments) {
        given++;
    }
    return given == kernel.arguments ? SUCCESS
                                     : refuse(INVALID_VALUE, "%s: takes %u arguments, and %s%u are given", kernel.name,
                                              kernel.arguments, given > kernel.arguments ? "at least " : "", given);
}

}  // namespace
}  // namespace emulator

using namespace emulator;

EXPORTED int cuModuleLoadDataEx(void** module, const void* image, unsigned count, int* options, void** values) {
    IN_CONTEXT("cuModuleLoadDataEx");
    const char* text = static_cast<const char*>(image);
    if (text == nullptr || strstr(text, ".version") == nullptr || strstr(text, ".target") == nullptr) {
        return INVALID_IMAGE;
    }
    if (isTooNew(text)) {
        log(count, options, values, "ptxas fatal : Unsupported .version; current version is older");
        return UNSUPPORTED_PTX_VERSION;
    }
    if (isForNewerDevice(text)) {
        log(count, options, values,
            "ptxas fatal : SM version specified by .target is higher than default SM version");
        return INVALID_PTX;
    }
    auto* loaded = new Module;
    loaded->context = here();
    loaded->entries = entriesOf(text);
    modules.insert(loaded);
    *module = loaded;
    return SUCCESS;
}

EXPORTED int cuModuleGetFunction(void** function, void* of, const char* name) {
    IN_CONTEXT("cuModuleGetFunction");
    auto* module = static_cast<Module*>(of);
    if (modules.count(module) == 0) {
        return INVALID_HANDLE;
    }
    if (module->entries.count(name) == 0) {
        return refuse(NOT_FOUND, "the PTX text has no kernel %s", name);
    }
    for (const Kernel* kernel = Kernel::first(); kernel != nullptr; kernel = kernel->next) {
        if (strcmp(kernel->name, name) == 0) {
            Function& found = module->functions[name];
            found.kernel = kernel;
            found.context = module->context;
            functions.insert(&found);
            *function = &found;
            return SUCCESS;
        }
    }
    return refuse(NOT_FOUND, "no source that the emulator was built from has a kernel %s", name);
}

EXPORTED int cuFuncSetAttribute(void* of, int attribute, int value) {
    IN_CONTEXT("cuFuncSetAttribute");
    auto* function = static_cast<Function*>(of);
    if (functions.count(function) == 0) {
        return INVALID_HANDLE;
    }
    if (attribute == 8) {
        if (value < 0 || value + static_cast<int>(function->sharedArrays) > settings.sharedMost) {
            return refuse(INVALID_VALUE, "%s: asks for %d bytes of shared memory, of %d at most",
                          function->kernel->name, value, settings.sharedMost);
        }
        function->sharedByLaunch = value;
        return SUCCESS;
    }
    return attribute == 9 ? SUCCESS : INVALID_VALUE;
}

EXPORTED int cuFuncGetAttribute(int* value, int attribute, void* of) {
    IN_CONTEXT("cuFuncGetAttribute");
    auto* function = static_cast<Function*>(of);
    if (functions.count(function) == 0) {
        return INVALID_HANDLE;
    }
    int byLaunch = function->sharedByLaunch < 0 ? static_cast<int>(SHARED_MOST - function->sharedArrays)
                                                : function->sharedByLaunch;
    *value = attribute == 0   ? static_cast<int>(function->kernel->most)
             : attribute == 1 ? static_cast<int>(function->sharedArrays)
             : attribute == 4 ? 32
             : attribute == 8 ? byLaunch
                              : 0;
    return SUCCESS;
}

EXPORTED int cuLaunchKernel(void* of, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY,
                            unsigned blockZ, unsigned sharedBytes, void* stream, void** arguments, void** extra) {
    IN_CONTEXT("cuLaunchKernel");
    auto* function = static_cast<Function*>(of);
    if (functions.count(function) == 0 || !isStream(stream)) {
        return INVALID_HANDLE;
    }
    const Kernel& kernel = *function->kernel;
    if (function->context != here()) {
        return refuse(INVALID_CONTEXT, "%s: it was loaded for another context than this thread's", kernel.name);
    }
    bool asked = function->sharedByLaunch >= 0;
    Launch launch{kernel.name,
                  {gridX, gridY, gridZ},
                  {blockX, blockY, blockZ},
                  sharedBytes,
                  asked ? static_cast<unsigned>(settings.sharedMost) : SHARED_MOST,
                  settings.order};
    if (Result sizes = checkSizes(kernel, launch); sizes != SUCCESS) {
        return sizes;
    }
    unsigned most = asked ? static_cast<unsigned>(function->sharedByLaunch) : SHARED_MOST;
    if (sharedBytes > most) {
        return refuse(INVALID_VALUE, "%s: %u bytes of shared memory by launch, of %u at most%s", kernel.name,
                      sharedBytes, most, asked ? " as it asked for" : ", as it asked for none");
    }
    if (extra != nullptr) {
        return INVALID_VALUE;
    }
    if (Result count = checkArguments(kernel, arguments); count != SUCCESS) {
        return count;
    }
    auto* work = new LaunchWork;
    work->function = function;
    work->launch = launch;
    work->call.reset(kernel.bind(kernel.kernel, arguments));
    return submit(work);
}
