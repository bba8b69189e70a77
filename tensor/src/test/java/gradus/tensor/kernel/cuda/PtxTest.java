package gradus.tensor.kernel.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The PTX that is committed is that of the `.cu` files, and cards of every generation take it.
class PtxTest {
    private static final Path SOURCES = EmulatedDriver.kernels();
    private static final Pattern KERNEL = Pattern.compile("(?m)^KERNEL\\(\\w+\\)\\s+(\\w+)");
    private static final Pattern ENTRY = Pattern.compile("\\.entry (\\w+)\\(");
    private static final String NVCC = "release 13.0, V13.0.88"; // another version gives other bytes

    /// The bytes that a hot kernel may keep outside of registers. The most now is 32. A square of 4 × 4 sums,
    /// written and read for every k, would be 64, and above that a kernel is slower by far.
    private static final int SPILLED = 64;

    private static final Pattern HOT = Pattern.compile("product_..|tensor_product_..|attention_(dq_|dkv_)?(32|64)");

    static Stream<String> modules() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".cu"))
                    .map(name -> name.substring(0, name.length() - ".cu".length()))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("modules")
    void holdsTheKernelsOfItsSource(String module) throws IOException {
        String ptx = new String(CudaModule.ptx(module), StandardCharsets.US_ASCII);
        String source = Files.readString(SOURCES.resolve(module + ".cu"));
        assertThat(names(ENTRY, ptx)).isEqualTo(names(KERNEL, source)).isNotEmpty();
        assertThat(ptx)
                .contains("\n.version 7.0\n")
                .contains("\n.target " + (module.equals("tensorcores") ? "sm_80" : "sm_75") + "\n");
    }

    private static TreeSet<String> names(Pattern pattern, String text) {
        return new TreeSet<>(
                pattern.matcher(text).results().map(found -> found.group(1)).toList());
    }

    @ParameterizedTest
    @MethodSource("modules")
    void wasMadeOfTheSourcesThatAreHere(String module) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(Files.readAllBytes(SOURCES.resolve(module + ".cu")));
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path header : files.filter(file -> file.toString().endsWith(".cuh"))
                    .sorted(Comparator.comparing(file -> file.getFileName().toString()))
                    .toList()) {
                digest.update(Files.readAllBytes(header));
            }
        }
        String ptx = new String(CudaModule.ptx(module), StandardCharsets.US_ASCII);
        assertThat(ptx.lines().findFirst().orElseThrow())
                .as("run tensor/src/main/cuda/build")
                .isEqualTo("// of sources with SHA-256 " + HexFormat.of().formatHex(digest.digest()));
    }

    /// The compiler of the committed files makes the same of the sources, but for some registers: what it does seems to
    /// depend on how busy the machine is. Its instructions, sorted, then differ by a few moves in thousands.
    @Test
    void isWhatTheCompilerMakesOfTheSources(@TempDir Path folder) throws Exception {
        assumeTrue(output(List.of("nvcc", "--version")).contains(NVCC), "nvcc of " + NVCC + " is not here");
        output(List.of(SOURCES.resolve("build").toString(), folder.toString()));
        for (String module : modules().toList()) {
            Map<String, Integer> made =
                    instructions(Files.readString(folder.resolve(module + ".ptx"), StandardCharsets.US_ASCII));
            Map<String, Integer> committed =
                    instructions(new String(CudaModule.ptx(module), StandardCharsets.US_ASCII));
            int count = committed.values().stream().mapToInt(n -> n).sum();
            Set<String> names = new TreeSet<>(made.keySet());
            names.addAll(committed.keySet());
            int differing = names.stream()
                    .mapToInt(name -> Math.abs(made.getOrDefault(name, 0) - committed.getOrDefault(name, 0)))
                    .sum();
            assertThat(count).as(module).isGreaterThan(20);
            assertThat(differing)
                    .as("%s: of %d instructions; run tensor/src/main/cuda/build", module, count)
                    .isLessThanOrEqualTo(count / 200);
        }
    }

    /// How often each instruction stands in a text, whatever its registers.
    private static Map<String, Integer> instructions(String ptx) {
        Map<String, Integer> counts = new TreeMap<>();
        Pattern.compile("(?m)^\\s+(?:@!?%p\\d+ )?([a-z][\\w.]+)\\s")
                .matcher(ptx)
                .results()
                .forEach(found -> counts.merge(found.group(1), 1, Integer::sum));
        return counts;
    }

    /// `-Dgradus.ptxas=75,80,86,89,90,100,120` for all generations, which takes a minute.
    static Stream<String> generations() {
        return Stream.of(System.getProperty("gradus.ptxas", "75,90,120").split(","));
    }

    @ParameterizedTest
    @MethodSource("generations")
    void isAssembledWithHotKernelsInRegisters(String generation, @TempDir Path folder) throws Exception {
        assumeTrue(output(List.of("ptxas", "--version")).contains("ptxas"), "ptxas is not here");
        List<String> spilling = new ArrayList<>();
        for (String module : modules().toList()) {
            if (module.equals("tensorcores") && generation.equals("75")) {
                continue; // these cards have no TF32
            }
            Path ptx = Files.write(folder.resolve(module + ".ptx"), CudaModule.ptx(module));
            String said = output(List.of(
                    "ptxas",
                    "-v",
                    "-arch=sm_" + generation,
                    ptx.toString(),
                    "-o",
                    folder.resolve("x").toString()));
            String kernel = "";
            for (String line : said.lines().toList()) {
                assertThat(line).doesNotContain("error", "fatal");
                var compiling =
                        Pattern.compile("Compiling entry function '(\\w+)'").matcher(line);
                kernel = compiling.find() ? compiling.group(1) : kernel;
                var spills = Pattern.compile("(\\d+) bytes spill stores").matcher(line);
                if (spills.find() && HOT.matcher(kernel).matches() && Integer.parseInt(spills.group(1)) > SPILLED) {
                    spilling.add(kernel + line);
                }
            }
        }
        assertThat(spilling).isEmpty();
    }

    /// What a command prints, or nothing if there is no such command.
    private static String output(List<String> command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? text : "fatal: exit code " + process.exitValue() + "\n" + text;
        } catch (IOException missing) {
            return "";
        }
    }
}
