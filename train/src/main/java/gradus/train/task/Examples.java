package gradus.train.task;

import static gradus.error.ConfigException.require;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;

/// Texts to learn from of which only parts are learned, such as the assistant's turns of conversations: ids,
/// and for each id whether a model is to predict it. All lie in one array, 4 bytes a token and a bit.
public final class Examples {
    private int[] ids = new int[1024];
    private final BitSet learned = new BitSet();
    private int[] starts = new int[64]; // of each example, and where the last one ends
    private int count;

    /// Adds an example.
    ///
    /// @param added what there is to read, at least 2 ids
    /// @param counts for each id whether it is learned; the first has nothing before it and never is
    /// @throws gradus.error.ConfigException if nothing is learned, or the two differ in length
    public void add(int[] added, boolean[] counts) {
        require(
                added.length == counts.length,
                "examples: each id must be marked as learned or not; got %d ids and %d marks",
                added.length,
                counts.length);
        require(teaches(counts, added.length), "examples: nothing of the %d ids is learned", added.length);
        int at = starts[count];
        require(
                added.length < Integer.MAX_VALUE - 8 - at,
                "examples: more than 2^31 tokens; learn from a part of the data");
        if (at + added.length > ids.length) {
            ids = Arrays.copyOf(
                    ids, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(2L * ids.length, at + added.length)));
        }
        System.arraycopy(added, 0, ids, at, added.length);
        for (int i = 1; i < counts.length; i++) {
            learned.set(at + i, counts[i]);
        }
        count++;
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
        }
        starts[count] = at + added.length;
    }

    /// Whether an example of the first so many of these marks would teach anything.
    public static boolean teaches(boolean[] counts, int length) {
        for (int i = 1; i < length; i++) {
            if (counts[i]) {
                return true;
            }
        }
        return false;
    }

    /// How many there are.
    public int count() {
        return count;
    }

    /// How many ids an example has.
    public int length(int example) {
        return starts[example + 1] - starts[example];
    }

    /// How many places of a row an example takes: a place reads one id and predicts the next.
    public int places(int example) {
        return length(example) - 1;
    }

    /// The ids of an example.
    public int[] ids(int example) {
        return Arrays.copyOfRange(ids, starts[example], starts[example + 1]);
    }

    /// The id at a place of an example.
    int id(int example, int place) {
        return ids[starts[example] + place];
    }

    /// Whether the id at a place of an example is learned.
    public boolean learned(int example, int place) {
        return learned.get(starts[example] + place);
    }

    /// For each id of an example whether it is learned.
    public boolean[] marks(int example) {
        boolean[] marks = new boolean[length(example)];
        for (int place = 0; place < marks.length; place++) {
            marks[place] = learned(example, place);
        }
        return marks;
    }

    /// The place behind the last id of an example that is learned.
    public int answerEnd(int example) {
        int end = learned.previousSetBit(starts[example + 1] - 1) + 1;
        return end - starts[example];
    }

    /// The place of the first id of an example that is learned.
    public int answerStart(int example) {
        return learned.nextSetBit(starts[example]) - starts[example];
    }

    /// How many ids all examples have.
    public long tokens() {
        return starts[count];
    }

    /// How many of them are learned.
    public long learnedTokens() {
        return learned.cardinality();
    }

    /// The highest id, or -1 without examples.
    public int highestId() {
        return Arrays.stream(ids, 0, starts[count]).max().orElse(-1);
    }

    /// SHA-256 of all of it.
    public String sum() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (int i = 0; i < count; i++) {
                ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * (1 + length(i)) + length(i));
                bytes.putInt(length(i));
                for (int place = 0; place < length(i); place++) {
                    bytes.putInt(id(i, place)).put((byte) (learned(i, place) ? 1 : 0));
                }
                digest.update(bytes.flip());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
