package gradus.train.cli;

import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.cuda.CudaFacts;
import gradus.tensor.kernel.vector.Blas;
import gradus.tensor.kernel.vector.Parallel;
import gradus.tensor.memory.Backend;
import gradus.tensor.memory.BackendFacts;
import gradus.tensor.memory.NativeSettings;
import gradus.tensor.type.DType;
import gradus.train.cli.machine.GpuReport;
import gradus.train.cli.machine.MachineMemory;
import gradus.train.cli.machine.Nd4jCuda;
import gradus.train.cli.machine.Speed;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.run.Line;
import gradus.train.run.provenance.CoreType;
import gradus.train.run.provenance.Release;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `gradus doctor`
@Command(
        name = "doctor",
        description = "Shows what this machine offers, how fast it is, and what would make it faster.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class DoctorCommand implements Callable<Integer> {
    private static final int NARROW = 256; // bits of a SIMD register, as AVX2 has

    private final Console console;
    private final List<String> advice = new ArrayList<>();

    DoctorCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        java();
        gpu(CudaFacts.look());
        BackendFacts facts = BackendFacts.look();
        backend(facts);
        memory(facts);
        speed();
        if (advice.isEmpty()) {
            advice.add("nothing to improve: this is what the machine can do");
        }
        console.out().println("\nTo go faster");
        advice.forEach(line -> console.out().println("  - " + line));
        return 0;
    }

    private void java() {
        heading("Java");
        line(
                "JDK",
                System.getProperty("java.vendor") + " " + Runtime.version() + ", " + System.getProperty("java.home"));
        line("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        line("Gradus", Release.number());
    }

    private void gpu(CudaFacts facts) {
        heading("GPU");
        GpuReport report = new GpuReport(facts, Nd4jCuda.onClassPath());
        report.lines().forEach(this::line);
        advice.addAll(report.advice());
        if (Nd4jCuda.onClassPath()) {
            Nd4jCuda.require(facts);
        }
    }

    private void backend(BackendFacts facts) {
        heading("Arithmetic");
        String kernels = Kernels.of(DType.FLOAT32).name();
        line("ND4J", facts.version() + ", backend " + Backend.name());
        line("kernels", kernels + " for float32, " + Kernels.of(DType.FLOAT64).name() + " for float64");
        line("SIMD", facts.vectorBits() == 0 ? "no vector module" : facts.vectorBits() + " bits");
        line("threads", Parallel.THREADS + " of " + Runtime.getRuntime().availableProcessors() + " cores");
        String forced = NativeSettings.forcedCoreType();
        String suited = NativeSettings.suitedCoreType();
        line(
                "OpenBLAS",
                "core " + Blas.coreName() + ", "
                        + (forced != null
                                ? "forced by OPENBLAS_CORETYPE=" + forced
                                : suited != null ? "chosen by Gradus for this CPU" : "its own choice"));
        CoreType.notice().ifPresent(advice::add);
        if (Backend.isCpu() && !kernels.equals("vector")) {
            advice.add("the vector kernels are off: start through ./gradus, or give java --add-modules"
                    + " jdk.incubator.vector and no -Dgradus.kernels=nd4j");
        }
        if (facts.vectorBits() > 0 && facts.vectorBits() < NARROW) {
            advice.add("this CPU, or this JVM on it, computes on " + facts.vectorBits()
                    + " bits at a time; newer ones on 256 or 512");
        }
        int cores = Runtime.getRuntime().availableProcessors();
        if (Parallel.THREADS < cores) {
            advice.add("-Dgradus.threads holds the threads at " + Parallel.THREADS + " of " + cores + " cores");
        }
    }

    private void memory(BackendFacts facts) {
        heading("Memory");
        MachineMemory memory = MachineMemory.look();
        line("machine", Line.format("%.1f GiB, %.1f GiB free", memory.physical(), memory.free()));
        memory.limit().ifPresent(limit -> line("container", Line.format("limited to %.1f GiB", limit)));
        line("Java heap", gib(Runtime.getRuntime().maxMemory()) + " at most (-Xmx)");
        line("tensors", gib(facts.maxBytes()) + " at most (-Dorg.bytedeco.javacpp.maxBytes)");
        line("whole process", gib(facts.maxPhysicalBytes()) + " at most (-Dorg.bytedeco.javacpp.maxPhysicalBytes)");
        line("raise them", "GRADUS_JAVA_OPTS=\"-Xmx4g -Dorg.bytedeco.javacpp.maxBytes=16g …\"");
    }

    private void speed() {
        heading("Measured");
        line("matrix product", Line.format("%.0f GFLOP/s (sgemm 4096×1536×384)", Speed.sgemmGflops()));
        line("copying", Line.format("%.1f GB/s read and written", Speed.copyGigabytes()));
    }

    private static String gib(long bytes) {
        return bytes <= 0 || bytes == Long.MAX_VALUE ? "no limit" : Line.format("%.1f GiB", bytes / MachineMemory.GIB);
    }

    private void heading(String text) {
        console.out().println((text.equals("Java") ? "" : "\n") + text);
    }

    private void line(String name, String value) {
        console.out().println(Line.format("  %-15s %s", name, value));
        console.out().flush();
    }
}
