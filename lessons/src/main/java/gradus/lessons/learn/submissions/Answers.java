package gradus.lessons.learn.submissions;

import gradus.lessons.learn.exercise.Exercise;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The answers in a folder that a stranger filled: files with an exercise's name, wherever they lie. Links
/// are not followed, and there is an end to depth, number and size.
final class Answers {
    private static final int DEPTH = 12;
    private static final int FILES = 20_000;
    private static final int LONGEST = 400_000;

    private final Map<String, Set<Path>> found = new HashMap<>();

    private Answers() {}

    static Answers in(Path folder, List<Exercise> exercises) throws IOException {
        Answers answers = new Answers();
        Set<String> wanted =
                exercises.stream().map(each -> each.name() + ".java").collect(Collectors.toSet());
        int[] seen = {0};
        Files.walkFileTree(
                folder, EnumSet.noneOf(java.nio.file.FileVisitOption.class), DEPTH, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        String name = file.getFileName().toString();
                        if (attributes.isRegularFile() && wanted.contains(name)) {
                            answers.found
                                    .computeIfAbsent(name, key -> new TreeSet<>())
                                    .add(file);
                        }
                        return ++seen[0] < FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e) {
                        return FileVisitResult.CONTINUE;
                    }
                });
        return answers;
    }

    /// The text of an answer; nothing if there is none.
    ///
    /// @throws IOException if there is one that cannot be taken, with a sentence that says why
    Optional<String> text(Exercise exercise) throws IOException {
        List<Path> files = new ArrayList<>(found.getOrDefault(exercise.name() + ".java", Set.of()));
        if (files.isEmpty()) {
            return Optional.empty();
        }
        if (files.size() > 1) {
            throw new IOException("there are %s files of that name: which one counts?".formatted(files.size()));
        }
        try (InputStream in = Files.newInputStream(files.getFirst(), LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(LONGEST + 1);
            if (bytes.length > LONGEST) {
                throw new IOException(String.format(Locale.ROOT, "the file is larger than %,d bytes", LONGEST));
            }
            return Optional.of(new String(bytes, StandardCharsets.UTF_8).replaceFirst("^\uFEFF", ""));
        }
    }
}
