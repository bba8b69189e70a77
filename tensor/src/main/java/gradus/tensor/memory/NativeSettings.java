package gradus.tensor.memory;

import gradus.tensor.jvm.JvmFlags;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/// What native libraries read from the environment when they load, set so that they are fast. OpenBLAS 0.3.19 picks its
/// kernels when its library loads and takes every CPU newer than itself for an old one, at up to five times the cost;
/// the environment variable `OPENBLAS_CORETYPE` overrules it. So the variable is set, inside this process, before
/// OpenBLAS or ND4J loads. A value that the user set stays.
///
/// Likewise for `OMP_NUM_THREADS`. ND4J splits its own operations over OpenMP's threads, which wait for one another by
/// spinning; operations as small as a model's then cost more than on one thread, and a hundredfold where other programs
/// want the cores too. Gradus splits work over threads of its own, see [gradus.tensor.kernel.vector.Parallel].
public final class NativeSettings {
    private static final String CORE_TYPE = "OPENBLAS_CORETYPE";
    private static final String OPENMP_THREADS = "OMP_NUM_THREADS";
    private static final String FORCED = variable(CORE_TYPE);
    private static final String CHOSEN = choose();
    private static final boolean ONE_THREAD = variable(OPENMP_THREADS) == null;

    static {
        JvmFlags.missing(); // looks before the first native call
        if (FORCED == null && CHOSEN != null) {
            setEnvironment(CORE_TYPE, CHOSEN);
        }
        if (ONE_THREAD) {
            setEnvironment(OPENMP_THREADS, "1");
        }
    }

    private NativeSettings() {}

    /// Sets the variables, once; to be called before a native library loads.
    public static void apply() {
        // The class has done it.
    }

    /// Whether OpenMP was left to Gradus, which gives it one thread.
    static boolean oneThread() {
        return ONE_THREAD;
    }

    /// The core type that the user's environment forces, or null.
    public static String forcedCoreType() {
        return FORCED;
    }

    /// The core type that suits this CPU, or null where OpenBLAS is left to itself.
    public static String suitedCoreType() {
        return CHOSEN;
    }

    /// What the user's environment says, or null.
    private static String variable(String name) {
        String value = System.getenv(name);
        return value == null || value.isBlank() ? null : value;
    }

    private static String choose() {
        String arch = System.getProperty("os.arch");
        if (!arch.equals("amd64") && !arch.equals("x86_64")) {
            return null;
        }
        String flags = cpuFlags();
        if (flags.contains("avx512f")) {
            return "SKYLAKEX";
        }
        return flags.contains("avx2") ? "HASWELL" : null;
    }

    /// The CPU's feature names: Linux lists them; elsewhere the JVM's own choice of vector width stands for
    /// them.
    static String cpuFlags() {
        try {
            Path cpuinfo = Path.of("/proc/cpuinfo");
            if (Files.isReadable(cpuinfo)) {
                return Files.readString(cpuinfo);
            }
            int useAvx = Integer.parseInt(java.lang.management.ManagementFactory.getPlatformMXBean(
                            com.sun.management.HotSpotDiagnosticMXBean.class)
                    .getVMOption("UseAVX")
                    .getValue());
            return useAvx >= 3 ? "avx512f" : useAvx == 2 ? "avx2" : "";
        } catch (IOException | RuntimeException unknown) {
            return "";
        }
    }

    private static void setEnvironment(String name, String value) {
        Linker linker = Linker.nativeLinker();
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment nameC = arena.allocateFrom(name);
            MemorySegment valueC = arena.allocateFrom(value);
            if (windows) {
                SymbolLookup runtime = SymbolLookup.libraryLookup("ucrtbase", Arena.global());
                MethodHandle putenv = linker.downcallHandle(
                        runtime.find("_putenv_s").orElseThrow(),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
                int unused = (int) putenv.invokeExact(nameC, valueC);
            } else {
                MethodHandle setenv = linker.downcallHandle(
                        linker.defaultLookup().find("setenv").orElseThrow(),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
                int unused = (int) setenv.invokeExact(nameC, valueC, 1);
            }
        } catch (Throwable missing) {
            // Speed is lost, nothing else; `gradus doctor` shows the core type that came of it.
        }
    }
}
