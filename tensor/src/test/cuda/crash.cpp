// A kernel that reads or writes where no memory is would end the whole process. While one runs, the signal of it becomes
// an error of the launch instead; any other signal is passed on to whom it would have gone.
#include "crash.h"

#include <signal.h>

#include "block.h"

namespace emulator {
namespace {

struct sigaction before[2];
thread_local bool guarded = false;

void onSignal(int signal, siginfo_t* info, void* context) {
    if (guarded && aKernelRuns()) {
        // An address that is not a multiple of 16 where 16 bytes move at once comes without the address.
        bool misaligned = info->si_addr == nullptr && info->si_code > SEGV_ACCERR;
        if (misaligned) {
            complain("%s: a misaligned access, or an address that cannot be", whoRuns());
        } else {
            complain("%s: no memory at %p", whoRuns(), info->si_addr);
        }
        fail(misaligned ? MISALIGNED_ADDRESS : ILLEGAL_ADDRESS);
    }
    struct sigaction& old = before[signal == SIGBUS];
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
    sigaction(SIGSEGV, &now, &before[0]);
    sigaction(SIGBUS, &now, &before[1]);
    guarded = true;
}

void unguardKernels() {
    guarded = false;
    sigaction(SIGSEGV, &before[0], nullptr);
    sigaction(SIGBUS, &before[1], nullptr);
}

}  // namespace emulator
