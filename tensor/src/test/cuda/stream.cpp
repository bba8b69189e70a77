// The driver's functions on memory, copies, streams and events. There is one order of work for all streams.
#include <string.h>

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <set>

#include "driver.h"
#include "memory.h"

namespace emulator {

static std::set<char*> streams;

bool isStream(void* stream) { return stream == nullptr || streams.count(static_cast<char*>(stream)) > 0; }

namespace {

std::deque<std::unique_ptr<Work>> waiting;

struct Event {
    long asked = 0;  // How often it was recorded, and how often that has come to pass.
    long passed = 0;
    std::chrono::steady_clock::time_point at;
};

std::set<Event*> events;

// A little work of the driver.
struct Task : Work {
    std::function<Result()> task;

    explicit Task(std::function<Result()> task) : task(std::move(task)) {}
    Result run() override { return task(); }
};

Result later(std::function<Result()> task) { return submit(new Task(std::move(task))); }

Result runOldest() {
    std::unique_ptr<Work> work = std::move(waiting.front());
    waiting.pop_front();
    Result result = work->run();
    if (isSticky(result)) {
        lost = result;
        waiting.clear();
    }
    return result;
}

Result copy(const char* what, Memory::Kind toKind, Address to, Memory::Kind fromKind, Address from, size_t bytes,
            void* stream) {
    if (!isStream(stream)) {
        return INVALID_HANDLE;
    }
    for (int side = 0; side < 2; side++) {
        Memory::Kind kind = side == 0 ? toKind : fromKind;
        Address at = side == 0 ? to : from;
        if (!Memory::holds(kind, at, bytes)) {
            return refuse(INVALID_VALUE, "%s: %zu bytes at %p are not %s", what, bytes, reinterpret_cast<void*>(at),
                          kind == Memory::PINNED ? "pinned memory of the host" : "memory of the device");
        }
    }
    return later([=] {
        // Freed while the copy waited?
        if (!Memory::holds(toKind, to, bytes) || !Memory::holds(fromKind, from, bytes)) {
            return refuse(ILLEGAL_ADDRESS, "%s: memory was freed before the copy", what);
        }
        memmove(reinterpret_cast<void*>(to), reinterpret_cast<void*>(from), bytes);
        return SUCCESS;
    });
}

}  // namespace

Result submit(Work* work) {
    waiting.emplace_back(work);
    return settings.lazy ? SUCCESS : finish();
}

Result finish() {
    Result first = SUCCESS;
    while (!waiting.empty()) {
        Result result = runOldest();
        first = first == SUCCESS ? result : first;
    }
    return first;
}

void forgetWork() { waiting.clear(); }

}  // namespace emulator

using namespace emulator;

EXPORTED int cuMemAlloc_v2(Address* at, size_t bytes) {
    IN_CONTEXT("cuMemAlloc_v2");
    if (bytes == 0) {
        return INVALID_VALUE;
    }
    if (static_cast<size_t>(settings.memory - Memory::bytes(Memory::DEVICE)) < bytes
        || settings.memory < Memory::bytes(Memory::DEVICE)) {
        return OUT_OF_MEMORY;
    }
    *at = reinterpret_cast<Address>(Memory::allocate(Memory::DEVICE, bytes));
    return *at == 0 ? OUT_OF_MEMORY : SUCCESS;
}

EXPORTED int cuMemFree_v2(Address at) {
    IN_CONTEXT("cuMemFree_v2");
    if (Result result = finish(); result != SUCCESS) {
        return result;
    }
    if (at == 0) {
        return SUCCESS;
    }
    Result result = Memory::free(Memory::DEVICE, at);
    lost = isSticky(result) ? result : lost;
    return result;
}

EXPORTED int cuMemGetInfo_v2(size_t* free, size_t* total) {
    IN_CONTEXT("cuMemGetInfo_v2");
    long left = settings.memory - Memory::bytes(Memory::DEVICE);
    *free = static_cast<size_t>(left < 0 ? 0 : left);
    *total = static_cast<size_t>(settings.memory);
    return SUCCESS;
}

EXPORTED int cuMemHostAlloc(void** at, size_t bytes, unsigned) {
    IN_CONTEXT("cuMemHostAlloc");
    if (bytes == 0) {
        return INVALID_VALUE;
    }
    *at = Memory::allocate(Memory::PINNED, bytes);
    return *at == nullptr ? OUT_OF_MEMORY : SUCCESS;
}

EXPORTED int cuMemFreeHost(void* at) {
    IN_CONTEXT("cuMemFreeHost");
    if (Result result = finish(); result != SUCCESS) {
        return result;
    }
    Result result = Memory::free(Memory::PINNED, reinterpret_cast<Address>(at));
    lost = isSticky(result) ? result : lost;
    return result;
}

