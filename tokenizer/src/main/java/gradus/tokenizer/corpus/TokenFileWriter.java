package gradus.tokenizer.corpus;

import gradus.error.DataException;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.format.Tokenizers;
import gradus.tokenizer.json.FileFault;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;

/// Writes a `TokenFile` piece by piece. Only `finish` gives the file its name: until then, or if writing
/// fails, a file that had this name before is untouched.
public final class TokenFileWriter implements ParallelEncoder.Sink, AutoCloseable {
    private static final int BUFFER = 1 << 18;

    private final Path file;
    private final Path part;
    private final FileChannel channel;
    private final MemorySegment buffer = MemorySegment.ofArray(new byte[BUFFER]);
    private final int vocabularySize;
    private final int width;
    private final String fingerprint;
    private int filled;
    private long count;

    /// Begins a file for the ids of this tokenizer. Throws DataException if it cannot be created.
    public TokenFileWriter(Path file, Tokenizer tokenizer) {
        this.file = file;
        this.part = file.resolveSibling(file.getFileName() + ".part");
        this.vocabularySize = tokenizer.vocabularySize();
        this.width = TokenFile.width(vocabularySize);
        this.fingerprint = Tokenizers.fingerprint(tokenizer);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            channel = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
            channel.position(TokenFile.HEADER);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be created: " + FileFault.reason(e), e);
        }
    }

    /// Writes all ids of an array.
    public static void write(Path file, Tokenizer tokenizer, int[] ids) {
        try (var writer = new TokenFileWriter(file, tokenizer)) {
            writer.accept(ids);
            writer.finish();
        }
    }

    /// Appends ids. Throws DataException on one outside the vocabulary, and if the disk does not take them.
    @Override
    public void accept(int[] ids) {
        for (int id : ids) {
            if (id < 0 || id >= vocabularySize) {
                throw new DataException(file + ": id " + id + " lies outside the vocabulary of " + vocabularySize
                        + " (id " + count + ")");
            }
            if (filled + width > BUFFER) {
                flush();
            }
            if (width == 2) {
                buffer.set(TokenFile.SHORT, filled, (char) id);
            } else {
                buffer.set(TokenFile.INT, filled, id);
            }
            filled += width;
            count++;
        }
    }

    private void flush() {
        try {
            ByteBuffer bytes = buffer.asByteBuffer().limit(filled);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            filled = 0;
        } catch (IOException e) {
            throw new DataException(file + ": cannot be written: " + FileFault.reason(e), e);
        }
    }

    /// Finishes the file and puts it under its name.
    public void finish() {
        flush();
        try {
            channel.write(header(), 0);
            channel.force(true);
            channel.close();
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be written: " + FileFault.reason(e), e);
        }
    }

    /// Lets go of the file; without `finish` nothing stays of it.
    @Override
    public void close() {
        try {
            channel.close();
            Files.deleteIfExists(part);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be closed: " + FileFault.reason(e), e);
        }
    }

    private ByteBuffer header() {
        MemorySegment header = MemorySegment.ofArray(new byte[TokenFile.HEADER]);
        header.set(TokenFile.LONG, 0, TokenFile.MAGIC);
        header.set(TokenFile.INT, 8, width);
        header.set(TokenFile.INT, 12, vocabularySize);
        header.set(TokenFile.LONG, 16, count);
        MemorySegment.copy(
                MemorySegment.ofArray(HexFormat.of().parseHex(fingerprint)),
                ValueLayout.JAVA_BYTE,
                0,
                header,
                ValueLayout.JAVA_BYTE,
                24,
                32);
        return header.asByteBuffer();
    }
}
