package gradus.lessons.learn.worker;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a worker is to do.
///
/// @param exercise   name of the exercise
/// @param text       a learner's file to compile and look through; null to run classes
/// @param className  of the answer; empty for the right one
/// @param classes    the answer's class files
/// @param seed       of the probes' numbers
/// @param millis     how long all probes together may take
/// @param arrayBytes how large one array may be
record Request(
        String exercise,
        String text,
        String className,
        Map<String, byte[]> classes,
        long seed,
        long millis,
        long arrayBytes) {
    static Request compile(String exercise, String text) {
        return new Request(exercise, text, "", Map.of(), 0, 0, 0);
    }

    static Request run(String exercise, Prepared prepared, long seed, long millis, long arrayBytes) {
        return new Request(exercise, null, prepared.className(), prepared.classes(), seed, millis, arrayBytes);
    }

    /// Runs the right answer, so that what it needs is loaded.
    static Request warm(String exercise) {
        return new Request(exercise, null, "", Map.of(), 1, 60_000, Long.MAX_VALUE);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeUTF(exercise);
        out.writeBoolean(text != null);
        if (text != null) {
            bytes(out, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        out.writeUTF(className);
        classes(out, classes);
        out.writeLong(seed);
        out.writeLong(millis);
        out.writeLong(arrayBytes);
    }

    static Request read(DataInputStream in) throws IOException {
        return new Request(
                in.readUTF(),
                in.readBoolean() ? new String(bytes(in), java.nio.charset.StandardCharsets.UTF_8) : null,
                in.readUTF(),
                classes(in),
                in.readLong(),
                in.readLong(),
                in.readLong());
    }

    static void classes(DataOutputStream out, Map<String, byte[]> classes) throws IOException {
        out.writeInt(classes.size());
        for (Map.Entry<String, byte[]> each : classes.entrySet()) {
            out.writeUTF(each.getKey());
            bytes(out, each.getValue());
        }
    }

    static Map<String, byte[]> classes(DataInputStream in) throws IOException {
        Map<String, byte[]> classes = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            classes.put(in.readUTF(), bytes(in));
        }
        return classes;
    }

    private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }
}
