package gradus.train.cli.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A graphics card as NVIDIA's own `nvidia-smi` tells of it.
public record Gpu(String name, double computeCapability, String memory, String driver) {
    /// ND4J 1.0.0-M2.1 holds machine code for compute capability 3.7 to 8.6 and none that a driver could translate
    /// for later generations. Code for 8.6 also runs on 8.9.
    public static final String SERVED = "3.7 to 8.9 (up to the RTX 40 series; not H100, not RTX 50)";

    private static final double OLDEST = 3.7;
    private static final double NEWEST = 8.9;
    private static final int PATIENCE_SECONDS = 10;

    public boolean usable() {
        return computeCapability >= OLDEST && computeCapability <= NEWEST;
    }

    /// Every card of this machine; none where `nvidia-smi` is missing or fails.
    public static List<Gpu> all() {
        Path answer = null;
        try {
            answer = Files.createTempFile("gradus", ".csv");
            Process process = new ProcessBuilder(
                            "nvidia-smi",
                            "--query-gpu=name,compute_cap,memory.total,driver_version",
                            "--format=csv,noheader")
                    .redirectOutput(answer.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return List.of();
            }
            return process.exitValue() == 0 ? parse(Files.readString(answer, StandardCharsets.UTF_8)) : List.of();
        } catch (IOException absent) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        } finally {
            delete(answer);
        }
    }

    private static void delete(Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException leftBehind) {
            // A few bytes in the system's temporary folder.
        }
    }

    /// Reads lines such as `NVIDIA GeForce RTX 3060, 8.6, 12288 MiB, 550.54`.
    public static List<Gpu> parse(String csv) {
        return csv.lines()
                .map(line -> line.split(", *"))
                .filter(fields -> fields.length == 4 && fields[1].matches("\\d+\\.\\d+"))
                .map(fields -> new Gpu(fields[0], Double.parseDouble(fields[1]), fields[2], fields[3].strip()))
                .toList();
    }
}
