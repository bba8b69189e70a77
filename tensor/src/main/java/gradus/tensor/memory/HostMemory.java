package gradus.tensor.memory;

import gradus.tensor.type.DType;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.bytedeco.javacpp.Pointer;

/// This process's memory outside the Java heap, from C's `malloc`: it may be larger than the heap, native code can
/// compute in it, and a fresh block costs no pass that clears it.
public final class HostMemory implements Memory {
    /// The only one.
    public static final HostMemory INSTANCE = new HostMemory();

    /// Cache lines and AVX-512 registers are 64 bytes; a vector load that straddles two lines costs twice.
    static final int ALIGNMENT = 64;

    private static final MethodHandle MALLOC;
    private static final MethodHandle FREE;

    static {
        NativeSettings.apply(); // before the first native call
        MALLOC = handle("malloc", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
        FREE = handle("free", FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));
    }

    private HostMemory() {}

    private static MethodHandle handle(String function, FunctionDescriptor types) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(function), types);
    }

    @Override
    public String name() {
        return "host";
    }

    /// What the system property `org.bytedeco.javacpp.maxBytes` says, which ND4J obeys too; without it, as much as the
    /// Java heap may take.
    @Override
    public long limit() {
        long limit = Pointer.maxBytes();
        return limit > 0 ? limit : Long.MAX_VALUE;
    }

    @Override
    public Block allocate(DType dtype, long capacity) {
        long bytes = capacity * dtype.bytes() + ALIGNMENT;
        long start = malloc(bytes);
        if (start == 0) {
            throw new OutOfMemoryError("malloc of " + bytes + " bytes");
        }
        return new HostBlock(dtype, capacity, start, (start + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    }

    private static long malloc(long bytes) {
        try {
            return (long) MALLOC.invokeExact(bytes);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static void free(long start) {
        try {
            FREE.invokeExact(start);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /// The bytes at an address.
    static MemorySegment at(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }
}
