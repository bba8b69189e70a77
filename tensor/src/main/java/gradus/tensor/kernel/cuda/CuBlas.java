package gradus.tensor.kernel.cuda;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import gradus.error.ConfigException;
import gradus.error.ResourceException;
import gradus.tensor.kernel.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// NVIDIA's own library of matrix products, where the system property `gradus.cublas` names its file, such as
/// `/usr/local/cuda/lib64/libcublas.so`; `auto` looks where the system looks for libraries. Without the property our
/// own kernels multiply. cuBLAS chooses its kernels by the card and its version, so its sums are added in another order
/// on another machine.
final class CuBlas {
    static final String PROPERTY = "gradus.cublas";

    private static final int TF32_MATH = 3; // CUBLAS_TF32_TENSOR_OP_MATH
    private static final MemoryLayout L = JAVA_LONG;
    private static final MemoryLayout I = JAVA_INT;

    private final Card card;
    private final SymbolLookup library;
    private final MethodHandle multiply;
    private final long handle;
    private boolean tf32;
    private final MemorySegment factors = Arena.global().allocate(JAVA_FLOAT, 2);

    private CuBlas(Card card, SymbolLookup library) {
        this.card = card;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment created = arena.allocate(JAVA_LONG);
            call(library, "cublasCreate_v2", new MemoryLayout[] {L}, created.address());
            handle = created.get(JAVA_LONG, 0);
        }
        call(library, "cublasSetStream_v2", new MemoryLayout[] {L, L}, handle, card.stream);
        this.library = library;
        multiply = bind(library, "cublasSgemmStridedBatched", L, I, I, I, I, I, L, L, I, L, L, I, L, L, L, I, L, I);
    }

    /// cuBLAS, or null where the property is not set, or says `auto` and there is none.
    ///
    /// @throws ConfigException if the file that the property names cannot be loaded
    static CuBlas open(Card card) {
        String named = System.getProperty(PROPERTY);
        if (named == null) {
            return null;
        }
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        String[] candidates = !named.equals("auto")
                ? new String[] {named}
                : windows
                        ? new String[] {"cublas64_13.dll", "cublas64_12.dll", "cublas64_11.dll"}
                        : new String[] {"libcublas.so.13", "libcublas.so.12", "libcublas.so.11", "libcublas.so"};
        for (String candidate : candidates) {
            try {
                card.launches();
                return new CuBlas(
                        card,
                        candidate.indexOf('/') >= 0
                                ? SymbolLookup.libraryLookup(Path.of(candidate), Arena.global())
                                : SymbolLookup.libraryLookup(candidate, Arena.global()));
            } catch (IllegalArgumentException missing) {
                if (!named.equals("auto")) {
                    throw new ConfigException(
                            PROPERTY + ": " + named + " cannot be loaded; leave it out for our own kernels", missing);
                }
            }
        }
        return null;
    }

    /// `C = alpha·A·B + beta·C` for each of a batch, C not transposed. cuBLAS counts along columns, so to it our
    /// matrices are transposed, and it is asked for `Cᵀ = Bᵀ·Aᵀ`.
    synchronized void multiply(int batch, float alpha, Matrix a, Matrix b, float beta, Matrix c) {
        factors.setAtIndex(JAVA_FLOAT, 0, alpha);
        factors.setAtIndex(JAVA_FLOAT, 1, beta);
        card.launches();
        if (tf32 != card.tf32()) {
            tf32 = card.tf32();
            call(library, "cublasSetMathMode", new MemoryLayout[] {L, I}, handle, tf32 ? TF32_MATH : 0);
        }
        try {
            int status = (int) multiply.invokeExact(
                    handle,
                    b.transposed() ? 1 : 0,
                    a.transposed() ? 1 : 0,
                    b.columns(),
                    a.rows(),
                    a.columns(),
                    factors.address(),
                    at(b),
                    b.stride(),
                    (long) b.batchStride(),
                    at(a),
                    a.stride(),
                    (long) a.batchStride(),
                    factors.address() + Float.BYTES,
                    at(c),
                    c.stride(),
                    (long) c.batchStride(),
                    batch);
            check("cublasSgemmStridedBatched", status);
        } catch (RuntimeException known) {
            throw known;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    private long at(Matrix m) {
        return card.address(m.buffer()) + (long) Float.BYTES * m.offset();
    }

    private static MethodHandle bind(SymbolLookup library, String function, MemoryLayout... types) {
        MemorySegment symbol = library.find(function)
                .orElseThrow(() -> new ConfigException(
                        PROPERTY + ": this library has no " + function + "; cuBLAS 11 or newer is needed"));
        return Linker.nativeLinker().downcallHandle(symbol, FunctionDescriptor.of(JAVA_INT, types));
    }

    private static void call(SymbolLookup library, String function, MemoryLayout[] types, Object... arguments) {
        try {
            check(function, (int) bind(library, function, types).invokeWithArguments(arguments));
        } catch (RuntimeException known) {
            throw known;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static void check(String function, int status) {
        if (status != 0) {
            throw new ResourceException("gpu: " + function + " failed with cuBLAS's status " + status + "; leave out -D"
                    + PROPERTY + " for our own kernels");
        }
    }
}
