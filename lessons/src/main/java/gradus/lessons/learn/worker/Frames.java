package gradus.lessons.learn.worker;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StreamCorruptedException;

/// Messages between the two processes, one after the other on a stream: a mark, the length, the bytes.
final class Frames {
    private static final int MARK = 0x47524144;

    /// More than any message needs; what is longer is refused before memory is taken for it.
    static final int LONGEST = 64 << 20;

    /// Reads the fields of a message.
    interface Fields<T> {
        T on(DataInputStream in) throws IOException;
    }

    /// Writes the fields of a message.
    interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private Frames() {}

    static void write(OutputStream out, Writing message) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        message.to(new DataOutputStream(bytes));
        DataOutputStream data = new DataOutputStream(out);
        data.writeInt(MARK);
        data.writeInt(bytes.size());
        bytes.writeTo(data);
        data.flush();
    }

    /// @throws java.io.EOFException if the stream has ended
    static <T> T read(InputStream in, Fields<T> fields) throws IOException {
        DataInputStream data = new DataInputStream(in);
        int mark = data.readInt();
        int length = data.readInt();
        if (mark != MARK || length < 0 || length > LONGEST) {
            throw new StreamCorruptedException("no message of a worker");
        }
        byte[] bytes = data.readNBytes(length);
        if (bytes.length < length) {
            throw new java.io.EOFException();
        }
        try {
            return fields.on(new DataInputStream(new ByteArrayInputStream(bytes)));
        } catch (RuntimeException | OutOfMemoryError e) {
            throw new StreamCorruptedException(e.toString());
        }
    }
}
