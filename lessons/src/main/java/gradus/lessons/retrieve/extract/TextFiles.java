package gradus.lessons.retrieve.extract;

import gradus.error.DataException;
import gradus.error.FileReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Text files as documents: UTF-8, a byte order mark in front left out.
public final class TextFiles {
    private static final long LONGEST = 1L << 30; // bytes
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private TextFiles() {}

    /// All regular files below a folder, in alphabetical order. Those whose name begins with a point, and what
    /// is below such folders, are left out.
    ///
    /// @throws DataException if it cannot be searched
    public static List<Path> below(Path folder) {
        try (Stream<Path> all = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> isShown(folder.relativize(file)))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw new DataException(folder + " cannot be searched: " + FileReason.of(e.getCause()), e);
        } catch (IOException e) {
            throw new DataException(folder + " cannot be searched: " + FileReason.of(e), e);
        }
    }

    private static boolean isShown(Path relative) {
        for (Path name : relative) {
            if (name.toString().startsWith(".")) {
                return false;
            }
        }
        return true;
    }

    /// The text of a file.
    ///
    /// @throws DataException if it cannot be read, is binary or is not UTF-8: named with the place of the first
    ///                       byte that is at fault
    public static String read(Path file) {
        return text(file, bytes(file));
    }

    /// @throws DataException if it is no file that can be read, or too large
    static void requireFile(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new DataException(file + " is a folder, not a text file");
            }
            if (Files.size(file) > LONGEST) {
                throw new DataException(file + " is too large: more than 1 GiB");
            }
        } catch (IOException e) {
            throw new DataException(file + " cannot be read: " + FileReason.of(e), e);
        }
    }

    static byte[] bytes(Path file) {
        requireFile(file);
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new DataException(file + " cannot be read: " + FileReason.of(e), e);
        }
    }

    static String text(Path file, byte... bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                throw new DataException(file + " is binary, no text: byte " + i + " is 0");
            }
        }
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(rest).toString();
            return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new DataException(file + " is no text in UTF-8: byte " + rest.position() + " is at fault", e);
        }
    }
}
