package gradus.train.run.tensorboard;

import com.google.protobuf.CodedOutputStream;
import gradus.error.FileReason;
import gradus.error.ResourceException;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.zip.CRC32C;

/// A file of events as TensorBoard reads it: TensorFlow's record format around protocol buffers.
/// ```
/// length of the event  8 bytes, little endian
/// its checksum         4 bytes
/// the event            as many bytes
/// its checksum         4 bytes
/// ```
/// A checksum is the CRC-32C of the bytes, turned right by 15 bits, plus `0xa282ead8`, so that a record which
/// holds records does not hold its own checksum. An event is, in the notation of protocol buffers, with the
/// fields that are used here (tensorflow/core/util/event.proto and framework/summary.proto):
/// ```
/// message Event   { double wall_time = 1; int64 step = 2; string file_version = 3;
///                   Summary summary = 5; SessionLog session_log = 7; }
/// message Summary { message Value { string tag = 1; float simple_value = 2; } repeated Value value = 1; }
/// message SessionLog { enum SessionStatus { START = 1; } SessionStatus status = 1; }
/// ```
public final class EventFile implements AutoCloseable {
    private static final int MASK = 0xa282ead8;
    private static final int WALL_TIME = 1;
    private static final int STEP = 2;
    private static final int FILE_VERSION = 3;
    private static final int SUMMARY = 5;
    private static final int SESSION_LOG = 7;
    private static final int START = 1;

    private final Path file;
    private final OutputStream out;

    /// Begins a file.
    ///
    /// @param seconds since 1970, with a fraction
    /// @throws ResourceException if it is there already or cannot be written
    public EventFile(Path file, double seconds) {
        this.file = file;
        try {
            this.out = new BufferedOutputStream(
                    Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw failure(e);
        }
        write(seconds, 0, message -> message.writeString(FILE_VERSION, "brain.Event:2"));
    }

    /// Says that what other files of the folder have at this step and after it is of no account: a training that
    /// goes on from a checkpoint does these steps again.
    public void start(double seconds, long step) {
        write(seconds, step, message -> message.writeByteArray(SESSION_LOG, bytes(log -> log.writeEnum(1, START))));
    }

    /// Writes numbers of a step.
    public void scalars(double seconds, long step, Map<String, Double> numbers) {
        write(
                seconds,
                step,
                message -> message.writeByteArray(SUMMARY, bytes(summary -> {
                    for (Map.Entry<String, Double> number : numbers.entrySet()) {
                        summary.writeByteArray(1, bytes(value -> {
                            value.writeString(1, number.getKey());
                            value.writeFloat(2, number.getValue().floatValue());
                        }));
                    }
                })));
    }

    /// So that others see what was written.
    public void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @FunctionalInterface
    private interface Fields {
        void write(CodedOutputStream message) throws IOException;
    }

    private static byte[] bytes(Fields fields) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream message = CodedOutputStream.newInstance(bytes);
        fields.write(message);
        message.flush();
        return bytes.toByteArray();
    }

    private void write(double seconds, long step, Fields what) {
        try {
            record(bytes(message -> {
                message.writeDouble(WALL_TIME, seconds);
                if (step != 0) { // which is what is read where there is none
                    message.writeInt64(STEP, step);
                }
                what.write(message);
            }));
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private void record(byte[] event) throws IOException {
        byte[] length = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(event.length)
                .array();
        out.write(length);
        out.write(checksum(length));
        out.write(event);
        out.write(checksum(event));
    }

    private static byte[] checksum(byte[] of) {
        CRC32C crc = new CRC32C();
        crc.update(of);
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(Integer.rotateRight((int) crc.getValue(), 15) + MASK)
                .array();
    }

    private ResourceException failure(IOException e) {
        return new ResourceException(file + " cannot be written: " + FileReason.of(e), e);
    }
}
