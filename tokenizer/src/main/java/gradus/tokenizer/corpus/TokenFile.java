package gradus.tokenizer.corpus;

import gradus.error.DataException;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.format.Tokenizers;
import gradus.tokenizer.json.FileFault;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;

/// A `.bin` file of ids, mapped into memory: a corpus of any size, read where it is needed.
///
/// Little-endian. The header's 64 bytes:
///
/// | offset | bytes | |
/// |---|---|---|
/// | 0 | 8 | `GRADTOK1` |
/// | 8 | 4 | bytes per id, 2 or 4 |
/// | 12 | 4 | vocabulary size |
/// | 16 | 8 | number of ids |
/// | 24 | 32 | the tokenizer's fingerprint (SHA-256) |
/// | 56 | 8 | zero |
///
/// then the ids, unsigned. Two bytes serve vocabularies up to 65,536. Reading checks every id against the
/// vocabulary.
public final class TokenFile implements AutoCloseable {
    static final int HEADER = 64;
    static final long MAGIC = 0x314B4F5444415247L; // "GRADTOK1"
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfChar SHORT = ValueLayout.JAVA_CHAR_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final Arena arena;
    private final MemorySegment data;
    private final int width;
    private final int vocabularySize;
    private final long count;
    private final String fingerprint;

    private TokenFile(Path file, Arena arena, MemorySegment data) {
        this.file = file;
        this.arena = arena;
        this.data = data;
        this.width = data.get(INT, 8);
        this.vocabularySize = data.get(INT, 12);
        this.count = data.get(LONG, 16);
        this.fingerprint = HexFormat.of().formatHex(data.asSlice(24, 32).toArray(ValueLayout.JAVA_BYTE));
    }

    /// How many bytes an id takes in a vocabulary of this size.
    static int width(int vocabularySize) {
        return vocabularySize <= 1 << 16 ? 2 : 4;
    }

    /// Opens a file. Throws DataException if it is missing, empty, a folder or damaged.
    public static TokenFile open(Path file) {
        if (file == null) {
            throw new DataException("token file: expected a path; got null");
        }
        if (Files.isDirectory(file)) {
            throw new DataException(file + ": expected a token file; got a folder");
        }
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < HEADER) {
                throw new DataException(file + ": " + size + " bytes; a token file has a header of " + HEADER);
            }
            MemorySegment data = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
            check(file, data, size);
            return new TokenFile(file, arena, data);
        } catch (IOException e) {
            arena.close();
            throw new DataException(file + ": cannot be read: " + FileFault.reason(e), e);
        } catch (DataException e) {
            arena.close();
            throw e;
        }
    }

    private static void check(Path file, MemorySegment data, long size) {
        if (data.get(LONG, 0) != MAGIC) {
            throw new DataException(file + ": no token file: it does not begin with GRADTOK1");
        }
        int width = data.get(INT, 8);
        int vocabulary = data.get(INT, 12);
        long count = data.get(LONG, 16);
        if (vocabulary <= 0 || width != width(vocabulary)) {
            throw new DataException(
                    file + ": offset 8: " + width + " bytes per id do not fit a vocabulary of " + vocabulary);
        }
        if (count < 0 || count != (size - HEADER) / width || (size - HEADER) % width != 0) {
            throw new DataException(file + ": offset 16: the header tells of " + count + " ids of " + width
                    + " bytes, but " + (size - HEADER) + " bytes follow");
        }
    }

    /// How many ids there are.
    public long size() {
        return count;
    }

    public int vocabularySize() {
        return vocabularySize;
    }

    /// The fingerprint of the tokenizer that made the ids.
    public String fingerprint() {
        return fingerprint;
    }

    /// The ids `[from, from + length)`. Throws DataException outside the file and on an id outside the
    /// vocabulary.
    public int[] read(long from, int length) {
        if (!arena.scope().isAlive()) {
            throw new DataException(file + ": was closed, and is read no more");
        }
        if (from < 0 || length < 0 || from > count - length) {
            throw new DataException(file + ": ids " + from + " to " + (from + length) + " asked of " + count);
        }
        int[] ids = new int[length];
        for (int i = 0; i < length; i++) {
            long offset = HEADER + (from + i) * width;
            ids[i] = width == 2 ? data.get(SHORT, offset) : data.get(INT, offset);
            if (ids[i] < 0 || ids[i] >= vocabularySize) {
                throw new DataException(file + ": offset " + offset + ": id " + Integer.toUnsignedString(ids[i])
                        + " lies outside the vocabulary of " + vocabularySize);
            }
        }
        return ids;
    }

    /// All ids. Throws DataException if they are more than an array can hold.
    public int[] readAll() {
        if (count > Integer.MAX_VALUE - 8) {
            throw new DataException(file + ": " + count + " ids do not fit into one array; read them in parts");
        }
        return read(0, (int) count);
    }

    /// Throws DataException unless this tokenizer made the ids.
    public void checkTokenizer(Tokenizer tokenizer) {
        if (!fingerprint.equals(Tokenizers.fingerprint(tokenizer))) {
            throw new DataException(file + ": made by another tokenizer (fingerprint " + fingerprint + ", not "
                    + Tokenizers.fingerprint(tokenizer) + "); encode the text anew");
        }
    }

    /// Gives the file back. Closing twice does no harm; reading afterwards throws DataException.
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
