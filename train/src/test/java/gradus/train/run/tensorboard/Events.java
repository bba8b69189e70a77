package gradus.train.run.tensorboard;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads event files by what the formats' descriptions say, and checks every checksum bit by bit.
final class Events {
    private Events() {}

    /// @param version  or null
    /// @param numbers  empty without a summary
    /// @param sessions the status of a session's log, or 0
    record Event(double seconds, long step, String version, Map<String, Float> numbers, long sessions) {}

    static List<Event> read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Event> events = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] length = take(bytes, 8);
            require(bytes.getInt() == masked(length));
            byte[] event = take(bytes, (int)
                    ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong());
            require(bytes.getInt() == masked(event));
            events.add(event(event));
        }
        return events;
    }

    private static byte[] take(ByteBuffer from, int count) {
        byte[] bytes = new byte[count];
        from.get(bytes);
        return bytes;
    }

    private static Event event(byte[] bytes) throws InvalidProtocolBufferException {
        UnknownFieldSet fields = UnknownFieldSet.parseFrom(bytes);
        Map<String, Float> numbers = new LinkedHashMap<>();
        for (ByteString summary : fields.getField(5).getLengthDelimitedList()) {
            for (ByteString value :
                    UnknownFieldSet.parseFrom(summary).getField(1).getLengthDelimitedList()) {
                UnknownFieldSet one = UnknownFieldSet.parseFrom(value);
                numbers.put(
                        one.getField(1).getLengthDelimitedList().getFirst().toStringUtf8(),
                        Float.intBitsToFloat(one.getField(2).getFixed32List().getFirst()));
            }
        }
        List<ByteString> version = fields.getField(3).getLengthDelimitedList();
        List<ByteString> session = fields.getField(7).getLengthDelimitedList();
        return new Event(
                Double.longBitsToDouble(fields.getField(1).getFixed64List().getFirst()),
                fields.getField(2).getVarintList().stream().findFirst().orElse(0L),
                version.isEmpty() ? null : version.getFirst().toStringUtf8(),
                numbers,
                session.isEmpty()
                        ? 0
                        : UnknownFieldSet.parseFrom(session.getFirst())
                                .getField(1)
                                .getVarintList()
                                .getFirst());
    }

    /// CRC-32C, one bit after the other, masked as TensorFlow does.
    private static int masked(byte[] bytes) {
        int crc = ~0;
        for (byte each : bytes) {
            crc ^= each & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc >>> 1 ^ ((crc & 1) == 1 ? 0x82F63B78 : 0);
            }
        }
        crc = ~crc;
        return (crc >>> 15 | crc << 17) + 0xa282ead8;
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new AssertionError("a checksum is wrong");
        }
    }
}
