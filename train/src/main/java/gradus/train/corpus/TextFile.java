package gradus.train.corpus;

import gradus.error.DataException;
import gradus.error.FileReason;
import gradus.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Any UTF-8 file as text. What is not UTF-8 is refused with its line, not mended in silence.
public final class TextFile {

    private TextFile() {}

    /// The whole text.
    ///
    /// @param expected what to say of a file that is missing or a folder, as `--data takes a UTF-8 text file`
    /// @throws DataException if the file is missing, empty, a folder, too large, unreadable or not UTF-8
    public static String read(Path file, String expected) {
        byte[] bytes = bytes(file, expected);
        if (bytes.length == 0) {
            throw new DataException(file + " is empty; there is nothing to learn from");
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            int at = in.position();
            throw new DataException("%s:%s: byte 0x%02X at offset %s is not UTF-8; convert the file to UTF-8 first"
                    .formatted(file, line(bytes, at), bytes[at], at));
        }
        return out.flip().toString();
    }

    private static byte[] bytes(Path file, String expected) {
        if (!Files.exists(file)) {
            throw new DataException(file + " does not exist; " + expected);
        }
        if (Files.isDirectory(file)) {
            throw new DataException(file + " is a folder; " + expected);
        }
        try {
            long size = Files.size(file);
            if (size > Tokenizer.MAX_TEXT_LENGTH) {
                throw new DataException("%s has %s bytes; the limit is %s. Train on a part of it"
                        .formatted(file, size, Tokenizer.MAX_TEXT_LENGTH));
            }
            return Files.readAllBytes(file);
        } catch (AccessDeniedException e) {
            throw new DataException(file + " may not be read: permission denied", e);
        } catch (IOException e) {
            throw new DataException(file + " cannot be read: " + FileReason.of(e), e);
        }
    }

    private static int line(byte[] bytes, int at) {
        int line = 1;
        for (int i = 0; i < at; i++) {
            line += bytes[i] == '\n' ? 1 : 0;
        }
        return line;
    }
}
