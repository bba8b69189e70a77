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
    uint64_t value;  // What it brings to the other lanes.
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

// The warp that runs: its lanes in the order of the launch, and how far the round through them has come.
Thread* lanes[LANES];
Thread* warp = nullptr;
int laneCount = 0, nextLane = 0;
uint64_t published[LANES];  // The values of lanes that have met.
int orOfBlock = 0, orSoFar = 0;

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
    while (nextLane < laneCount) {
        Thread* t = lanes[nextLane++];
        if (t->state <= READY) {
            return t;
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
        Thread* t = next();
        if (t != nullptr && t->state == NEW) {
            become(t);
            continue;
        }
        void* left;
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

bool same(const Place& a, const Place& b) { return a.line == b.line && (a.file == b.file || strcmp(a.file, b.file) == 0); }

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
                published[k] = warp[k].value;
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
void runWarp(int first, const Order& order) {
    warp = threads + first;
    laneCount = threadCount - first < LANES ? threadCount - first : LANES;
    for (int i = 0; i < laneCount; i++) {
        lanes[i] = warp + (laneCount == LANES ? order.at(i) : order.kind == 1 ? laneCount - 1 - i : i);
    }
    for (int i = laneCount; i < LANES; i++) {
        published[i] = POISON;
    }
    for (;;) {
        nextLane = 0;
        goOn(&scheduler, next());
        if (fault != SUCCESS) {
            return;
        }
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

void beginThreads() {
    unsigned i = 0;
    for (unsigned z = 0; z < blockDim.z; z++) {
        for (unsigned y = 0; y < blockDim.y; y++) {
            for (unsigned x = 0; x < blockDim.x; x++, i++) {
                threads[i].state = NEW;
                threads[i].index = {x, y, z};
            }
        }
    }
    orOfBlock = orSoFar = 0;
}

void runBlock(const Order& warps, const Order& order) {
    beginThreads();
    beginShared();
    for (;;) {
        for (unsigned long w = 0; w < warps.n && fault == SUCCESS; w++) {
            runWarp(static_cast<int>(warps.at(w)) * LANES, order);
        }
        if (fault != SUCCESS) {
            return;
        }
        const Thread& first = threads[0];
        for (int i = 1; i < threadCount; i++) {
            if (threads[i].state != first.state || (first.state == AT_BLOCK && !same(threads[i].place, first.place))) {
                diverged(first, threads[i]);
                return;
            }
        }
        if (first.state == GONE) {
            break;
        }
        for (int i = 0; i < threadCount; i++) {
            threads[i].state = READY;
        }
        orOfBlock = orSoFar;
        orSoFar = 0;
    }
    fault = checkShared(name);
}

}  // namespace

int waitForBlock(int value, Place place) {
    orSoFar |= value;
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
    current->value = value;
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
    snprintf(text, sizeof(text), "%s, block (%u, %u, %u), %s", name, blockIdx.x, blockIdx.y, blockIdx.z, nameOf(*current));
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
    beginLaunch(what.sharedBytes, what.sharedMost);
    forgetFibers();
    Order blocks, warps, order;
    blocks.of(what.order, static_cast<unsigned long>(gridDim.x) * gridDim.y * gridDim.z);
    warps.of(what.order, static_cast<unsigned long>(threadCount + LANES - 1) / LANES);
    order.of(what.order, LANES);
    for (unsigned long i = 0; i < blocks.n && fault == SUCCESS; i++) {
        unsigned long at = blocks.at(i);
        blockIdx.x = static_cast<unsigned>(at % gridDim.x);
        blockIdx.y = static_cast<unsigned>(at / gridDim.x % gridDim.y);
        blockIdx.z = static_cast<unsigned>(at / gridDim.x / gridDim.y);
        runBlock(warps, order);
    }
    call = nullptr;
    if (fault == SUCCESS && aStackOverflowed()) {
        return refuse(LAUNCH_FAILED, "%s: the local variables of a thread take more than %d bytes", name, STACK_BYTES);
    }
    return fault;
}

}  // namespace emulator
