package gradus.bench.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Damages a file in one to four of the ways in which files get damaged, or are made to: bits rotated, ranges cut,
/// doubled or moved, lengths and numbers exchanged for those at the edges, and in text whole values of JSON for others.
final class Mutator {
    private static final Pattern VALUE =
            Pattern.compile("\"(?:[^\"\\\\]++|\\\\.)*+\"|-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|true|false|null");
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "-1",
            "0",
            "1",
            "2",
            "255",
            "256",
            "2147483647",
            "2147483648",
            "4294967296",
            "9223372036854775807",
            "9223372036854775808",
            "1e400",
            "-1e-400",
            "0.5",
            "NaN",
            "9".repeat(400),
            "1".repeat(2000),
            "\"\"",
            "\"x\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\\u001b[31m\\u202e\"",
            "\"../../x\"",
            "\"/\"",
            "\"" + "y".repeat(5000) + "\"",
            "[]",
            "[[]]",
            "{}",
            "{\"a\":1,\"a\":2}",
            "[".repeat(200));
    private static final long[] EDGES = {
        0,
        1,
        -1,
        127,
        128,
        255,
        256,
        32_767,
        65_535,
        65_536,
        1L << 24,
        Integer.MAX_VALUE,
        1L << 31,
        -1L << 31,
        1L << 32,
        1L << 40,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private final SplittableRandom random;

    Mutator(SplittableRandom random) {
        this.random = random;
    }

    byte[] damage(byte[] sound, boolean text) {
        byte[] damaged = sound;
        int times = 1 + random.nextInt(4);
        for (int i = 0; i < times; i++) {
            damaged = text && random.nextInt(4) > 0 ? value(damaged) : bytes(damaged);
        }
        return damaged;
    }

    private byte[] bytes(byte[] x) {
        if (x.length == 0) {
            return new byte[] {(byte) random.nextInt(256)};
        }
        int at = random.nextInt(8) == 0 ? random.nextInt(Math.min(64, x.length)) : random.nextInt(x.length);
        int end = Math.min(x.length, at + 1 + random.nextInt(random.nextBoolean() ? 8 : x.length));
        byte[] y = x.clone();
        switch (random.nextInt(9)) {
            case 0, 1 -> y[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> y[at] = (byte) random.nextInt(256);
            case 3 -> y = edge(y, at);
            case 4 -> y = Arrays.copyOf(x, at); // cut off
            case 5 -> y = join(Arrays.copyOf(x, at), Arrays.copyOfRange(x, end, x.length)); // a range is missing
            case 6 -> y = join(Arrays.copyOf(x, end), Arrays.copyOfRange(x, at, x.length)); // a range is doubled
            case 7 -> {
                byte[] noise = new byte[1 + random.nextInt(16)];
                random.nextBytes(noise);
                y = join(join(Arrays.copyOf(x, at), noise), Arrays.copyOfRange(x, at, x.length));
            }
            default -> Arrays.fill(y, at, end, (byte) (random.nextBoolean() ? 0 : 0xFF));
        }
        return y;
    }

    /// A number at an edge of its type, in one of the widths, little-endian.
    private byte[] edge(byte[] y, int at) {
        long value = EDGES[random.nextInt(EDGES.length)] + random.nextInt(3) - 1;
        int width = 1 << random.nextInt(4);
        for (int i = 0; i < width && at + i < y.length; i++) {
            y[at + i] = (byte) (value >>> 8 * i);
        }
        return y;
    }

    /// A value, or a key, of JSON is exchanged for another of the file's or for one of the list; or a member is
    /// taken out or doubled.
    private byte[] value(byte[] x) {
        String text = new String(x, StandardCharsets.ISO_8859_1);
        List<MatchResult> values = VALUE.matcher(text).results().limit(5000).toList();
        if (values.isEmpty()) {
            return bytes(x);
        }
        MatchResult one = values.get(random.nextInt(values.size()));
        MatchResult other = values.get(random.nextInt(values.size()));
        int comma = text.indexOf(',', one.end());
        String changed = switch (random.nextInt(6)) {
            case 0, 1, 2 -> replace(text, one, VALUES.get(random.nextInt(VALUES.size())));
            case 3 -> replace(text, one, other.group());
            case 4 -> comma < 0 ? text : text.substring(0, one.start()) + text.substring(comma + 1);
            default ->
                comma < 0
                        ? text
                        : text.substring(0, comma + 1)
                                + text.substring(one.start(), comma + 1)
                                + text.substring(comma + 1);
        };
        return changed.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String replace(String text, MatchResult at, String by) {
        return text.substring(0, at.start()) + by + text.substring(at.end());
    }

    private static byte[] join(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
