package gradus.train.cli.machine;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// How much memory there is, in GiB.
///
/// @param limit what a container allows, if it allows less than the machine has
public record MachineMemory(double physical, double free, Optional<Double> limit) {
    public static final double GIB = 1L << 30;

    /// Where Linux tells a container's limit, of version 2 and 1 of control groups.
    private static final List<Path> LIMITS =
            List.of(Path.of("/sys/fs/cgroup/memory.max"), Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes"));

    public static MachineMemory look() {
        var system = ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
        double physical = system.getTotalMemorySize() / GIB;
        Optional<Double> limit = LIMITS.stream()
                .flatMap(file -> number(file).stream())
                .map(bytes -> bytes / GIB)
                .findFirst();
        return new MachineMemory(physical, system.getFreeMemorySize() / GIB, limit.filter(gib -> gib <= physical));
    }

    /// The number in a file; none if it says `max` or is not there.
    private static Optional<Double> number(Path file) {
        try {
            String text = Files.readString(file).strip();
            return text.matches("\\d+") ? Optional.of(Double.parseDouble(text)) : Optional.empty();
        } catch (IOException absent) {
            return Optional.empty();
        }
    }
}
