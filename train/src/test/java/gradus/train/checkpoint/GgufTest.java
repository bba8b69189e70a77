package gradus.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import gradus.error.CheckpointMismatchException;
import gradus.error.ConfigException;
import gradus.error.CorruptCheckpointException;
import gradus.error.DataException;
import gradus.error.GradusException;
import gradus.tensor.Rng;
import gradus.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
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

    private static GgufWriter small() {
        return new GgufWriter()
                .put("n", 7)
                .put("x", 0.25)
                .put("yes", true)
                .put("name", "small")
                .put("words", List.of("a", "ö"))
                .put("types", new int[] {1, 3})
                .tensor("a", new int[] {2, 3}, GgufType.F32, () -> Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3))
                .tensor("b", new int[] {2, 32}, GgufType.Q8_0, () -> Tensor.ones(2, 32));
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

    // --- damage, BAD-INPUT 139 to 164

    private void refused(ByteBuffer bytes, String reason) {
        refused(CorruptCheckpointException.class, bytes, reason);
    }

    /// A sound file of a kind that is not read.
    private void unsupported(ByteBuffer bytes, String reason) {
        refused(CheckpointMismatchException.class, bytes, reason);
    }

    private void refused(Class<? extends GradusException> kind, ByteBuffer bytes, String reason) {
        byte[] used = Arrays.copyOf(bytes.array(), bytes.position());
        assertThatThrownBy(() -> Gguf.open(write(used)))
                .isInstanceOf(kind)
                .hasMessageContaining(file().toString())
                .hasMessageContaining(reason);
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(file(), bytes);
    }

    private static ByteBuffer start(long tensors, long keys) {
        return ByteBuffer.allocate(100_000)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("GGUF".getBytes(StandardCharsets.US_ASCII))
                .putInt(3)
                .putLong(tensors)
                .putLong(keys);
    }

    private static ByteBuffer text(ByteBuffer bytes, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return bytes.putLong(utf8.length).put(utf8);
    }

    private static ByteBuffer key(String name, int type) {
        return text(start(0, 1), name).putInt(type);
    }

    /// The information of one tensor.
    private static ByteBuffer tensor(String name, int type, long offset, long... innermostFirst) {
        ByteBuffer bytes = text(start(1, 0), name).putInt(innermostFirst.length);
        Arrays.stream(innermostFirst).forEach(bytes::putLong);
        return bytes.putInt(type).putLong(offset);
    }

    private static ByteBuffer padded(ByteBuffer bytes, int data) {
        return bytes.position((bytes.position() + 31) / 32 * 32 + data);
    }

    @Test
    void headers() {
        refused(ByteBuffer.allocate(0), "at least 24 bytes"); // 139
        ByteBuffer other = start(0, 0);
        refused(other.put(0, (byte) 'g'), "does not begin with"); // 140
        refused(start(0, 0).putInt(4, 4), "version 4"); // 141
        unsupported(start(0, 0).putInt(4, 1), "version 1"); // 141
        for (int version = 1; version <= 3; version++) {
            unsupported(start(0, 0).putInt(4, Integer.reverseBytes(version)), "big-endian"); // 142
        }
        refused(start(-1, 0), "18446744073709551615 tensors"); // 143
        refused(start(1L << 40, 0), "1099511627776 tensors"); // 143
        refused(start(0, 1L << 40), "1099511627776 keys"); // 144
    }

    @Test
    void keys() {
        refused(key("k", 13).putLong(0), "unknown value type 13"); // 145
        refused(key("k", -1).putLong(0), "unknown value type 4294967295"); // 145
        refused(key("k", 10).putInt(0), "ends inside k"); // 146
        refused(key("k", 7).put((byte) 2), "must be 0 or 1; got 2"); // 147
        refused(key("k", 8).putLong(1L << 50), "claims 1125899906842624 bytes"); // 148
        refused(key("k", 8).putLong(-1), "claims 18446744073709551615 bytes"); // 148
        refused(key("k", 8).putLong(1).put((byte) 0xFF), "not UTF-8"); // 149
        refused(key("k", 9).putInt(4).putLong(1L << 40), "claims 1099511627776 items"); // 150
        refused(key("k", 9).putInt(4).putLong(-1), "claims 18446744073709551615 items"); // 150
        refused(key("k", 9).putInt(9).putLong(1), "array of arrays"); // 151
        refused(key("k", 9).putInt(77).putLong(1), "unknown value type 77"); // 151
        refused(key("", 0).put((byte) 1), "key 0 is empty"); // 152
        refused(text(start(0, 1), "k".repeat(300)).putLong(6, 3), "version"); // the first fault is named
        ByteBuffer twice = text(text(start(0, 2), "k").putInt(0).put((byte) 1), "k")
                .putInt(0)
                .put((byte) 1);
        refused(twice, "k is there twice"); // 153
        for (int alignment : new int[] {0, 4, 48, 1 << 21}) {
            refused(key("general.alignment", 4).putInt(alignment), "power of two"); // 154
        }
        refused(text(key("general.alignment", 8), "32"), "power of two"); // 154
    }

    @Test
    void tensors() {
        refused(padded(tensor("", 0, 0, 1), 4), "is no name"); // 155
        refused(padded(tensor("../a", 0, 0, 1), 4), "is no name"); // 155
        refused(padded(tensor("a\0", 0, 0, 1), 4), "is no name"); // 155
        refused(padded(tensor("x".repeat(64), 0, 0, 1), 4), "claims 64 bytes"); // 156
        refused(padded(tensor("a", 0, 0), 4), "1 to 4 dimensions; got 0"); // 157
        refused(padded(tensor("a", 0, 0, 1, 1, 1, 1, 1), 4), "1 to 4 dimensions; got 5"); // 157
        refused(padded(tensor("a", 0, 0, 0), 4), "a dimension of 0"); // 158
        refused(padded(tensor("a", 0, 0, -1), 4), "a dimension of -1"); // 158
        refused(padded(tensor("a", 0, 0, 1L << 32, 1L << 32), 4), "over 2^63"); // 159
        refused(padded(tensor("a", 0, 0, 1L << 62), 4), "more elements than the file"); // 159
        refused(padded(tensor("a", 999, 0, 256), 210), "has type 999, which is none"); // 160
        refused(padded(tensor("a", -1, 0, 256), 210), "has type 4294967295, which is none"); // 160
        unsupported(padded(tensor("a", 10, 0, 256), 84), "tensor a has type Q2_K, which is not supported");
        unsupported(padded(tensor("a", 23, 0, 256), 136), "IQ4_XS");
        unsupported(padded(tensor("a", 39, 0, 32), 17), "MXFP4");
        unsupported(padded(tensor("a", 77, 0, 32), 17), "number 77");
        refused(padded(tensor("a", 8, 0, 33), 68), "multiple of 32 elements; got 33"); // 161
        refused(padded(tensor("a", 0, 32, 1), 36), "begins at byte 32"); // 162
        refused(padded(tensor("a", 0, -32, 1), 4), "begins at byte 18446744073709551584"); // 162
        refused(padded(tensor("a", 0, 0, 2), 4), "needs 8 bytes; the file holds 4"); // 163
        refused(padded(tensor("a", 0, 0, 1), 64), "32 bytes follow"); // 164
        ByteBuffer twice = start(2, 0);
        for (int i = 0; i < 2; i++) {
            text(twice, "a").putInt(1).putLong(1).putInt(0).putLong(32L * i);
        }
        refused(padded(twice, 36), "a is there twice");
    }

    @Test
    void version2IsReadAlike() throws IOException {
        small().write(file());
        byte[] bytes = Files.readAllBytes(file());
        bytes[4] = 2;
        Gguf read = Gguf.open(write(bytes));
        assertThat(read.read("a").toArray()).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void anotherAlignmentIsObeyed() throws IOException {
        ByteBuffer bytes = text(start(2, 1), "general.alignment").putInt(4).putInt(64);
        for (int i = 0; i < 2; i++) {
            text(bytes, "t" + i).putInt(1).putLong(1).putInt(0).putLong(64L * i);
        }
        bytes.position((bytes.position() + 63) / 64 * 64).putFloat(1.5f);
        bytes.position(bytes.position() + 60).putFloat(2.5f);
        Gguf read = Gguf.open(write(Arrays.copyOf(bytes.array(), bytes.position())));
        assertThat(read.read("t0").toArray()).containsExactly(1.5);
        assertThat(read.read("t1").toArray()).containsExactly(2.5);
    }

    /// An array of bytes is kept as bytes: as longs it would take eight times its file.
    @Test
    void r4_arraysOfBytesTakeNoMoreThanTheirFile() throws IOException {
        int size = 4 << 20;
        ByteBuffer start = key("k", 9).putInt(0).putLong(size);
        byte[] used = Arrays.copyOf(start.array(), start.position() + size);
        used[start.position() + 5] = (byte) 200;
        Gguf read = Gguf.open(write(used));
        GgufNumbers numbers = read.numbers("k");
        assertThat(numbers.size()).isEqualTo(size);
        assertThat(numbers.whole(5)).isEqualTo(200);
        assertThat(numbers.number(5)).isEqualTo(200.0);
        assertThat(numbers.bytes()[5]).isEqualTo((byte) 200);
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        Gguf.open(file());
        // the array itself, and what little the rest of the header takes
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(size + (1 << 20));
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

    @Test
    void unsignedNumbersBeyondALong() throws IOException {
        ByteBuffer bytes = key("k", 10).putLong(-1);
        Gguf read = Gguf.open(write(Arrays.copyOf(bytes.array(), bytes.position())));
        assertThat(read.metadata()).containsEntry("k", new java.math.BigInteger("18446744073709551615"));
        assertThatThrownBy(() -> read.size("k"))
                .isInstanceOf(CorruptCheckpointException.class)
                .hasMessageContaining("18446744073709551615");
    }

    /// Names of keys and tensors reach the terminal in messages.
    @Test
    void r8_controlCharactersOfNamesAreShownEscaped() {
        String evil = "\u001b[31m\u202eevil\r\n";
        refused(key(evil, 13).putLong(0), "\\u001b[31m\\u202eevil\\r\\n has the unknown value type");
        refused(padded(tensor(evil, 0, 32, 1), 36), "tensor \\u001b[31m\\u202eevil\\r\\n begins at byte 32");
        refused(key("k".repeat(60_000), 13).putLong(0), "…");
    }

    @Test
    void missingFiles() {
        assertThatThrownBy(() -> Gguf.open(folder.resolve("none"))).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> Gguf.open(folder)).isInstanceOf(DataException.class);
    }

    /// Whether the bytes were taken for a sound file; what is then read must have the shape that it says.
    private boolean accepted(byte[] bytes) throws IOException {
        try {
            Gguf read = Gguf.open(write(bytes));
            for (String name : read.names()) {
                long[] shape = read.shape(name);
                assertThat(read.read(name).size())
                        .isEqualTo((int) Arrays.stream(shape).reduce(1, (a, b) -> a * b));
            }
            return true;
        } catch (CorruptCheckpointException | CheckpointMismatchException refused) {
            assertThat(refused).hasMessageContaining(file().toString());
            assertThat(refused.getMessage()).hasSizeLessThanOrEqualTo(500).doesNotContainPattern("\\p{Cntrl}");
            return false;
        }
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        small().write(file());
        byte[] sound = Files.readAllBytes(file());
        assertThat(accepted(sound)).isTrue();
        int padding = 28; // behind the last tensor's 68 bytes, which other writers leave out
        for (int length = 0; length < sound.length - padding; length++) {
            if (accepted(Arrays.copyOf(sound, length))) {
                fail("accepted with %d of %d bytes", length, sound.length);
            }
        }
    }

    @Test
    void flippedBitsAndMutationsAreRefusedOrRead() throws IOException {
        small().write(file());
        byte[] sound = Files.readAllBytes(file());
        for (int bit = 0; bit < 8 * sound.length; bit++) {
            byte[] flipped = sound.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            accepted(flipped);
        }
        Random random = new Random(3);
        int accepted = 0;
        for (int i = 0; i < 10_000; i++) {
            byte[] mutated = sound.clone();
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                int at = random.nextInt(300);
                mutated[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : mutated[random.nextInt(300)]);
            }
            accepted += accepted(mutated) ? 1 : 0;
        }
        assertThat(accepted).isBetween(1, 9_999);
    }
}
