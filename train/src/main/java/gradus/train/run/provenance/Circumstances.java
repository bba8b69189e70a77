package gradus.train.run.provenance;

import com.fasterxml.jackson.annotation.JsonInclude;
import gradus.tensor.kernel.Device;
import gradus.tensor.memory.NativeSettings;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// When a run was begun, and on what: what its numbers may depend on besides its settings.
///
/// @param date     in UTC
/// @param commit   of the checkout that the program runs from; empty where there is none
/// @param jvm      Java's version and maker
/// @param os       system and processor
/// @param coreType the processor as OpenBLAS names it, which its kernels are chosen by; empty where nobody knows
/// @param cores    how many processors Java sees
/// @param device   what computed: `host`, or a GPU's name; null in a run of an earlier version, which knew the host
/// only
public record Circumstances(
        String date,
        String commit,
        String jvm,
        String os,
        String coreType,
        int cores,
        @JsonInclude(JsonInclude.Include.NON_NULL) String device) {

    public static Circumstances now() {
        String forced = NativeSettings.forcedCoreType();
        String suited = NativeSettings.suitedCoreType();
        return new Circumstances(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                Commit.of(program()).or(() -> Commit.of(Path.of(""))).orElse(""),
                Runtime.version() + " " + System.getProperty("java.vendor", ""),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                forced != null ? forced : suited != null ? suited : "",
                Runtime.getRuntime().availableProcessors(),
                Device.current().description());
    }

    private static Path program() {
        try {
            return Path.of(Circumstances.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException | RuntimeException notAFile) {
            return Path.of("");
        }
    }
}
