package gradus.train.corpus;

import gradus.error.DataException;
import gradus.error.FileReason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/// The files that a user names, by their paths or by globs such as `texts/*.txt` and `texts/**.txt`, where
/// `**` goes into folders too.
public final class DataFiles {
    /// What `--data` of a training takes.
    private static final DataFiles DATA =
            new DataFiles("--data", "--data takes UTF-8 text files or globs, token files, or the word wordnet");
    private static final byte[] TOKEN_FILE = "GRADTOK1".getBytes(StandardCharsets.US_ASCII);

    private final String option;
    private final String expected;

    private DataFiles(String option, String expected) {
        this.option = option;
        this.expected = expected;
    }

    /// Absolute paths: those of a glob in alphabetical order, none twice.
    ///
    /// @throws DataException if one does not exist, is no regular file or may not be read, or a glob matches
    ///                       none
    static List<Path> of(Collection<String> named) {
        return DATA.find(named);
    }

    /// The files that `--data` names, whatever they hold.
    public static List<Path> named(Collection<String> named) {
        return of(named);
    }

    /// The same for an option of another name, which takes rows in JSONL.
    public static List<Path> rows(Collection<String> named, String option) {
        return new DataFiles(option, option + " takes JSONL files or globs").find(named);
    }

    /// The same for an option of another name, which takes texts only.
    public static List<Path> texts(Collection<String> named, String option) {
        return new DataFiles(option, option + " takes UTF-8 text files or globs, or the word wordnet").find(named);
    }

    private List<Path> find(Collection<String> named) {
        LinkedHashSet<Path> files = new LinkedHashSet<>();
        for (String each : named) {
            files.addAll(matches(each));
        }
        files.forEach(this::requireReadable);
        return List.copyOf(files);
    }

    private List<Path> matches(String named) {
        if (named.isBlank()) {
            throw new DataException("the name of a data file is empty; " + expected);
        }
        Path file;
        try {
            file = absolute(named);
        } catch (InvalidPathException noPath) {
            throw new DataException(named + " is no name of a file: " + noPath.getReason() + "; " + expected, noPath);
        }
        if (Files.exists(file) || !named.matches(".*[*?\\[{].*")) {
            return List.of(file);
        }
        return glob(named);
    }

    private static Path absolute(String named) {
        return Path.of(named).toAbsolutePath().normalize();
    }

    private List<Path> glob(String pattern) {
        String whole = absolute("").resolve(pattern).toString();
        int wild = whole.split("[*?\\[{]", 2)[0].lastIndexOf('/');
        Path from = Path.of(whole.substring(0, Math.max(wild, 1)));
        try {
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + whole);
            int depth = whole.contains("**")
                    ? Integer.MAX_VALUE
                    : whole.substring(wild).split("/").length;
            if (Files.isDirectory(from)) {
                try (Stream<Path> all = Files.walk(from, depth, FileVisitOption.FOLLOW_LINKS)) {
                    List<Path> found = all.filter(file -> matcher.matches(file) && Files.isRegularFile(file))
                            .sorted()
                            .toList();
                    if (!found.isEmpty()) {
                        return found;
                    }
                }
            }
            throw new DataException(pattern + " matches no file; " + expected);
        } catch (PatternSyntaxException wrong) {
            throw new DataException(pattern + " is no glob: " + wrong.getDescription(), wrong);
        } catch (IOException | UncheckedIOException e) {
            throw new DataException(from + " cannot be searched: " + e.getMessage(), e);
        }
    }

    private void requireReadable(Path file) {
        if (!Files.exists(file)) {
            throw new DataException(file + " does not exist; " + expected);
        }
        if (Files.isDirectory(file)) {
            throw new DataException(
                    file + " is a folder; " + option + " takes files: '" + file + "/*.txt' names those in it");
        }
        if (!Files.isRegularFile(file)) { // what a device or a pipe gives can be read once at most, and may never end
            throw new DataException(file + " is a device or a pipe; " + expected);
        }
        if (!Files.isReadable(file)) {
            throw new DataException(file + " may not be read: permission denied");
        }
    }

    /// Whether a file holds token ids and no text.
    static boolean isTokenFile(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(TOKEN_FILE.length), TOKEN_FILE);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    static DataException unreadable(Path file, IOException e) {
        return e instanceof AccessDeniedException
                ? new DataException(file + " may not be read: permission denied", e)
                : new DataException(file + " cannot be read: " + FileReason.of(e), e);
    }
}
