// The kernels that the driver can launch. A file that the tests write includes a .cu and registers its kernels:
//     #include "softmax.cu"
//     #include "registry.h"
//     static emulator::Kernel softmaxRows_("softmaxRows", 256, softmaxRows);
#pragma once

#include <tuple>
#include <type_traits>

#include "block.h"

namespace emulator {

template <typename... P>
struct CallOf : Call {
    void (*kernel)(P...);
    std::tuple<P...> arguments;

    CallOf(void (*kernel)(P...), void** from) : kernel(kernel) {
        std::apply([&](P&... to) { (memcpy(&to, *from++, sizeof(P)), ...); }, arguments);
    }

    void thread() override { std::apply(kernel, arguments); }

    void pointers(void (*see)(const void*, void*), void* to) const override {
        std::apply(
            [&](const P&... argument) {
                auto look = [&](const auto& a) {
                    if constexpr (std::is_pointer_v<std::decay_t<decltype(a)>>) {
                        see(a, to);
                    }
                };
                (look(argument), ...);
            },
            arguments);
    }
};

struct Kernel {
    const char* name;
    unsigned most;  // Threads of a block.
    unsigned arguments;
    Call* (*bind)(void* kernel, void** arguments);
    void* kernel;
    Kernel* next;

    template <typename... P>
    Kernel(const char* name, unsigned most, void (*kernel)(P...))
        : name(name), most(most), arguments(sizeof...(P)), kernel(reinterpret_cast<void*>(kernel)) {
        bind = [](void* kernel, void** arguments) -> Call* {
            return new CallOf<P...>(reinterpret_cast<void (*)(P...)>(kernel), arguments);
        };
        next = first();
        first() = this;
    }

    static Kernel*& first();
};

}  // namespace emulator
