package gradus.tensor.kernel.cuda;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import gradus.error.ResourceException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/// The library that NVIDIA's driver brings, and its functions made callable.
///
/// The system property `gradus.cuda.driver` names another library to load instead, which is how the tests compute on
/// an emulated card.
final class DriverLibrary {
    static final String PROPERTY = "gradus.cuda.driver";

    private static final int MOST_WORDS = 1024; // of an error's text, in bytes

    private final Linker linker = Linker.nativeLinker();
    private final SymbolLookup functions;
    private final MethodHandle errorName;
    private final MethodHandle errorString;

    private DriverLibrary(SymbolLookup functions) {
        this.functions = functions;
        errorName = bind("cuGetErrorName", JAVA_INT, JAVA_LONG);
        errorString = bind("cuGetErrorString", JAVA_INT, JAVA_LONG);
    }

    /// @throws ResourceException if there is none, or the JVM may not call it
    static DriverLibrary load() {
        String named = System.getProperty(PROPERTY);
        String file = named != null
                ? named
                : System.getProperty("os.name").startsWith("Windows") ? "nvcuda.dll" : "libcuda.so.1";
        try {
            return new DriverLibrary(
                    named == null
                            ? SymbolLookup.libraryLookup(file, Arena.global())
                            : SymbolLookup.libraryLookup(Path.of(named), Arena.global()));
        } catch (IllegalArgumentException missing) {
            throw new ResourceException(
                    "gpu: there is no NVIDIA driver here (" + file
                            + " cannot be loaded); install one, or compute on the CPU",
                    missing);
        } catch (IllegalCallerException forbidden) {
            throw new ResourceException(
                    "gpu: this JVM may not call the NVIDIA driver; start it with --enable-native-access=ALL-UNNAMED",
                    forbidden);
        }
    }

    /// A function that returns the number of an error, or 0.
    MethodHandle bind(String function, MemoryLayout... arguments) {
        MemorySegment symbol = functions
                .find(function)
                .orElseThrow(() -> new ResourceException(
                        "gpu: the NVIDIA driver is too old: it lacks " + function + "; driver 450 or newer is needed"));
        return linker.downcallHandle(symbol, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    /// Binds a function and calls it.
    int call(String function, MemoryLayout[] types, Object... arguments) {
        try {
            return (int) bind(function, types).invokeWithArguments(arguments);
        } catch (ResourceException known) {
            throw known;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /// An error's name and what the driver says of it.
    String describe(int code) {
        return text(errorName, code) + ", " + text(errorString, code);
    }

    private static String text(MethodHandle function, int code) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pointer = arena.allocate(JAVA_LONG);
            int known = (int) function.invokeExact(code, pointer.address());
            long text = pointer.get(JAVA_LONG, 0);
            return known != 0 || text == 0
                    ? "error " + code
                    : MemorySegment.ofAddress(text).reinterpret(MOST_WORDS).getString(0);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }
}
