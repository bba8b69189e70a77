#include "shared.h"

#include "block.h"
#include "poison.h"

namespace emulator {

unsigned char* sharedByLaunch = nullptr;

namespace {

constexpr size_t ZONE = 512;
constexpr int MOST_ARRAYS = 128;

struct Array {
    const char* name;
    size_t at, bytes;
};

alignas(64) unsigned char memory[512 * 1024];
Array arrays[MOST_ARRAYS];
int count = 0;
size_t end = 0;      // Behind the last zone.
unsigned taken = 0;  // By arrays.
unsigned byLaunch = 0, most = 0;

unsigned char* add(size_t bytes, const char* name) {
    size_t room = (bytes + 15) / 16 * 16;
    if (count == MOST_ARRAYS || end + room + ZONE > sizeof(memory)) {
        complain("%s: more shared memory than the emulator has", whoRuns());
        fail(INVALID_VALUE);
    }
    arrays[count++] = {name, end, bytes};
    unsigned char* at = memory + end;
    poison(at, bytes);
    mark(at + bytes, room - bytes + ZONE);
    end += room + ZONE;
    return at;
}

}  // namespace

void beginLaunch(unsigned sharedBytes, unsigned sharedMost) {
    mark(memory, ZONE);
    end = ZONE;
    count = 0;
    taken = 0;
    byLaunch = sharedBytes;
    most = sharedMost;
    sharedByLaunch = add(sharedBytes, "memory by launch");
}

unsigned char* newSharedArray(size_t bytes, const char* name) {
    taken += static_cast<unsigned>((bytes + 15) / 16 * 16);
    if (taken > SHARED_MOST) {
        complain("%s: with \"%s\" the shared arrays take %u bytes, of %u at most", whoRuns(), name, taken, SHARED_MOST);
        fail(INVALID_VALUE);
    }
    if (taken + byLaunch > most) {
        complain("%s: shared arrays of %u bytes and %u by launch, of %u at most", whoRuns(), taken, byLaunch, most);
        fail(INVALID_VALUE);
    }
    return add(bytes, name);
}

void beginShared() {
    for (int i = 0; i < count; i++) {
        poison(memory + arrays[i].at, arrays[i].bytes);
    }
}

Result checkShared(const char* kernel) {
    if (!isMarked(memory, ZONE)) {
        return refuse(ILLEGAL_ADDRESS, "%s: a store before the first shared array", kernel);
    }
    for (int i = 0; i < count; i++) {
        size_t to = i + 1 < count ? arrays[i + 1].at : end, from = arrays[i].at + arrays[i].bytes;
        if (!isMarked(memory + from, to - from)) {
            return refuse(ILLEGAL_ADDRESS, "%s: a store past the end of shared %s, %zu bytes", kernel, arrays[i].name,
                          arrays[i].bytes);
        }
    }
    return SUCCESS;
}

unsigned sharedArrayBytes() { return taken; }

}  // namespace emulator
