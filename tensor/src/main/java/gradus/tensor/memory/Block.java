package gradus.tensor.memory;

import gradus.tensor.DType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/// A run of backend memory that the pool lends again and again. The flat INDArray over it is made once, with it.
final class Block {
    /// Cache lines and AVX-512 registers are 64 bytes; a vector load that straddles two lines costs twice.
    static final int ALIGNMENT = 64;

    final DType dtype;
    final long capacity;
    final INDArray owner;
    final long offset;
    final long address;

    /// Counts lendings, so that a late return of an earlier one is told apart from the present one.
    int lending;

    /// Whether an INDArray over this memory is in other hands, so that it is not lent again.
    volatile boolean handedOut;

    /// Takes fresh memory from ND4J.
    Block(DType dtype, long capacity) {
        int slack = ALIGNMENT / dtype.bytes();
        this.dtype = dtype;
        this.capacity = capacity;
        this.owner = Nd4j.createUninitialized(dtype.nd4j(), capacity + slack);
        // On a GPU nobody but ND4J looks at the memory, and there may be none on this side.
        long start = Backend.isCpu() ? owner.data().pointer().address() : 0;
        this.offset = (ALIGNMENT - (start % ALIGNMENT)) % ALIGNMENT / dtype.bytes();
        this.address = start + offset * dtype.bytes();
    }

    long bytes() {
        return capacity * dtype.bytes();
    }
}
