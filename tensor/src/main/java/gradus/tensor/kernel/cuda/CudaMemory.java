package gradus.tensor.kernel.cuda;

import gradus.error.ResourceException;
import gradus.tensor.memory.Block;
import gradus.tensor.memory.Memory;
import gradus.tensor.type.DType;
import java.util.Locale;

/// The memory of one card.
final class CudaMemory implements Memory {
    /// The largest size class of the pool below 2³¹: kernels count elements in 32 bits, and go a little past the last.
    private static final long MOST_ELEMENTS = (1L << 31) - (1L << 27);

    private final int ordinal;
    private volatile Card card;

    CudaMemory(int ordinal) {
        this.ordinal = ordinal;
    }

    /// The card, opened at the first call; [Card#Card] says what may be thrown.
    Card card() {
        Card opened = card;
        return opened != null ? opened : open();
    }

    private synchronized Card open() {
        if (card == null) {
            card = new Card(ordinal, this);
        }
        return card;
    }

    boolean isOpen() {
        return card != null;
    }

    /// Closes the card, for who opened it to look at it.
    synchronized void close() {
        if (card != null) {
            card.close();
            card = null;
        }
    }

    @Override
    public String name() {
        return ordinal == 0 ? "gpu" : "gpu:" + ordinal;
    }

    /// The card says by itself when it has no more.
    @Override
    public long limit() {
        return Long.MAX_VALUE;
    }

    @Override
    public String exhausted(long bytes, long held) {
        Card full = card();
        return String.format(
                Locale.ROOT,
                "the %s's memory exhausted: %,d bytes more were asked for while %,d are held by tensors and %,d of %,d are"
                        + " free; use a smaller batch, context or model, end other programs on this card, or compute on the CPU",
                full.name,
                bytes,
                held,
                full.freeMemory(),
                full.driver.totalMemory(full.device));
    }

    @Override
    public Block allocate(DType dtype, long capacity) {
        if (dtype != DType.FLOAT32) {
            throw new ResourceException(
                    "gpu: float64 tensors stay in the host's memory; this one was to lie on the card");
        }
        if (capacity > MOST_ELEMENTS) {
            throw new ResourceException(String.format(
                    Locale.ROOT,
                    "gpu: one tensor has room for at most %,d elements; cut it into several",
                    MOST_ELEMENTS));
        }
        Card ours = card();
        ours.launches();
        long start = ours.driver.allocate(capacity * dtype.bytes());
        if (start == 0) {
            throw new OutOfMemoryError("cuMemAlloc of " + capacity * dtype.bytes() + " bytes");
        }
        return new CudaBlock(ours, capacity, start);
    }
}
