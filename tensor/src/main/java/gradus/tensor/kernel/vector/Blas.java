package gradus.tensor.kernel.vector;

import gradus.tensor.memory.NativeSettings;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/// Calls into ND4J's own OpenBLAS, on addresses. BLAS runs on one thread inside each of ours: two Java threads with a
/// product each are faster at every size than OpenBLAS with two threads, the split is static, and an epilogue can
/// follow a block while it is in cache.
public final class Blas {
    private static final int ROW_MAJOR = 101;
    private static final int NO_TRANSPOSE = 111;
    private static final int TRANSPOSE = 112;

    private static final boolean LOADED = loadLibrary();
    private static final Optional<MemorySegment> SYMBOL = load("cblas_sgemm");
    private static final MethodHandle SGEMM = SYMBOL.map(Blas::sgemmHandle).orElse(null);

    private Blas() {}

    /// Whether OpenBLAS was found.
    public static boolean available() {
        return SGEMM != null;
    }

    /// The kernels that OpenBLAS chose, such as `SkylakeX`, or `unknown`.
    public static String coreName() {
        return load("openblas_get_corename")
                .map(symbol -> {
                    try {
                        MethodHandle name = Linker.nativeLinker()
                                .downcallHandle(symbol, FunctionDescriptor.of(ValueLayout.ADDRESS));
                        return ((MemorySegment) name.invokeExact())
                                .reinterpret(64)
                                .getString(0);
                    } catch (Throwable missing) {
                        return "unknown";
                    }
                })
                .orElse("unknown");
    }

    /// `C = alpha·A·B + beta·C` on this thread. A is m×k, B is k×n, each perhaps stored transposed; addresses are of
    /// the first element and strides in elements.
    static void sgemm(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float alpha,
            long a,
            int strideA,
            long b,
            int strideB,
            float beta,
            long c,
            int strideC) {
        try {
            SGEMM.invokeExact(
                    ROW_MAJOR,
                    transposeA ? TRANSPOSE : NO_TRANSPOSE,
                    transposeB ? TRANSPOSE : NO_TRANSPOSE,
                    m,
                    n,
                    k,
                    alpha,
                    a,
                    strideA,
                    b,
                    strideB,
                    beta,
                    c,
                    strideC);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /// The library comes with ND4J's CPU backend, but ND4J need not start for it.
    private static boolean loadLibrary() {
        NativeSettings.apply();
        try {
            Loader.load(openblas_nolapack.class);
            return true;
        } catch (LinkageError notHere) {
            return false;
        }
    }

    private static Optional<MemorySegment> load(String symbol) {
        return LOADED ? SymbolLookup.loaderLookup().find(symbol) : Optional.empty();
    }

    private static MethodHandle sgemmHandle(MemorySegment symbol) {
        var int32 = ValueLayout.JAVA_INT;
        var int64 = ValueLayout.JAVA_LONG;
        var float32 = ValueLayout.JAVA_FLOAT;
        Linker linker = Linker.nativeLinker();
        load("openblas_set_num_threads").ifPresent(threads -> {
            try {
                linker.downcallHandle(threads, FunctionDescriptor.ofVoid(int32)).invokeExact(1);
            } catch (Throwable impossible) {
                throw new AssertionError(impossible);
            }
        });
        return linker.downcallHandle(
                symbol,
                FunctionDescriptor.ofVoid(
                        int32, int32, int32, int32, int32, int32, float32, int64, int32, int64, int32, float32, int64,
                        int32));
    }
}
