#include "memory.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <map>

#include "device.h"
#include "poison.h"

namespace emulator {
namespace {

struct Allocation {
    unsigned char* at;
    size_t bytes;
    unsigned char* whole;  // With the red zones.
    size_t wholeBytes;
    bool fenced;  // A page that nobody may touch follows at once.

    // With a fence, as much of the first and last page as is left over.
    size_t before() const { return fenced ? reinterpret_cast<uintptr_t>(at) % 4096 : ZONE_BYTES; }
    size_t behind() const { return fenced ? -reinterpret_cast<uintptr_t>(at + bytes) % 16 : ZONE_BYTES; }

    bool isClean() const { return isMarked(at - before(), before()) && isMarked(at + bytes, behind()); }
};

std::map<Address, Allocation> allocations[2];
long total[2];

Allocation fenced(size_t bytes) {
    size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    size_t room = (bytes + page - 1) / page * page;
    auto* whole = static_cast<unsigned char*>(
        mmap(nullptr, room + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    if (whole == MAP_FAILED) {
        return {};
    }
    mprotect(whole + page, room, PROT_READ | PROT_WRITE);
    mark(whole + page, room);
    size_t used = (bytes + 15) / 16 * 16;
    return {whole + page + room - used, bytes, whole, room + 2 * page, true};
}

Allocation zoned(size_t bytes) {
    void* whole = nullptr;
    size_t wholeBytes = bytes + 2 * ZONE_BYTES;
    if (posix_memalign(&whole, ZONE_BYTES, wholeBytes) != 0) {
        return {};
    }
    auto* from = static_cast<unsigned char*>(whole);
    mark(from, ZONE_BYTES);
    mark(from + ZONE_BYTES + bytes, ZONE_BYTES);
    return {from + ZONE_BYTES, bytes, from, wholeBytes, false};
}

void release(const Allocation& a) {
    if (a.fenced) {
        munmap(a.whole, a.wholeBytes);
    } else {
        poison(a.at, a.bytes);  // Who still reads it finds NaN, at least for a while.
        ::free(a.whole);
    }
}

const Allocation* find(Memory::Kind kind, Address at) {
    auto behind = allocations[kind].upper_bound(at);
    if (behind == allocations[kind].begin()) {
        return nullptr;
    }
    const Allocation& a = std::prev(behind)->second;
    return at <= reinterpret_cast<Address>(a.at) + a.bytes ? &a : nullptr;
}

Result checkOne(const Allocation& a, const char* after) {
    if (a.isClean()) {
        return SUCCESS;
    }
    mark(a.at - a.before(), a.before());  // So that it is said once.
    mark(a.at + a.bytes, a.behind());
    return refuse(ILLEGAL_ADDRESS, "%s: something was written before or past the %zu bytes at %p", after, a.bytes,
                  static_cast<void*>(a.at));
}

}  // namespace

void* Memory::allocate(Kind kind, size_t bytes) {
    Allocation a = settings.fence && kind == DEVICE ? fenced(bytes) : zoned(bytes);
    if (a.at == nullptr) {
        return nullptr;
    }
    poison(a.at, bytes);
    allocations[kind][reinterpret_cast<Address>(a.at)] = a;
    total[kind] += static_cast<long>(bytes);
    return a.at;
}

Result Memory::free(Kind kind, Address at) {
    auto found = allocations[kind].find(at);
    if (found == allocations[kind].end()) {
        return refuse(INVALID_VALUE, "freed what was not allocated, or twice: %p", reinterpret_cast<void*>(at));
    }
    Allocation a = found->second;
    Result clean = checkOne(a, "found when it was freed");
    total[kind] -= static_cast<long>(a.bytes);
    allocations[kind].erase(found);
    release(a);
    return clean;
}

bool Memory::holds(Kind kind, Address at, size_t bytes) {
    const Allocation* a = find(kind, at);
    return a != nullptr && at + bytes <= reinterpret_cast<Address>(a->at) + a->bytes;
}

Result Memory::check(Address at, const char* after) {
    const Allocation* a = find(DEVICE, at);
    return a == nullptr ? SUCCESS : checkOne(*a, after);
}

Result Memory::checkAll(const char* after) {
    Result worst = SUCCESS;
    for (const auto& kind : allocations) {
        for (const auto& a : kind) {
            Result clean = checkOne(a.second, after);
            worst = worst == SUCCESS ? clean : worst;
        }
    }
    return worst;
}

void Memory::freeAll() {
    for (int kind = 0; kind < 2; kind++) {
        for (const auto& a : allocations[kind]) {
            release(a.second);
        }
        allocations[kind].clear();
        total[kind] = 0;
    }
}

long Memory::live(Kind kind) { return static_cast<long>(allocations[kind].size()); }

long Memory::bytes(Kind kind) { return total[kind]; }

}  // namespace emulator
