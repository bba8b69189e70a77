package gradus.train.instruct;

import gradus.error.DataException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The lines of a file with their numbers, without the empty ones. A line is in memory at a time, and no
/// longer one than is allowed.
final class JsonLines {
    private final InputStream in;
    private final Path path;
    private final int longest;
    private long number;

    /// @param number counted from 1
    record Line(long number, String text) {}

    /// @param longest the longest line, in bytes
    JsonLines(InputStream in, Path path, int longest) {
        this.in = in;
        this.path = path;
        this.longest = longest;
    }

    /// The next line that is not blank, or null at the end.
    ///
    /// @throws DataException if it is too long or no UTF-8
    Line next() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (true) {
            int c = in.read();
            if (c >= 0 && c != '\n') {
                if (bytes.size() == longest) { // BAD-INPUT 94
                    throw new DataException("%s:%s: the line is longer than %s bytes; each row is a line of its own"
                            .formatted(path, number + 1, longest));
                }
                bytes.write(c);
                continue;
            }
            if (c < 0 && bytes.size() == 0) {
                return null;
            }
            number++;
            String text = decoded(bytes.toByteArray());
            bytes.reset();
            if (!text.isBlank()) {
                return new Line(number, text);
            }
        }
    }

    private String decoded(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw new DataException("%s:%s: the line is not UTF-8".formatted(path, number), notUtf8);
        }
    }
}
