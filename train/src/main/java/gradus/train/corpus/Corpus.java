package gradus.train.corpus;

import gradus.error.DataException;
import gradus.tokenizer.corpus.TokenFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;

/// What a model learns from: a text in one or several files, WordNet, or token files. The first nine tenths
/// are to learn from, the rest, never trained on, is to measure by. Texts are read where they are needed, so
/// that they may be larger than the memory.
public final class Corpus {
    /// The name that stands for [WordNetCorpus].
    public static final String WORDNET = "wordnet";

    private static final double TRAINING_SHARE = 0.9;

    /// The order of WordNet's entries is always this one, so that losses of different runs compare.
    private static final long WORDNET_ORDER = 31;

    private final List<FileFacts> files;
    private final List<TextPart.Source> sources;
    private final List<TokenFile> tokens;
    private final long cut;

    /// A file as it was when it was read.
    ///
    /// @param path   absolute
    /// @param sha256 of its bytes
    public record FileFacts(String path, long bytes, String sha256) {}

    private Corpus(List<FileFacts> files, List<TextPart.Source> sources, List<TokenFile> tokens, long cut) {
        this.files = files;
        this.sources = sources;
        this.tokens = tokens;
        this.cut = cut;
    }

    /// All of WordNet, in the order in which its parts are taken.
    public static String wordnet() {
        return WordNetCorpus.text(WORDNET_ORDER);
    }

    /// WordNet by its name, or files by their paths and globs.
    public static Corpus load(String... names) {
        return load(List.of(names), false);
    }

    /// @param keepMark whether byte order marks are taken for characters, as runs of an earlier version took
    ///                 them
    /// @throws DataException if a file is missing, empty, no text in UTF-8, or no regular file
    public static Corpus load(Collection<String> names, boolean keepMark) {
        if (names.size() == 1 && names.contains(WORDNET)) {
            String text = wordnet();
            int cut = text.indexOf('\n', (int) (text.length() * TRAINING_SHARE)) + 1; // whole entries
            return new Corpus(List.of(), List.of(TextPart.source(text)), List.of(), cut);
        }
        if (names.contains(WORDNET)) {
            throw new DataException("wordnet is a text of its own; it cannot be joined with files");
        }
        List<Path> paths = DataFiles.of(names);
        if (paths.stream().anyMatch(DataFiles::isTokenFile)) {
            return ofTokens(paths);
        }
        List<FileFacts> files = new ArrayList<>();
        List<TextPart.Source> sources = new ArrayList<>();
        for (Path path : paths) {
            FileFacts facts = facts(path);
            if (facts.bytes() > 0) {
                sources.add(TextPart.source(path, keepMark));
            }
            files.add(facts);
        }
        long length = 0;
        for (TextPart.Block block : new TextPart(sources, 0, Long.MAX_VALUE)) {
            length += block.text().length();
        }
        if (length == 0) {
            throw new DataException(name(files) + " is empty; there is nothing to learn from");
        }
        return new Corpus(files, sources, List.of(), (long) (length * TRAINING_SHARE));
    }

    /// Lines that were made of WordNet or of files.
    ///
    /// @param files none for WordNet
    /// @throws DataException if a part is empty
    public static Corpus ofLines(List<Path> files, List<String> training, List<String> validation) {
        if (training.isEmpty() || validation.isEmpty()) {
            throw new DataException("there must be lines to learn from and lines to measure by; got %s and %s"
                    .formatted(training.size(), validation.size()));
        }
        String first = String.join("\n", training) + "\n";
        String rest = String.join("\n", validation) + "\n";
        List<FileFacts> facts = files.stream().map(Corpus::facts).toList();
        return new Corpus(facts, List.of(TextPart.source(first + rest)), List.of(), first.length());
    }

    private static Corpus ofTokens(List<Path> paths) {
        List<FileFacts> files = new ArrayList<>();
        List<TokenFile> tokens = new ArrayList<>();
        for (Path path : paths) {
            if (!DataFiles.isTokenFile(path)) {
                throw new DataException(path + " is no token file; text and token files cannot be joined");
            }
            files.add(facts(path));
            tokens.add(TokenFile.open(path));
        }
        return new Corpus(files, List.of(), tokens, 0);
    }

    private static FileFacts facts(Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] chunk = new byte[1 << 16];
            long bytes = 0;
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                digest.update(chunk, 0, length);
                bytes += length;
            }
            return new FileFacts(path.toString(), bytes, HexFormat.of().formatHex(digest.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        } catch (IOException e) {
            throw DataFiles.unreadable(path, e);
        }
    }

    /// `wordnet`, the file, or how many files there are.
    public String name() {
        return files.isEmpty() ? WORDNET : name(files);
    }

    private static String name(List<FileFacts> files) {
        String first = files.getFirst().path();
        return files.size() == 1
                ? first
                : "%s files from %s to %s"
                        .formatted(
                                files.size(),
                                first,
                                Path.of(files.getLast().path()).getFileName());
    }

    /// A short name, for a heading.
    public String title() {
        return switch (files.size()) {
            case 0 -> WORDNET;
            case 1 -> String.valueOf(Path.of(files.getFirst().path()).getFileName());
            default -> files.size() + " files";
        };
    }

    /// Whether a word occurs in the text.
    public boolean holds(String word) {
        for (String block : whole().texts()) {
            if (block.contains(word)) {
                return true;
            }
        }
        return false;
    }

    /// The files; none for WordNet.
    public List<FileFacts> files() {
        return files;
    }

    /// The first nine tenths.
    public TextPart training() {
        return new TextPart(sources, 0, cut);
    }

    /// The rest.
    public TextPart validation() {
        return new TextPart(sources, cut, Long.MAX_VALUE);
    }

    /// Both parts.
    public TextPart whole() {
        return new TextPart(sources, 0, Long.MAX_VALUE);
    }

    /// The token files, where it is no text.
    public List<TokenFile> tokens() {
        return tokens;
    }

    /// Which of so many tokens is the first of the rest.
    public static long cut(long tokens) {
        return (long) (tokens * TRAINING_SHARE);
    }

    /// Whether each line is an entry of its own, so that a sample ends with its line.
    public boolean linesAreEntries() {
        return files.isEmpty();
    }

    /// Refuses parts too short to give one sequence and its targets.
    ///
    /// @throws DataException if either part has fewer than context + 1 tokens
    public static void requireTokens(String part, String name, long tokens, int context) {
        if (tokens < context + 1L) {
            throw new DataException(
                    "%s: the %s part has %s tokens; a context of %s needs at least %s. Give more text or a smaller --model.context"
                            .formatted(name, part, tokens, context, context + 1L));
        }
    }
}
