#include "fibers.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#if !defined(__x86_64__) && !defined(__aarch64__)
#define FIBERS_OF_THE_SYSTEM
#endif
#ifdef FIBERS_OF_THE_SYSTEM
#include <ucontext.h>
#endif

namespace emulator {
namespace {

// 17 lines more than a power of two: else the tops of all stacks would fall into the same few lines of the cache.
constexpr int STRIDE = STACK_BYTES + 17 * 64;
constexpr int SPARE = 8;  // Never used: a stack that overflows runs into them, not into other memory.
constexpr int MOST = SPARE + 1024 + 1;
constexpr uint64_t END = 0x656e64206f662e2eull;

unsigned char* stacks = nullptr;
int freeStacks[MOST];
int freeCount = 0;

uint64_t& endOf(int stack) { return *reinterpret_cast<uint64_t*>(stacks + static_cast<size_t>(stack) * STRIDE); }

void makeStacks() {
    size_t bytes = static_cast<size_t>(STRIDE) * MOST;
    void* all = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED) {
        abort();
    }
#ifdef MADV_HUGEPAGE
    madvise(all, bytes, MADV_HUGEPAGE);
#endif
    stacks = static_cast<unsigned char*>(all);
    forgetFibers();
}

}  // namespace

void forgetFibers() {
    if (stacks == nullptr) {
        return;
    }
    freeCount = 0;
    for (int i = MOST - 1; i >= SPARE; i--) {
        freeStacks[freeCount++] = i;
    }
}

static int stackOf(void* within) { return static_cast<int>((static_cast<unsigned char*>(within) - stacks) / STRIDE); }

void giveBackFiber(void* within) { freeStacks[freeCount++] = stackOf(within); }

bool isOverflowed(void* within) {
    int stack = stackOf(within);
    // Or the one behind it, whose fiber has then written over this one. Never used, it still holds 0.
    bool behind = stack + 1 < MOST && endOf(stack + 1) != END && endOf(stack + 1) != 0;
    return stack < SPARE || endOf(stack) != END || behind;
}

static int takeStack() {
    if (stacks == nullptr) {
        makeStacks();
    }
    int stack = freeStacks[--freeCount];
    endOf(stack) = END;
    return stack;
}

}  // namespace emulator

#if defined(FIBERS_OF_THE_SYSTEM)

namespace emulator {

// The system's own fibers: right everywhere, and slower, as each change asks the system twice.
static ucontext_t contexts[MOST + 1];

void change(void** from, void* to) {
    ucontext_t here;
    *from = &here;
    swapcontext(&here, static_cast<ucontext_t*>(to));
}

void* newFiber(void (*body)()) {
    int stack = takeStack();
    ucontext_t* context = &contexts[stack];
    getcontext(context);
    context->uc_stack.ss_sp = stacks + static_cast<size_t>(stack) * STRIDE + sizeof(uint64_t);
    context->uc_stack.ss_size = STACK_BYTES - sizeof(uint64_t);
    context->uc_link = nullptr;
    makecontext(context, body, 0);
    return context;
}

}  // namespace emulator

#else

extern "C" void emulatorChange(void** from, void* to) __asm__("emulatorChange");

// What a function must leave as it was goes onto the old stack and comes from the new one.
#if defined(__x86_64__)
__asm__(
    ".text\n"
    ".p2align 4\n"
    "emulatorChange:\n"
    "  push %rbp; push %rbx; push %r12; push %r13; push %r14; push %r15\n"
    "  mov %rsp, (%rdi)\n"
    "  mov %rsi, %rsp\n"
    "  pop %r15; pop %r14; pop %r13; pop %r12; pop %rbx; pop %rbp\n"
    "  ret\n");
constexpr int RETURN = 6, FRAME = 8;
#else
__asm__(
    ".text\n"
    ".p2align 4\n"
    "emulatorChange:\n"
    "  sub sp, sp, #160\n"
    "  stp x19, x20, [sp, #0]\n"
    "  stp x21, x22, [sp, #16]\n"
    "  stp x23, x24, [sp, #32]\n"
    "  stp x25, x26, [sp, #48]\n"
    "  stp x27, x28, [sp, #64]\n"
    "  stp x29, x30, [sp, #80]\n"
    "  stp d8, d9, [sp, #96]\n"
    "  stp d10, d11, [sp, #112]\n"
    "  stp d12, d13, [sp, #128]\n"
    "  stp d14, d15, [sp, #144]\n"
    "  mov x9, sp\n"
    "  str x9, [x0]\n"
    "  mov sp, x1\n"
    "  ldp x19, x20, [sp, #0]\n"
    "  ldp x21, x22, [sp, #16]\n"
    "  ldp x23, x24, [sp, #32]\n"
    "  ldp x25, x26, [sp, #48]\n"
    "  ldp x27, x28, [sp, #64]\n"
    "  ldp x29, x30, [sp, #80]\n"
    "  ldp d8, d9, [sp, #96]\n"
    "  ldp d10, d11, [sp, #112]\n"
    "  ldp d12, d13, [sp, #128]\n"
    "  ldp d14, d15, [sp, #144]\n"
    "  add sp, sp, #160\n"
    "  ret\n");
constexpr int RETURN = 11, FRAME = 20;
#endif

namespace emulator {

void change(void** from, void* to) { emulatorChange(from, to); }

void* newFiber(void (*body)()) {
    int stack = takeStack();
    auto top = reinterpret_cast<uintptr_t>(stacks + static_cast<size_t>(stack) * STRIDE + STACK_BYTES) & ~uintptr_t{63};
    auto* frame = reinterpret_cast<void**>(top) - FRAME;
    memset(frame, 0, FRAME * sizeof(void*));
    frame[RETURN] = reinterpret_cast<void*>(body);
    return frame;
}

}  // namespace emulator

#endif
