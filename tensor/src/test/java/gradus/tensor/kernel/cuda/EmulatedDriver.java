package gradus.tensor.kernel.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Builds the emulated CUDA device: a library with the functions of CUDA's driver, in which the kernels of the `.cu`
/// files run on this processor. An object file is compiled again only when its text has changed.
public final class EmulatedDriver {
    private static final Path MODULE = module();
    static final Path EMULATOR = MODULE.resolve("src/test/cuda");
    private static final Path KERNELS = MODULE.resolve("src/main/cuda");
    private static final Path OUT = MODULE.resolve("target/emulator");
    private static final Pattern KERNEL =
            Pattern.compile("^\\s*KERNEL\\((\\w+)\\)\\s+(\\w+)\\s*\\(", Pattern.MULTILINE);

    private EmulatedDriver() {}

    /// Where the kernels' sources are.
    static Path kernels() {
        return KERNELS;
    }

    /// The library with all kernels of this module, or nothing where no g++ is.
    public static Optional<Path> library() {
        return library(files(KERNELS, ".cu"));
    }

    /// The library with the kernels of these files.
    public static Optional<Path> library(List<Path> sources) {
        if (!hasCompiler()) {
            return Optional.empty();
        }
        try (var lock = FileChannel.open(
                        Files.createDirectories(OUT).resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                var alone = lock.lock(); // another process may need the same
                var pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            List<String> flags = flags();
            String headers = texts(files(EMULATOR, ".h")) + texts(files(KERNELS, ".cuh")) + flags;
            List<Callable<Path>> tasks = new ArrayList<>();
            for (Path source : files(EMULATOR, ".cpp")) {
                tasks.add(() -> compiled(source, hash(text(source) + headers), flags));
            }
            for (Path source : sources) {
                String registry = registry(source);
                String hash = hash(text(source) + registry + headers);
                tasks.add(() -> {
                    Path file = OUT.resolve(stem(source) + "." + hash + ".registry.cpp");
                    write(file, registry);
                    return compiled(file, hash, flags);
                });
            }
            List<Path> objects = new ArrayList<>();
            for (Future<Path> task : pool.invokeAll(tasks)) {
                objects.add(task.get());
            }
            return Optional.of(linked(objects));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().getMessage(), e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The file that makes the kernels of a `.cu` file known by their names.
    private static String registry(Path source) {
        StringBuilder text = new StringBuilder("#include \"%s\"\n#include \"registry.h\"\n".formatted(source));
        KERNEL.matcher(text(source))
                .results()
                .forEach(kernel -> text.append("static emulator::Kernel registered_%2$s(\"%2$s\", %1$s, %2$s);\n"
                        .formatted(kernel.group(1), kernel.group(2))));
        return text.toString();
    }

    /// The names of the kernels in a `.cu` file.
    static List<String> kernels(Path source) {
        return KERNEL.matcher(text(source))
                .results()
                .map(kernel -> kernel.group(2))
                .toList();
    }

    private static List<String> flags() throws IOException {
        List<String> flags = new ArrayList<>(List.of(
                "-std=c++17",
                "-O2",
                "-fPIC",
                "-fvisibility=hidden",
                "-ffp-contract=off", // A product and a sum round twice unless the kernel says fmaf.
                "-fno-math-errno",
                "-Wall",
                "-Wno-unknown-pragmas", // #pragma unroll
                "-Wno-unused-function",
                "-I" + EMULATOR,
                "-I" + KERNELS));
        Path processor = Path.of("/proc/cpuinfo");
        if (Files.exists(processor) && Files.readString(processor).contains(" fma ")) {
            flags.add("-mfma"); // The same bits as the function, in one instruction.
        }
        return flags;
    }

    private static Path compiled(Path source, String hash, List<String> flags) throws IOException {
        Path object = OUT.resolve(stem(source) + "-" + hash + ".o");
        if (!Files.exists(object)) {
            List<String> command = new ArrayList<>(List.of("g++", "-c", source.toString()));
            command.addAll(flags);
            runInto(object, command);
        }
        return object;
    }

    private static Path linked(List<Path> objects) throws IOException {
        Path library = OUT.resolve(hash(objects.toString())).resolve(System.mapLibraryName("gradus_emulator"));
        if (!Files.exists(library)) {
            Files.createDirectories(library.getParent());
            List<String> command = new ArrayList<>(List.of("g++", "-shared"));
            objects.forEach(o -> command.add(o.toString()));
            runInto(library, command);
        }
        return library;
    }

    /// The file appears at once, whole: another process may build it too.
    private static void runInto(Path file, List<String> command) throws IOException {
        Path part = Files.createTempFile(OUT, "part", ".tmp");
        command.addAll(List.of("-o", part.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                Files.delete(part);
                throw new IOException(String.join(" ", command) + "\n" + said);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        if (!said.isBlank()) {
            System.err.println(said);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean hasCompiler() {
        try {
            return !System.getProperty("os.name").startsWith("Windows")
                    && new ProcessBuilder("g++", "--version")
                                    .redirectErrorStream(true)
                                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                    .start()
                                    .waitFor()
                            == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The folder of the module `tensor`, also when the tests of another module run.
    private static Path module() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("tensor/src/main/cuda"))) {
                return at.resolve("tensor");
            }
        }
        throw new IllegalStateException(
                "tensor/src/main/cuda is not above " + Path.of("").toAbsolutePath());
    }

    private static List<Path> files(Path folder, String ending) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(ending)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String texts(List<Path> files) {
        return String.join("", files.stream().map(EmulatedDriver::text).toList());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) throws IOException {
        Path part = Files.createTempFile(OUT, "part", ".tmp");
        Files.writeString(part, text);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String stem(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.indexOf('.'));
    }

    private static String hash(String text) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sum, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
