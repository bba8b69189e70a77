package gradus.tokenizer.json;

import gradus.error.TokenizerException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The lines of a vocabulary file in UTF-8. Only `\n` (and `\r\n`) ends a line: a token may hold U+2028 or a
/// lone `\r`.
public final class TextLines {
    private TextLines() {}

    public static List<String> read(Path file) {
        return of(JsonFile.readBytes(file), file.toString());
    }

    /// The whole text of a file, without a byte order mark at its beginning: that is no part of the text.
    public static String text(Path file) {
        return text(JsonFile.readBytes(file), file.toString());
    }

    public static String text(byte[] bytes, String source) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new TokenizerException(source + ": not UTF-8", e);
        }
    }

    public static List<String> of(byte[] bytes, String source) {
        String text = text(bytes, source);
        var lines = new ArrayList<String>();
        for (int start = 0; start < text.length(); ) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            boolean carriageReturn = end > start && text.charAt(end - 1) == '\r';
            lines.add(text.substring(start, carriageReturn ? end - 1 : end));
            start = end + 1;
        }
        return lines;
    }
}
