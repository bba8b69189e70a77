#include "block.h"

#include "fibers.h"
#include "shared.h"

uint3 threadIdx;
uint3 blockIdx;
dim3 blockDim;
dim3 gridDim;

namespace emulator {

long launch = 0;

namespace {

constexpr int LANES = 32;
constexpr uint64_t POISON = 0x7fffffff7fffffffull;  // Not a number, as a float and as a double.

enum State { NEW, READY, AT_WARP, AT_BLOCK, GONE };

struct Thread {
    State state;
    void* stack;  // Where it stopped.
    uint3 index;
    Place place;  // What it waits at.
    unsigned mask;
};

// The numbers 0 … n − 1 in one of three orders.
struct Order {
    int kind = 0;
    unsigned long n = 0, step = 1;

    void of(int kind, unsigned long n) {
        this->kind = kind;
        this->n = n;
        step = n * 5 / 8 + 1;
        while (gcd(step, n) != 1) {
            step++;
        }
    }

    unsigned long at(unsigned long i) const {
        return kind == 0 ? i : kind == 1 ? n - 1 - i : (i * step + n / 3) % n;
    }

    static unsigned long gcd(unsigned long a, unsigned long b) { return b == 0 ? a : gcd(b, a % b); }
};

Thread threads[1024];
int threadCount = 0;
Thread* current = nullptr;
void* scheduler = nullptr;  // Where run() stopped.
Call* call = nullptr;
const char* name = "";
Result fault = SUCCESS;

// Threads that wait in this round. As long as they all wait at one place, nobody need look at each of them.
struct Waiting {
    int count;
    bool differ;
    Place place;
    unsigned mask;

    void begin() {
        count = 0;
        differ = false;
    }

