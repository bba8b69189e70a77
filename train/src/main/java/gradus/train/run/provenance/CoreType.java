package gradus.train.run.provenance;

import gradus.tensor.memory.NativeSettings;
import java.util.Optional;
import java.util.Set;

/// Tells when the environment holds OpenBLAS to slower code than the CPU can run.
public final class CoreType {
    private static final Set<String> AVX512 = Set.of("SKYLAKEX", "COOPERLAKE", "SAPPHIRERAPIDS");
    private static final Set<String> AVX2 = Set.of("HASWELL", "ZEN");

    private CoreType() {}

    /// One line, if there is something to gain.
    public static Optional<String> notice() {
        return notice(NativeSettings.forcedCoreType(), NativeSettings.suitedCoreType());
    }

    public static Optional<String> notice(String forced, String suited) {
        if (forced == null || suited == null) {
            return Optional.empty();
        }
        String core = forced.toUpperCase(java.util.Locale.ROOT);
        boolean fast = AVX512.contains(core) || AVX2.contains(core) && !AVX512.contains(suited);
        return fast
                ? Optional.empty()
                : Optional.of("OPENBLAS_CORETYPE=" + forced + " in the environment slows this CPU down; with " + suited
                        + " or without the variable (unset OPENBLAS_CORETYPE) training is faster");
    }
}
