package gradus.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.CheckpointMismatchException;
import gradus.error.ConfigException;
import gradus.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Against llama.cpp's package; gguf_quants_golden.py made the golden files.
class GgufQuantsTest {
    @TempDir
    private Path folder;

    private Gguf file;
    private Safetensors numbers;

    @BeforeEach
    void open() throws IOException {
        for (String name : new String[] {"golden_quants.gguf", "golden_quants.safetensors"}) {
            try (InputStream in = GgufQuantsTest.class.getResourceAsStream(name)) {
                Files.copy(in, folder.resolve(name));
            }
        }
        file = Gguf.open(folder.resolve("golden_quants.gguf"));
        numbers = Safetensors.open(folder.resolve("golden_quants.safetensors"));
    }

    /// Blocks of random bits, of zeros and of ones, with ordinary, negative, zero, subnormal, the largest and infinite
    /// scales and NaN.
    @ParameterizedTest
    @EnumSource(names = {"Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K"})
    void widensEveryQuantisedTypeToTheBit(GgufType type) {
        assertThat(file.type(type.name())).isEqualTo(type);
        assertThat(file.read(type.name()).toFloatArray())
                .isEqualTo(numbers.read(type.name()).toFloatArray());
    }

    /// The golden has ties, numbers next to ties, scales below float16's range and zeros of both signs.
    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16", "Q8_0", "Q4_0"})
    void t5_quantisesHardBlocksToTheByteAsLlamaCppDoes(GgufType type) {
        float[] hard = numbers.read("hard").toFloatArray();
        ByteBuffer own = ByteBuffer.allocate((int) type.bytes(hard.length)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < hard.length; i += type.blockSize) {
            type.encode(hard, i, own);
        }
        byte[] theirs = raw("hard." + type, type, hard.length);
        for (int b = 0; b < hard.length / type.blockSize; b++) {
            int from = b * type.blockBytes;
            assertThat(Arrays.copyOfRange(own.array(), from, from + type.blockBytes))
                    .as("block %s", b)
                    .isEqualTo(Arrays.copyOfRange(theirs, from, from + type.blockBytes));
        }
        assertThat(file.read("hard." + type).toFloatArray())
                .isEqualTo(numbers.read("hard." + type).toFloatArray());
    }

    private byte[] raw(String name, GgufType type, int elements) {
        Path path = folder.resolve("golden_quants.gguf");
        GgufHeader header = MappedFile.look(path, 0, MappedFile.size(path), memory -> GgufHeader.parse(path, memory));
        long begin = header.dataStart() + header.tensors().get(name).begin();
        return MappedFile.read(path, begin, (int) type.bytes(elements));
    }

    @Test
    void wholeNumbersAndFloat64() {
        assertThat(file.read("F64").toFloatArray())
                .isEqualTo(numbers.read("F64").toFloatArray());
        for (String name : new String[] {"int8", "int16", "int32", "int64"}) {
            assertThat(file.shape(name)).containsExactly(1, 3);
            assertThatThrownBy(() -> file.read(name))
                    .isInstanceOf(CheckpointMismatchException.class)
                    .hasMessageContaining(name)
                    .hasMessageContaining("must be a real number");
            assertThatThrownBy(() -> file.dtype(name)).isInstanceOf(CheckpointMismatchException.class);
        }
    }

    /// With d the stored scale, an element of Q8_0 is the multiple of the unrounded scale next to it: no other
    /// whole number is nearer, and at a tie the one farther from zero is taken.
    @Property(tries = 200)
    void t5_eightBitsTakeTheNearestWholeNumber(@ForAll Random random) {
        float[] values = new float[32];
        int scale = random.nextInt(-20, 20);
        for (int i = 0; i < 32; i++) {
            values[i] = Math.scalb((float) random.nextGaussian(), scale);
        }
        ByteBuffer block = ByteBuffer.allocate(34).order(ByteOrder.LITTLE_ENDIAN);
        GgufType.Q8_0.encode(values, 0, block);
        float largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        float inverse = 1 / (largest / 127);
        for (int i = 0; i < 32; i++) {
            double exact = (double) (values[i] * inverse);
            assertThat(Math.abs(block.get(2 + i) - exact)).isLessThanOrEqualTo(0.5);
        }
    }

    @Test
    void t5_numbersThatATypeCannotHoldAreNotWritten() {
        for (GgufType type : GgufType.written()) {
            for (float value : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, 3e38f}) {
                float[] values = new float[32];
                values[7] = value;
                if (value == 3e38f && (type == GgufType.F32 || type == GgufType.BF16)) {
                    continue; // both hold it
                }
                Path path = folder.resolve("bad.gguf");
                assertThatThrownBy(() -> new GgufWriter()
                                .tensor("w", new int[] {1, 32}, type, () -> Tensor.of(values, 1, 32))
                                .write(path))
                        .isInstanceOf(CheckpointMismatchException.class) // BAD-INPUT 130
                        .hasMessageContaining("tensor w holds " + value)
                        .hasMessageContaining(type.name());
                assertThat(folder.toFile().list()).doesNotContain("bad.gguf", "bad.gguf.tmp");
            }
        }
        for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY, 1e39}) {
            assertThatThrownBy(() -> new GgufWriter().put("x", value)).isInstanceOf(ConfigException.class);
        }
    }

    /// The largest that each type holds comes back finite, and as near as its steps allow.
    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16", "Q8_0", "Q4_0"})
    void t5_theLargestNumbersStayFinite(GgufType type) {
        float[] values = new float[32];
        values[0] = (float) -type.largest();
        ByteBuffer bytes = ByteBuffer.allocate((int) type.bytes(32)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 32; i += type.blockSize) {
            type.encode(values, i, bytes);
        }
        float[] back = type.decode(MemorySegment.ofArray(bytes.array()));
        // a scale rounded to float16 is off by at most 2^-11
        assertThat((double) back[0] / values[0]).isBetween(1 - 0x1p-11, 1 + 0x1p-11);
        assertThat(back[1]).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K", "I8", "I16", "I32", "I64", "F64"})
    void typesThatAreReadOnly(GgufType type) {
        assertThatThrownBy(() -> new GgufWriter().tensor("w", new int[] {256}, type, () -> null))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(type + " is read and not written");
        assertThatThrownBy(() -> GgufType.toWrite(type.name())).isInstanceOf(ConfigException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"f32", "F16", "bf16", "q8_0", "Q4_0"})
    void typesAreFoundByName(String name) {
        assertThat(GgufType.toWrite(name).name()).isEqualToIgnoringCase(name);
    }
}
