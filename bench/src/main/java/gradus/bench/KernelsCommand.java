package gradus.bench;

import static gradus.bench.KernelBenchmark.CHANNELS;
import static gradus.bench.KernelBenchmark.LOGIT_ROWS;
import static gradus.bench.KernelBenchmark.ROWS;
import static gradus.bench.KernelBenchmark.VOCABULARY;
import static gradus.bench.KernelBenchmark.WIDE;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Runs the JMH benchmarks of single kernels and sets the fast ones beside their ND4J twins and beside copying.
@Command(
        name = "kernels",
        mixinStandardHelpOptions = true,
        description = "Times single kernels with JMH, each against its ND4J twin and against copying memory.")
final class KernelsCommand implements Callable<Integer> {
    /// Bytes that a kernel must at least read and write; attention is bound by arithmetic and has none here.
    private static final Map<String, Long> BYTES = Map.ofEntries(
            Map.entry("copy", 8L * ROWS * WIDE),
            Map.entry("geluForward", 8L * ROWS * WIDE),
            Map.entry("geluBackward", 12L * ROWS * WIDE),
            Map.entry("swiGluForward", 12L * ROWS * WIDE),
            Map.entry("swiGluBackward", 20L * ROWS * WIDE),
            Map.entry("layerNormForward", 8L * ROWS * CHANNELS),
            Map.entry("layerNormBackward", 12L * ROWS * CHANNELS),
            Map.entry("rmsNormForward", 8L * ROWS * CHANNELS),
            Map.entry("rmsNormBackward", 12L * ROWS * CHANNELS),
            Map.entry("rope", 8L * ROWS * CHANNELS),
            Map.entry("crossEntropyForward", 4L * LOGIT_ROWS * VOCABULARY),
            Map.entry("crossEntropyBackward", 8L * LOGIT_ROWS * VOCABULARY),
            Map.entry("adamW", 28L * ROWS * WIDE));

    @Parameters(arity = "0..1", description = "a pattern of kernel names; default: all", defaultValue = ".*")
    private String pattern;

    @Override
    public Integer call() throws RunnerException {
        Map<String, Double> vector = run("vector");
        Map<String, Double> nd4j = run("nd4j");
        System.out.printf("%-22s %12s %12s %8s %8s%n", "kernel", "vector µs", "nd4j µs", "ratio", "GB/s");
        vector.forEach((kernel, micros) -> {
            Long bytes = BYTES.get(kernel);
            String bandwidth = bytes == null ? "" : "%.1f".formatted(bytes / micros / 1e3);
            double twin = nd4j.get(kernel);
            System.out.printf("%-22s %12.1f %12.1f %8.1f %8s%n", kernel, micros, twin, twin / micros, bandwidth);
        });
        return 0;
    }

    private Map<String, Double> run(String kernels) throws RunnerException {
        var options = new OptionsBuilder()
                .include("gradus\\.bench\\.KernelBenchmark\\." + pattern)
                .jvmArgsAppend("-Dgradus.kernels=" + kernels)
                .verbosity(VerboseMode.SILENT);
        Map<String, Double> micros = new LinkedHashMap<>();
        for (RunResult result : new Runner(options.build()).run()) {
            String name = result.getParams().getBenchmark();
            micros.put(
                    name.substring(name.lastIndexOf('.') + 1),
                    result.getPrimaryResult().getScore());
        }
        return micros;
    }
}