EXPORTED int cuMemcpyHtoDAsync_v2(Address to, const void* from, size_t bytes, void* stream) {
    IN_CONTEXT("cuMemcpyHtoDAsync_v2");
    return copy("cuMemcpyHtoDAsync", Memory::DEVICE, to, Memory::PINNED, reinterpret_cast<Address>(from), bytes,
                stream);
}

EXPORTED int cuMemcpyDtoHAsync_v2(void* to, Address from, size_t bytes, void* stream) {
    IN_CONTEXT("cuMemcpyDtoHAsync_v2");
    return copy("cuMemcpyDtoHAsync", Memory::PINNED, reinterpret_cast<Address>(to), Memory::DEVICE, from, bytes,
                stream);
}

EXPORTED int cuMemcpyDtoDAsync_v2(Address to, Address from, size_t bytes, void* stream) {
    IN_CONTEXT("cuMemcpyDtoDAsync_v2");
    if (to != from && (to < from ? from - to : to - from) < bytes) {
        return refuse(INVALID_VALUE, "cuMemcpyDtoDAsync: the two places overlap");
    }
    return copy("cuMemcpyDtoDAsync", Memory::DEVICE, to, Memory::DEVICE, from, bytes, stream);
}

EXPORTED int cuMemsetD32Async(Address at, unsigned word, size_t count, void* stream) {
    IN_CONTEXT("cuMemsetD32Async");
    if (!isStream(stream)) {
        return INVALID_HANDLE;
    }
    if (at % 4 != 0 || !Memory::holds(Memory::DEVICE, at, 4 * count)) {
        return refuse(INVALID_VALUE, "cuMemsetD32Async: %zu words at %p are not memory of the device", count,
                      reinterpret_cast<void*>(at));
    }
    return later([=] {
        for (size_t i = 0; i < count; i++) {
            reinterpret_cast<unsigned*>(at)[i] = word;
        }
        return SUCCESS;
    });
}

EXPORTED int cuStreamCreate(void** stream, unsigned) {
    IN_CONTEXT("cuStreamCreate");
    *stream = *streams.insert(new char).first;
    return SUCCESS;
}

EXPORTED int cuStreamSynchronize(void* stream) {
    IN_CONTEXT("cuStreamSynchronize");
    if (!isStream(stream)) {
        return INVALID_HANDLE;
    }
    Result result = finish();
    if (result == SUCCESS) {
        result = Memory::checkAll("one of the last launches");
        lost = isSticky(result) ? result : lost;
    }
    return result;
}

EXPORTED int cuEventCreate(void** event, unsigned) {
    IN_CONTEXT("cuEventCreate");
    *event = *events.insert(new Event).first;
    return SUCCESS;
}

#define EVENT(of, name)                                       \
    Event* name = static_cast<Event*>(of);                    \
    if (events.count(name) == 0) return INVALID_HANDLE

EXPORTED int cuEventRecord(void* event, void* stream) {
    IN_CONTEXT("cuEventRecord");
    EVENT(event, e);
    if (!isStream(stream)) {
        return INVALID_HANDLE;
    }
    long number = ++e->asked;
    return later([=] {
        if (events.count(e) > 0) {
            e->passed = number;
            e->at = std::chrono::steady_clock::now();
        }
        return SUCCESS;
    });
}

EXPORTED int cuEventQuery(void* event) {
    IN_CONTEXT("cuEventQuery");
    EVENT(event, e);
    if (e->passed == e->asked) {
        return SUCCESS;
    }
    Result result = runOldest();  // So that who asks again and again comes to an end.
    return result != SUCCESS ? result : NOT_READY;
}

EXPORTED int cuEventSynchronize(void* event) {
    IN_CONTEXT("cuEventSynchronize");
    EVENT(event, e);
    while (e->passed != e->asked && !waiting.empty()) {
        if (Result result = runOldest(); result != SUCCESS) {
            return result;
        }
    }
    return SUCCESS;
}

EXPORTED int cuEventElapsedTime(float* milliseconds, void* from, void* to) {
    IN_CONTEXT("cuEventElapsedTime");
    EVENT(from, a);
    EVENT(to, b);
    if (a->asked == 0 || b->asked == 0) {
        return INVALID_HANDLE;
    }
    if (a->passed != a->asked || b->passed != b->asked) {
        return NOT_READY;
    }
    *milliseconds = std::chrono::duration<float, std::milli>(b->at - a->at).count();
    return SUCCESS;
}

EXPORTED int cuEventDestroy_v2(void* event) {
    IN_CONTEXT("cuEventDestroy_v2");
    EVENT(event, e);
    events.erase(e);
    delete e;
    return SUCCESS;
}
