package gradus.train.checkpoint;

import static gradus.train.checkpoint.GgufBytes.small;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.CheckpointMismatchException;
import gradus.error.ConfigException;
import gradus.error.CorruptCheckpointException;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GgufTest {
    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("test.gguf");
    }

    private Path golden(String name) throws IOException {
        try (InputStream in = GgufTest.class.getResourceAsStream(name)) {
            Files.copy(in, folder.resolve(name));
        }
        return folder.resolve(name);
    }

    // --- what llama.cpp's package wrote; gguf_golden.py made it

    @Test
    void readsEveryKindOfValue() throws IOException {
        Gguf read = Gguf.open(golden("golden.gguf"));
        assertThat(read.text("general.architecture")).isEqualTo("llama");
        assertThat(read.metadata())
                .containsEntry("a.u8", 200L)
                .containsEntry("a.i8", -100L)
                .containsEntry("a.u16", 60_000L)
                .containsEntry("a.i16", -30_000L)
                .containsEntry("a.u32", 4_000_000_000L)
                .containsEntry("a.i32", -2_000_000_000L)
                .containsEntry("a.u64", 1L << 40)
                .containsEntry("a.i64", -(1L << 40))
                .containsEntry("a.f32", 0.5)
                .containsEntry("a.f64", 0.1)
                .containsEntry("a.bool", true)
                .containsEntry("a.string", "Größe");
        assertThat(read.texts("a.strings")).containsExactly("a", "", "ö");
        assertThat(read.wholes("a.numbers", 3)).containsExactly(1, -2, 3);
        assertThat(read.flag("a.bool")).isTrue();
        assertThat(read.number("a.f32")).isEqualTo(0.5);
        assertThatThrownBy(() -> read.wholes("a.numbers", 4)).isInstanceOf(CorruptCheckpointException.class);
        assertThatThrownBy(() -> read.wholes("a.u8", 1)).isInstanceOf(CorruptCheckpointException.class);
        assertThatThrownBy(() -> read.flag("a.u8")).isInstanceOf(CorruptCheckpointException.class);
        assertThat(read.size("a.u8")).isEqualTo(200);
        assertThatThrownBy(() -> read.size("a.i8")).isInstanceOf(CorruptCheckpointException.class);
        assertThatThrownBy(() -> read.size("a.u32")).isInstanceOf(CorruptCheckpointException.class);
        assertThatThrownBy(() -> read.text("a.u8")).isInstanceOf(CorruptCheckpointException.class);
        assertThatThrownBy(() -> read.texts("a.numbers")).isInstanceOf(CorruptCheckpointException.class);
        assertThatThrownBy(() -> read.number("none")).isInstanceOf(CheckpointMismatchException.class);
        assertThatThrownBy(() -> read.read("none")).isInstanceOf(CheckpointMismatchException.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "Q8_0", "Q4_0"})
    void quantisesToTheBitAsLlamaCppDoes(GgufType type) throws IOException {
        Gguf theirs = Gguf.open(golden("golden.gguf"));
        Safetensors numbers = Safetensors.open(golden("golden_gguf.safetensors"));
        assertThat(theirs.type(type.name())).isEqualTo(type);
        assertThat(theirs.shape(type.name())).containsExactly(3, 64);
        float[] expected = numbers.read(type + ".back").toFloatArray();
        assertThat(theirs.read(type.name()).toFloatArray()).isEqualTo(expected);
        new GgufWriter()
                .tensor("x", new int[] {3, 64}, type, () -> numbers.read(type.name()))
                .write(file());
        assertThat(Gguf.open(file()).read("x").toFloatArray()).isEqualTo(expected);
    }

    // --- laws

    /// With m the largest magnitude and a scale d, itself rounded by at most d·2⁻¹¹: Q8_0 is half a step of
    /// m/127 away, and Q4_0 one of m/8 at the end that has no neighbour.
    @Property(tries = 200)
    void numbersStayNearThemselves(@ForAll @IntRange(min = 1, max = 1_000_000) int seed) {
        float[] values = Tensor.randn(Rng.of(seed), 32).toFloatArray();
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (GgufType type : GgufType.written()) {
            double bound = largest
                    * switch (type) {
                        case F32 -> 0;
                        case F16 -> 0x1p-11;
                        case Q8_0 -> 0.5 / 127 + 0x1p-11;
                        case Q4_0 -> 1.0 / 8 + 0x1p-11;
                        case BF16 -> 0x1p-8;
                        default -> throw new AssertionError(type);
                    };
            float[] stored = roundTrip(type, values);
            for (int i = 0; i < 32; i++) {
                assertThat(Math.abs((double) stored[i] - values[i])).isLessThanOrEqualTo(bound * (1 + 1e-6));
            }
        }
    }

    private static float[] roundTrip(GgufType type, float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate((int) type.bytes(values.length)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i += type.blockSize) {
            type.encode(values, i, bytes);
        }
        return type.decode(MemorySegment.ofArray(bytes.array()));
    }

    @Test
    void readsWhatItWrote() {
        Tensor odd = Tensor.randn(Rng.of(1), 3, 5);
        small().tensor("odd", new int[] {3, 5}, GgufType.Q4_0, () -> odd).write(file());
        Gguf read = Gguf.open(file());
        assertThat(read.size("n")).isEqualTo(7);
        assertThat(read.number("x")).isEqualTo(0.25);
        assertThat(read.metadata()).containsEntry("yes", true);
        assertThat(read.texts("words")).containsExactly("a", "ö");
        assertThat(read.wholes("types", 2)).containsExactly(1, 3);
        assertThat(read.names()).containsExactly("a", "b", "odd");
        assertThat(read.read("a").toArray()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(read.shape("a")).containsExactly(2, 3);
        assertThat(read.type("odd")).isEqualTo(GgufType.F16); // its rows hold no whole blocks
    }

    @Test
    void badNamesAreNotWritten() {
        assertThatThrownBy(() -> small().tensor("a", new int[] {1}, GgufType.F32, () -> null))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("twice");
        assertThatThrownBy(() -> small().tensor("x".repeat(64), new int[] {1}, GgufType.F32, () -> null))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("63");
    }

    /// What is written as float32 comes back as the decimal that was meant.
    @Property(tries = 200)
    void t5_numbersComeBackAsTheyWereMeant(
            @ForAll @IntRange(min = 1, max = 999_999) int digits, @ForAll @IntRange(min = -20, max = 20) int exponent)
            throws IOException {
        double meant = Double.parseDouble(digits + "e" + exponent); // six digits, which every float32 tells apart
        Path here = Files.createTempFile("gradus", ".gguf");
        try {
            new GgufWriter().put("x", meant).put("y", -meant).write(here);
            assertThat(Gguf.open(here).number("x")).isEqualTo(meant);
            assertThat(Gguf.open(here).number("y")).isEqualTo(-meant);
        } finally {
            Files.delete(here);
        }
    }
}