    void add(Place at, unsigned itsMask) {
        if (count++ == 0) {
            place = at;
            mask = itsMask;
        }
        differ |= at.line != place.line || at.file != place.file || itsMask != mask;
    }
};

// The warp that runs: its lanes in the order of the launch, and how far the round through them has come.
int orders[LANES];
Thread* warp = nullptr;
int laneCount = 0, nextLane = 0;
bool allRun = true;  // All lanes can go on, whatever they waited for.
Waiting inWarp, inBlock;
uint64_t brought[LANES];    // The values of lanes that wait,
uint64_t published[LANES];  // and of lanes that have met.
int goneCount = 0, orOfBlock = 0, orSoFar = 0;

const char* withoutFolder(const char* file) {
    const char* slash = strrchr(file, '/');
    return slash == nullptr ? file : slash + 1;
}

const char* nameOf(const Thread& t) {
    static char text[4][128];
    static int which = 0;
    which = (which + 1) % 4;
    snprintf(text[which], sizeof(text[which]), "thread (%u, %u, %u)", t.index.x, t.index.y, t.index.z);
    return text[which];
}

const char* doing(const Thread& t) {
    static char text[4][256];
    static int which = 0;
    which = (which + 1) % 4;
    if (t.state == GONE) {
        return "has returned";
    }
    snprintf(text[which], sizeof(text[which]), "waits for its %s at %s:%d", t.state == AT_WARP ? "warp" : "block",
             withoutFolder(t.place.file), t.place.line);
    return text[which];
}

void diverged(const Thread& a, const Thread& b) {
    fault = LAUNCH_FAILED;
    complain("%s, block (%u, %u, %u): %s %s, but %s %s", name, blockIdx.x, blockIdx.y, blockIdx.z, nameOf(a), doing(a),
             nameOf(b), doing(b));
}

// The next thread of the warp that can run.
inline Thread* next() {
    while (nextLane < LANES) {
        int lane = orders[nextLane++];
        if (lane < laneCount && (allRun || warp[lane].state <= READY)) {
            return warp + lane;
        }
    }
    return nullptr;
}

inline void become(Thread* t) {
    current = t;
    threadIdx = t->index;
}

// What a fiber does: one thread after another, until one has to wait. Without a barrier, one fiber does them all.
void fiber() {
    for (;;) {
        call->thread();
        current->state = GONE;
        goneCount++;
        Thread* t = next();
        if (t != nullptr && t->state == NEW) {
            become(t);
            continue;
        }
        void* left;
        if (isOverflowed(&left)) {
            complain(STACK_OVERFLOWED, name, STACK_BYTES);
            fail(LAUNCH_FAILED);
        }
        giveBackFiber(&left);
        if (t == nullptr) {
            change(&left, scheduler);
        } else {
            become(t);
            change(&left, t->stack);
        }
    }
}

inline void goOn(void** from, Thread* t) {
    if (t == nullptr) {
        change(from, scheduler);
        return;
    }
    become(t);
    change(from, t->state == NEW ? newFiber(fiber) : t->stack);
}

inline void wait(State state, Place place) {
    Thread* me = current;
    me->state = state;
    me->place = place;
    goOn(&me->stack, next());
}

bool same(const Place& a, const Place& b) {
    return a.line == b.line && (a.file == b.file || strcmp(a.file, b.file) == 0);
}

// Lets those lanes go on that have all met. False: the lanes wait for each other for ever.
bool meet() {
    bool any = false;
    for (int i = 0; i < laneCount; i++) {
        Thread& first = warp[i];
        if (first.state != AT_WARP) {
            continue;
        }
        unsigned all = laneCount == LANES ? 0xffffffffu : (1u << laneCount) - 1;
        unsigned mask = first.mask & all, met = 0;
        for (int k = i; k < laneCount; k++) {
            if (warp[k].state == AT_WARP && warp[k].mask == first.mask && same(warp[k].place, first.place)) {
                met |= 1u << k;
            }
        }
        if (met != mask) {
            continue;
        }
        for (int k = i; k < laneCount; k++) {
            if (met >> k & 1) {
                published[k] = brought[k];
                warp[k].state = READY;
            }
        }
        any = true;
    }
    return any;
}

void neverMeet() {
    for (int i = 0; i < laneCount; i++) {
        for (int k = 0; warp[i].state == AT_WARP && k < laneCount; k++) {
            if ((warp[i].mask >> k & 1) && !(warp[k].state == AT_WARP && warp[k].mask == warp[i].mask
                                             && same(warp[k].place, warp[i].place))) {
                diverged(warp[i], warp[k]);
                return;
            }
        }
    }
}

// Runs the lanes of a warp until each waits for the block or has returned.
void runWarp(int first) {
    warp = threads + first;
    laneCount = threadCount - first < LANES ? threadCount - first : LANES;
    allRun = true;
    for (int i = laneCount; i < LANES; i++) {
        brought[i] = POISON;
    }
    for (;;) {
        nextLane = 0;
        inWarp.begin();
        goOn(&scheduler, next());
        if (fault != SUCCESS || (allRun && inWarp.count == 0)) {
            return;
        }
        if (allRun && inWarp.count == laneCount && !inWarp.differ && inWarp.mask == 0xffffffffu) {
            memcpy(published, brought, sizeof(published));
            continue;
        }
        allRun = false;
        bool waits = false;
        for (int i = 0; i < laneCount; i++) {
            waits |= warp[i].state == AT_WARP;
        }
        if (!waits) {
            return;
        }
        if (!meet()) {
            neverMeet();
            return;
        }
    }
}

void nameThreads() {
    unsigned i = 0;
    for (unsigned z = 0; z < blockDim.z; z++) {
        for (unsigned y = 0; y < blockDim.y; y++) {
            for (unsigned x = 0; x < blockDim.x; x++, i++) {
                threads[i].index = {x, y, z};
            }
        }
    }
}

// Some threads of the block wait for others that wait elsewhere or have returned: names two of them.
void blockDiverged() {
    for (int i = 1; i < threadCount; i++) {
        const Thread &a = threads[0], &b = threads[i];
        if (a.state != b.state || (a.state == AT_BLOCK && !same(a.place, b.place))) {
            diverged(a, b);
            return;
        }
    }
}

void runBlock(const Order& warps) {
    for (int i = 0; i < threadCount; i++) {
        threads[i].state = NEW;
    }
    orOfBlock = orSoFar = goneCount = 0;
    beginShared();
    for (;;) {
        inBlock.begin();
        for (unsigned long w = 0; w < warps.n && fault == SUCCESS; w++) {
            runWarp(static_cast<int>(warps.at(w)) * LANES);
        }
        if (fault != SUCCESS) {
            return;
        }
        if (goneCount == threadCount) {
            break;
        }
        if (inBlock.count != threadCount || inBlock.differ) {
            blockDiverged();
            return;
        }
        orOfBlock = orSoFar;
        orSoFar = 0;
    }
    fault = checkShared(name);
}

}  // namespace

int waitForBlock(int value, Place place) {
    orSoFar |= value;
    inBlock.add(place, 0);
    wait(AT_BLOCK, place);
    return orOfBlock;
}

uint64_t waitForWarp(unsigned mask, uint64_t value, int source, Place place) {
    int self = lane();
    if (!(mask >> self & 1)) {
        complain("%s: a shuffle at %s:%d whose mask %08x leaves the thread itself out", whoRuns(),
                 withoutFolder(place.file), place.line, mask);
        fail(LAUNCH_FAILED);
    }
    current->mask = mask;
    brought[self] = value;
    inWarp.add(place, mask);
    wait(AT_WARP, place);
    return mask >> source & 1 ? published[source] : POISON;
}

void fail(Result error) {
    fault = error;
    void* left;
    change(&left, scheduler);
    abort();  // Nobody goes on with a thread that failed.
}

const char* whoRuns() {
    static char text[256];
    snprintf(text, sizeof(text), "%s, block (%u, %u, %u), %s", name, blockIdx.x, blockIdx.y, blockIdx.z,
             nameOf(*current));
    return text;
}

bool aKernelRuns() { return call != nullptr; }

Result run(const Launch& what, Call& toCall) {
    launch++;
    name = what.name;
    call = &toCall;
    fault = SUCCESS;
    gridDim = what.grid;
    blockDim = what.block;
    threadCount = static_cast<int>(blockDim.x * blockDim.y * blockDim.z);
    nameThreads();
    beginLaunch(what.sharedBytes, what.sharedMost);
    Order blocks, warps, lanes;
    blocks.of(what.order, static_cast<unsigned long>(gridDim.x) * gridDim.y * gridDim.z);
    warps.of(what.order, static_cast<unsigned long>(threadCount + LANES - 1) / LANES);
    lanes.of(what.order, LANES);
    for (unsigned long i = 0; i < LANES; i++) {
        orders[i] = static_cast<int>(lanes.at(i));
    }
    for (unsigned long i = 0; i < blocks.n && fault == SUCCESS; i++) {
        unsigned long at = blocks.at(i);
        blockIdx.x = static_cast<unsigned>(at % gridDim.x);
        blockIdx.y = static_cast<unsigned>(at / gridDim.x % gridDim.y);
        blockIdx.z = static_cast<unsigned>(at / gridDim.x / gridDim.y);
        runBlock(warps);
    }
    call = nullptr;
    if (fault != SUCCESS) {
        forgetFibers();  // Threads that never went on still hold theirs.
    }
    return fault;
}

}  // namespace emulator
