package gradus.tensor.jvm;

import java.util.ArrayList;
import java.util.List;

/// The options that this library asks of the JVM it runs in. Without them everything works, slower; a library
/// cannot set them itself, so it says once which are missing and what they would bring.
public final class JvmFlags {
    /// Brings the vector kernels for float32.
    public static final String VECTOR = "--add-modules jdk.incubator.vector";

    /// Lets Java call native code without a warning at every start.
    public static final String NATIVE = "--enable-native-access=ALL-UNNAMED";

    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    /// Looked up when this class loads: the first native call, which the JVM allows with a warning, hides it.
    private static final List<String> MISSING = find();

    private JvmFlags() {}

    /// Whether this JVM was started with the vector module.
    public static boolean hasVectorModule() {
        return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
    }

    /// The options that this JVM was started without. To be asked first before any native call.
    public static List<String> missing() {
        return MISSING;
    }

    private static List<String> find() {
        List<String> missing = new ArrayList<>();
        if (!hasVectorModule()) {
            missing.add(VECTOR);
        }
        if (!JvmFlags.class.getModule().isNativeAccessEnabled()) {
            missing.add(NATIVE);
        }
        return List.copyOf(missing);
    }

    /// What a user is told whose float32 arithmetic is slow for want of an option. The factors are of processor
    /// time, a two-core machine's: steps of a GPT with 4 layers of 128 channels and 12 rows of 64 tokens (1,473
    /// and 121 ms), and MiniLM on single sentences of some twenty tokens (five in 1,220 and 300 ms).
    public static String slowness() {
        return "float32 arithmetic runs without vector kernels: start the JVM with " + String.join(" ", missing())
                + " to train some 12 times and embed some 4 times as fast (measured; README, \"Flags\")";
    }

    /// Tells it, by the logger `gradus.tensor`.
    public static void warnOfSlowness() {
        System.getLogger("gradus.tensor").log(System.Logger.Level.WARNING, slowness());
    }
}
