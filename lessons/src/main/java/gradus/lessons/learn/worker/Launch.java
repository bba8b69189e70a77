package gradus.lessons.learn.worker;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// How a worker's process is started.
///
/// @param course    name of a class with a static method `exercises` that gives all exercises
/// @param before    what stands before `java` on the command line: the program that fences it in
/// @param folder    where it works
/// @param heap      megabytes of Java's memory
/// @param tensors   megabytes of memory for tensors
/// @param further   further options of the JVM
/// @param compiles  it never runs an answer
public record Launch(
        String course,
        List<String> before,
        Path folder,
        int heap,
        int tensors,
        List<String> further,
        boolean compiles) {
    /// The system property that names an archive of loaded classes, as the launcher makes it: a worker starts
    /// in a third of the time.
    private static final String ARCHIVE = "gradus.archive";

    private static final int HEAP = 384;
    private static final int TENSORS = 512;

    /// For one learner, who sits before it.
    public static Launch of(Class<?> course) {
        return new Launch(
                course.getName(),
                List.of(),
                Path.of(System.getProperty("java.io.tmpdir")),
                HEAP,
                TENSORS,
                List.of(),
                false);
    }

    /// Fenced in by another program.
    ///
    /// @param prefix what stands before `java`
    /// @param in     where it works
    public Launch within(List<String> prefix, Path in, String... options) {
        return new Launch(course, List.copyOf(prefix), in, heap, tensors, List.of(options), compiles);
    }

    Launch toCompile() {
        return new Launch(course, before, folder, heap, tensors, further, true);
    }

    /// One array may take a quarter of the heap.
    long arrayBytes() {
        return ((long) heap << 20) / 4;
    }

    Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command());
        builder.directory(folder.toFile());
        builder.environment().keySet().retainAll(List.of("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SystemRoot"));
        builder.environment().put("OMP_NUM_THREADS", "1");
        builder.redirectError(
                Boolean.getBoolean("gradus.learn.debug")
                        ? ProcessBuilder.Redirect.INHERIT
                        : ProcessBuilder.Redirect.DISCARD);
        return builder.start();
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // What ND4J and the kernels need, as the launcher has it.
        command.addAll(List.of(
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        // Small probes: one compiler and no threads of the collector start faster and vary less.
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx" + heap + "m",
                "-Dorg.bytedeco.javacpp.maxBytes=" + tensors + "m",
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=" + (heap + 2 * tensors + 512) + "m",
                "-Dgradus.threads=1",
                "-Djava.awt.headless=true"));
        // Nothing but replies on standard output, nothing left behind.
        command.addAll(List.of(
                "-XX:+DisplayVMOutputToStderr",
                "-XX:-UsePerfData",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:+DisableAttachMechanism",
                "-XX:ErrorFile=" + (File.separatorChar == '/' ? "/dev/null" : "NUL")));
        String archive = System.getProperty(ARCHIVE, "");
        if (!archive.isEmpty()) {
            // Silent, since a worker's standard output is for its replies: an archive that does not fit is not used.
            command.addAll(List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:disable"));
        }
        command.addAll(further);
        command.addAll(List.of("-cp", classPath(), Worker.class.getName(), course));
        if (compiles) {
            command.add("compile");
        }
        return command;
    }

    /// This process's class path, whatever folder it was started in.
    public static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(each -> !each.isEmpty())
                .map(each -> Path.of(each).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
