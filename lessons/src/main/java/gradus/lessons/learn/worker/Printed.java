package gradus.lessons.learn.worker;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Keeps the beginning of what an answer prints, and lets the rest go.
final class Printed extends OutputStream {
    private static final int MOST = 4096;

    private final byte[] kept = new byte[MOST];
    private int length;
    private boolean more;

    @Override
    public synchronized void write(int b) {
        if (length < MOST) {
            kept[length++] = (byte) b;
        } else {
            more = true;
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int count) {
        int taken = Math.min(count, MOST - length);
        System.arraycopy(bytes, from, kept, length, taken);
        length += taken;
        more |= taken < count;
    }

    /// What was printed since the last call.
    synchronized String take() {
        String text = new String(kept, 0, length, StandardCharsets.UTF_8) + (more ? "\n…" : "");
        length = 0;
        more = false;
        return text;
    }
}
