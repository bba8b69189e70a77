// A kernel that reads or writes where no memory is would end the whole process. While one runs, the signal of it
// becomes an error of the launch instead; any other signal is passed on to whom it would have gone.
#include "crash.h"

#include <signal.h>

#include "block.h"
#include "fibers.h"

namespace emulator {
namespace {

#ifdef __APPLE__
constexpr int SIGNAL = SIGBUS;
#else
constexpr int SIGNAL = SIGSEGV;
#endif

struct sigaction old;
thread_local bool guarded = false;

void onSignal(int signal, siginfo_t* info, void* context) {
    if (guarded && aKernelRuns()) {
        if (isOverflowed(__builtin_frame_address(0))) {
            complain(STACK_OVERFLOWED, whoRuns(), STACK_BYTES);
            fail(LAUNCH_FAILED);
        }
        // An address that is not a multiple of 16 where 16 bytes move at once comes without the address.
        bool misaligned = info->si_addr == nullptr && info->si_code > SEGV_ACCERR;
        if (misaligned) {
            complain("%s: a misaligned access, or an address that cannot be", whoRuns());
        } else {
            complain("%s: no memory at %p", whoRuns(), info->si_addr);
        }
        fail(misaligned ? MISALIGNED_ADDRESS : ILLEGAL_ADDRESS);
    }
    if (old.sa_flags & SA_SIGINFO) {
        old.sa_sigaction(signal, info, context);
    } else if (old.sa_handler == SIG_DFL || old.sa_handler == SIG_IGN) {
        sigaction(signal, &old, nullptr);  // It happens again, and ends the process.
    } else {
        old.sa_handler(signal);
    }
}

}  // namespace

void guardKernels() {
    struct sigaction now = {};
    now.sa_sigaction = onSignal;
    now.sa_flags = SA_SIGINFO | SA_NODEFER;  // As the handler is left by a change of fiber.
    sigaction(SIGNAL, &now, &old);
    guarded = true;
}

void unguardKernels() {
    guarded = false;
    sigaction(SIGNAL, &old, nullptr);
}

}  // namespace emulator
