package gradus.tensor.kernel.cuda;

/// One kernel of a module.
final class CudaFunction {
    private static final int MAX_DYNAMIC_SHARED_MEMORY = 8; // of CUfunction_attribute
    private static final int WITHOUT_ASKING = 48 << 10;

    final String name;
    private final Card card;
    private final CudaModule module;
    private volatile long handle;

    CudaFunction(Card card, CudaModule module, String name) {
        this.card = card;
        this.module = module;
        this.name = name;
    }

    /// Begins a launch, for which arguments are given one by one, in the kernel's order.
    Launch begin() {
        return card.launches().begin(this);
    }

    long handle() {
        long known = handle;
        if (known == 0) {
            known = card.driver.function(module.handle(), name);
            handle = known;
        }
        return known;
    }

    /// Asks the driver for more shared memory than a kernel has without asking. Once is enough.
    CudaFunction withSharedMemory(int bytes) {
        if (bytes > WITHOUT_ASKING) {
            card.launches();
            card.driver.setAttribute(handle(), MAX_DYNAMIC_SHARED_MEMORY, bytes);
        }
        return this;
    }
}
