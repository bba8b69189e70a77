package gradus.bench;

import gradus.bench.Report.AttentionLength;
import gradus.bench.Report.Overhead;
import gradus.bench.Report.Step;
import gradus.tensor.kernel.Device;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.vector.Blas;
import gradus.tensor.kernel.vector.Parallel;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.memory.NativeSettings;
import gradus.tensor.type.DType;
import gradus.train.cli.machine.ResidentMemory;
import gradus.train.cli.option.DeviceOption;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Measures everything in one process and prints it as it comes.
abstract class StepsCommand implements Callable<Integer> {
    private static final int MICRO_ROUNDS = 7;

    private final PrintStream out = System.out;

    @Option(names = "--models", split = ",", description = "which of small, medium, gpt2; default: all")
    private List<String> models = List.of("small", "medium", "gpt2");

    @Option(names = "--json", description = "write the figures to this file too")
    private Path json;

    @Mixin
    private DeviceOption device = new DeviceOption();

    @Override
    public Integer call() throws IOException {
        device.use();
        Map<String, String> machine = machine();
        machine.forEach((name, value) -> out.printf("%-10s %s%n", name, value));
        if (NativeSettings.forcedCoreType() != null) {
            out.printf(
                    "The environment forces OPENBLAS_CORETYPE=%s; unset it for the figures of this machine.%n",
                    NativeSettings.forcedCoreType());
        }
        out.println();
        List<Step> steps = new ArrayList<>();
        for (Model model : Model.ALL) {
            if (models.contains(model.name())) {
                Step step = measure(model);
                steps.add(step);
                print(step);
            }
        }
        Overhead micro = overhead();
        out.printf(
                "micro (2 layers, C=32, T=16, B=8): %.3f ms/step, %d kernel calls: %.2f µs each as measured, %.2f µs"
                        + " extrapolated to no arithmetic%n%n",
                micro.millis(), micro.kernelCalls(), micro.wholeMicros(), micro.fixedMicros());
        out.println("attention, forward and backward, 12 heads of 64, causal, B=1");
        List<AttentionLength> lengths = new ArrayList<>();
        AttentionMemory.measure(64); // meanwhile the models' memory comes back to the pool
        for (int time : new int[] {256, 1024, 4096}) {
            AttentionMemory memory = AttentionMemory.measure(time);
            lengths.add(new AttentionLength(memory.time(), memory.bytes(), memory.millis()));
            out.printf("  T=%-5d %7.1f MiB %9.2f ms%n", time, memory.bytes() / 1048576.0, memory.millis());
        }
        if (json != null) {
            JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build()
                    .writeValue(Files.newBufferedWriter(json), new Report(machine, steps, micro, lengths));
        }
        return 0;
    }

    private static Map<String, String> machine() {
        Map<String, String> machine = new LinkedHashMap<>();
        machine.put("java", Runtime.version().toString());
        machine.put("device", Device.current().description());
        machine.put("kernels", Kernels.of(DType.FLOAT32).name());
        machine.put("blas core", Blas.coreName());
        machine.put("threads", Integer.toString(Parallel.THREADS));
        return machine;
    }

    private static Step measure(Model model) {
        BufferPool.trim();
        System.gc();
        double peak = SgemmPeak.of(model);
        BufferPool.trim();
        ResidentMemory.reset();
        StepTiming timing = new StepTiming(model);
        double millis = timing.measure();
        long resident = ResidentMemory.peak().orElse(0);
        double gflops = timing.flopsPerToken() * model.tokens() / millis / 1e6;
        return new Step(
                model.name(),
                timing.parameters(),
                model.tokens(),
                peak,
                millis,
                timing.flopsPerToken(),
                gflops,
                gflops / peak,
                gflops / peak * timing.causalFlopsPerToken() / timing.flopsPerToken(),
                resident,
                timing.shares());
    }

    private void print(Step step) {
        out.printf(
                "%s: %,d parameters, %d tokens a step%n  best product %.0f GFLOP/s, %.2f MFLOP/token%n"
                        + "  %.2f ms/step, %,.0f tokens/s, %.0f GFLOP/s, peak resident %.0f MiB%n"
                        + "  utilisation %.3f counting attention in full, %.3f counting the pairs of a causal mask%n",
                step.name(),
                step.parameters(),
                step.tokens(),
                step.sgemmGflops(),
                step.flopsPerToken() / 1e6,
                step.millis(),
                step.tokens() / step.millis() * 1e3,
                step.gflops(),
                step.peakBytes() / 1048576.0,
                step.utilisation(),
                step.causalUtilisation());
        StringBuilder shares = new StringBuilder();
        step.shares().entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder()))
                .filter(share -> share.getValue() >= 0.005)
                .forEach(share -> shares.append(" %s %.1f%%".formatted(share.getKey(), 100 * share.getValue())));
        out.printf("  shares:%s%n%n", shares);
    }

    private static Overhead overhead() {
        StepTiming eight = new StepTiming(Model.micro(8));
        StepTiming sixteen = new StepTiming(Model.micro(16));
        eight.warmUp();
        sixteen.warmUp();
        double[] millis = new double[MICRO_ROUNDS];
        double[] fixed = new double[MICRO_ROUNDS];
        for (int round = 0; round < MICRO_ROUNDS; round++) { // in turn, so that both meet the same machine
            millis[round] = eight.median();
            fixed[round] = Math.max(0, 2 * millis[round] - sixteen.median());
        }
        Arrays.sort(millis);
        Arrays.sort(fixed);
        int middle = MICRO_ROUNDS / 2;
        long calls = eight.kernelCalls();
        return new Overhead(millis[middle], calls, 1e3 * millis[middle] / calls, 1e3 * fixed[middle] / calls);
    }
}
