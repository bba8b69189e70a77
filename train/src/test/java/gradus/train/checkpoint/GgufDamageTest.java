package gradus.train.checkpoint;

import static gradus.train.checkpoint.GgufBytes.key;
import static gradus.train.checkpoint.GgufBytes.padded;
import static gradus.train.checkpoint.GgufBytes.small;
import static gradus.train.checkpoint.GgufBytes.start;
import static gradus.train.checkpoint.GgufBytes.tensor;
import static gradus.train.checkpoint.GgufBytes.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.error.DataException;
import gradus.error.GradusException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that are damaged, BAD-INPUT 139 to 164, and odd ones that are sound.
class GgufDamageTest {
    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("test.gguf");
    }

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
