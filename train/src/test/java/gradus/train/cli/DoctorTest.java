package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import gradus.error.UsageException;
import gradus.tensor.kernel.cuda.CudaFacts;
import gradus.tensor.kernel.cuda.CudaFacts.CardFacts;
import gradus.train.cli.machine.GpuReport;
import gradus.train.cli.machine.Nd4jCuda;
import gradus.train.run.provenance.CoreType;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoctorTest {

    @Test
    void tellsAll() {
        Cli told = Cli.run("doctor");
        assertThat(told.code()).as(told.err()).isZero();
        assertThat(told.out())
                .contains(
                        "JDK",
                        "ND4J",
                        "OpenBLAS",
                        "SIMD",
                        "threads",
                        "Java heap",
                        "GFLOP/s",
                        "GB/s",
                        "NVIDIA",
                        "--device auto")
                .contains("To go faster\n  - ");
    }

    private static final CardFacts H100 = new CardFacts(0, "NVIDIA H100", 90, 80L << 30, 79L << 30, "");
    private static final CardFacts BUSY = new CardFacts(1, "NVIDIA T4", 75, 15L << 30, 1 << 29, "");
    private static final CardFacts OLD = new CardFacts(0, "Tesla V100", 70, 16L << 30, -1, "too old, in words");

    private static GpuReport report(boolean nd4j, CardFacts... cards) {
        return new GpuReport(new CudaFacts("12.4", "", List.of(cards)), nd4j);
    }

    @Test
    void tellsOfEachGpu() {
        GpuReport report = report(false, H100, BUSY);
        assertThat(report.lines())
                .containsExactly(
                        entry("driver", "NVIDIA, serves CUDA 12.4"),
                        entry("gpu", "NVIDIA H100, compute capability 9.0, 79.0 of 80.0 GiB free: usable"),
                        entry("gpu:1", "NVIDIA T4, compute capability 7.5, 0.5 of 15.0 GiB free: usable"),
                        entry("--device auto", "computes on gpu"));
        assertThat(report.advice())
                .containsExactly(
                        "--device auto leaves gpu:1 alone, which has less than 1 GiB free: --device gpu:1 takes it all the"
                                + " same, for a small model",
                        "where 11 bits are enough for the inputs of matrix products, --precision tf32 takes the"
                                + " NVIDIA H100's tensor cores");
    }

    @Test
    void tellsWhyAGpuIsNotUsed() {
        GpuReport old = report(false, OLD);
        assertThat(old.lines())
                .containsEntry("gpu", "Tesla V100, compute capability 7.0, 16.0 GiB: not usable: too old, in words")
                .containsEntry("--device auto", "computes on the CPU");
        assertThat(old.advice()).singleElement().asString().contains("GRADUS_BACKEND=cuda ./gradus train");
        GpuReport none = new GpuReport(new CudaFacts("", "there is no NVIDIA driver here", List.of()), false);
        assertThat(none.lines())
                .containsExactly(
                        entry("driver", "there is no NVIDIA driver here"),
                        entry("--device auto", "computes on the CPU"));
        assertThat(none.advice()).isEmpty();
        GpuReport tooOld = new GpuReport(new CudaFacts("10.2", "install a newer one", List.of()), false);
        assertThat(tooOld.lines()).containsEntry("driver", "NVIDIA, serves CUDA 10.2: install a newer one");
    }

    @Test
    void tellsOfIdleGpus() {
        CardFacts second = new CardFacts(1, "NVIDIA L4", 89, 24L << 30, 23L << 30, "");
        assertThat(report(false, H100, second).advice()).contains("a GPU stands idle: --device gpu:1");
        System.setProperty("gradus.device", "host");
        try {
            assertThat(report(false, H100).advice()).contains("a GPU stands idle: --device gpu");
        } finally {
            System.clearProperty("gradus.device");
        }
    }

    /// With ND4J's CUDA backend on the class path.
    @Test
    void nd4jsBackendServesOldGpus() {
        assertThat(report(true, OLD).lines().get("--device auto")).contains("ND4J's CUDA backend", "3.7 to 8.9");
        assertThat(report(true, OLD).advice()).isEmpty();
        assertThat(report(true, H100).advice()).singleElement().asString().contains("without GRADUS_BACKEND=cuda");
        Nd4jCuda.require(new CudaFacts("12.4", "", List.of(H100, OLD)));
        assertThatThrownBy(() -> Nd4jCuda.require(new CudaFacts("12.4", "", List.of(H100))))
                .isInstanceOf(UsageException.class)
                .hasMessageContainingAll("GRADUS_BACKEND=cuda", "3.7 to 8.9", "the NVIDIA H100 has", "9.0");
        assertThatThrownBy(() -> Nd4jCuda.require(new CudaFacts("", "there is no driver", List.of())))
                .isInstanceOf(UsageException.class)
                .hasMessageContainingAll("there is no driver", "start without it");
    }

    @Test
    void noticesASlowCoreType() {
        assertThat(CoreType.notice("Haswell", "SKYLAKEX")).get().asString().contains("unset OPENBLAS_CORETYPE");
        assertThat(CoreType.notice("Barcelona", "HASWELL")).isPresent();
        assertThat(CoreType.notice("SkylakeX", "SKYLAKEX")).isEmpty();
        assertThat(CoreType.notice("Zen", "HASWELL")).isEmpty();
        assertThat(CoreType.notice(null, "HASWELL")).isEmpty();
        assertThat(CoreType.notice("NEOVERSEN1", null)).isEmpty();
    }
}
