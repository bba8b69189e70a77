package gradus.lessons.prompt.react.tool;

import static gradus.error.ConfigException.require;

import gradus.error.DataException;
import gradus.error.FileReason;
import gradus.error.Printable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/// Reads text files below one folder: absolute paths, `..`, names that begin with a point, such as `.env`, and
/// symbolic links are refused, wherever they lead; so are files that are large, binary, or no files. This
/// bounds what a model may ask for. It is no wall against another program that swaps a folder for a link in the
/// moment between looking and reading.
public final class FileReader implements Tool {
    /// The usual limit.
    public static final int MOST_BYTES = 64 * 1024;

    private final Path folder;
    private final int mostBytes;

    /// @param mostBytes the largest file that is read
    /// @throws gradus.error.ConfigException if the folder is none, or mostBytes is not 1 to 1 GiB
    public FileReader(Path folder, int mostBytes) {
        require(Files.isDirectory(folder), "%s is no folder", Printable.value(folder));
        require(
                1 <= mostBytes && mostBytes <= 1 << 30,
                "the largest file must have 1 byte to 1 GiB; got %d bytes",
                mostBytes);
        this.folder = folder;
        this.mostBytes = mostBytes;
    }

    @Override
    public String name() {
        return "read";
    }

    @Override
    public String description() {
        return "reads a text file, such as read[notes.txt]";
    }

    /// @throws DataException if the file may not be read, or cannot
    @Override
    public String use(String input) {
        String name = Printable.value(input.strip());
        Path file = inside(input.strip(), name);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) { // a pipe would wait for ever
            throw new DataException(
                    Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                            ? name + " is no file that can be read"
                            : "there is no file " + name);
        }
        try (SeekableByteChannel channel =
                Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            byte[] bytes = Channels.newInputStream(channel).readNBytes(mostBytes + 1); // size() is 0 below /proc
            if (bytes.length > mostBytes) {
                throw new DataException(name + " is too large: at most " + mostBytes + " bytes are read");
            }
            return text(name, ByteBuffer.wrap(bytes));
        } catch (IOException failed) {
            throw new DataException(name + " cannot be read: " + FileReason.of(failed), failed);
        }
    }

    /// The path, if every step of it stays in the folder and is no link.
    private Path inside(String typed, String name) {
        Path path;
        try {
            path = Path.of(typed);
        } catch (InvalidPathException none) {
            throw new DataException(name + " cannot be the name of a file", none);
        }
        if (typed.isEmpty() || path.isAbsolute() || path.getRoot() != null) {
            throw new DataException(name + " is refused: paths begin in the folder that may be read");
        }
        Path at = folder;
        for (Path step : path) {
            if (step.toString().equals("..")) {
                throw new DataException(name + " is refused: .. leads out of the folder that may be read");
            }
            if (step.toString().startsWith(".") && !step.toString().equals(".")) {
                throw new DataException(name + " is refused: names that begin with a point are hidden");
            }
            at = at.resolve(step);
            if (Files.isSymbolicLink(at)) {
                throw new DataException(name + " is refused: it is a link, or lies behind one");
            }
        }
        return at;
    }

    private static String text(String name, ByteBuffer bytes) throws IOException {
        for (int i = 0; i < bytes.limit(); i++) {
            if (bytes.get(i) == 0) {
                throw new DataException(name + " is binary, no text");
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException binary) {
            throw new DataException(name + " is no text in UTF-8", binary);
        }
    }
}
