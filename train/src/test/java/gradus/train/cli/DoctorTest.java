package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.train.cli.machine.Gpu;
import gradus.train.run.CoreType;
import org.junit.jupiter.api.Test;

class DoctorTest {

    @Test
    void tellsAll() {
        Cli told = Cli.run("doctor");
        assertThat(told.code()).as(told.err()).isZero();
        assertThat(told.out())
                .contains("JDK", "ND4J", "OpenBLAS", "SIMD", "threads", "Java heap", "GFLOP/s", "GB/s", "NVIDIA")
                .contains("To go faster\n  - ");
    }

    @Test
    void readsWhatNvidiaSmiSays() {
        String csv = "NVIDIA GeForce RTX 3060, 8.6, 12288 MiB, 550.54.15\nNVIDIA H100 80GB HBM3, 9.0, 81559 MiB, 550\n";
        assertThat(Gpu.parse(csv))
                .extracting(Gpu::name, Gpu::usable)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("NVIDIA GeForce RTX 3060", true),
                        org.assertj.core.groups.Tuple.tuple("NVIDIA H100 80GB HBM3", false));
        assertThat(Gpu.parse("No devices were found\n")).isEmpty();
        assertThat(Gpu.parse("")).isEmpty();
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
