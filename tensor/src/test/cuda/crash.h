#pragma once

namespace emulator {

void guardKernels();

void unguardKernels();

}  // namespace emulator
