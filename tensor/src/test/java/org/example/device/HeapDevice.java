package org.example.device;

import gradus.tensor.kernel.Device;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.MovementKernels;
import gradus.tensor.kernel.PointwiseKernels;
import gradus.tensor.kernel.ProductKernels;
import gradus.tensor.kernel.ReductionKernels;
import gradus.tensor.memory.Memory;
import gradus.tensor.type.DType;

/// A device of somebody else's: Java arrays, and the four families of kernels that every device needs, in loops. It has
/// no fused kernels at all.
public final class HeapDevice implements Device {
    private static final Kernels KERNELS = new HeapKernels();

    @Override
    public String name() {
        return "heap";
    }

    @Override
    public Memory memory() {
        return HeapMemory.INSTANCE;
    }

    @Override
    public Kernels kernels(DType dtype) {
        return KERNELS;
    }

    private static final class HeapKernels implements Kernels {
        private final PointwiseKernels pointwise = new HeapPointwise();
        private final ReductionKernels reductions = new HeapReductions();
        private final MovementKernels movements = new HeapMovements();
        private final ProductKernels products = new HeapProducts();

        @Override
        public String name() {
            return "heap";
        }

        @Override
        public PointwiseKernels pointwise() {
            return pointwise;
        }

        @Override
        public ReductionKernels reductions() {
            return reductions;
        }

        @Override
        public MovementKernels movements() {
            return movements;
        }

        @Override
        public ProductKernels products() {
            return products;
        }
    }
}
