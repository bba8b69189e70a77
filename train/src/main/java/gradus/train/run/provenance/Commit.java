package gradus.train.run.provenance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The commit that a checkout of Git stands at, read from its files: `.git/HEAD` names a branch, whose file,
/// or the list of packed ones, holds the hash.
public final class Commit {
    private static final String BRANCH = "ref: ";

    private Commit() {}

    /// Of the checkout that a path lies in; none if it lies in none.
    public static Optional<String> of(Path path) {
        for (Path folder = path.toAbsolutePath().normalize(); folder != null; folder = folder.getParent()) {
            Path git = folder.resolve(".git");
            if (Files.exists(git)) {
                try {
                    return hash(
                            Files.isDirectory(git) ? git : folder.resolve(after(Files.readString(git), "gitdir: ")));
                } catch (IOException | RuntimeException unreadable) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> hash(Path git) throws IOException {
        String head = Files.readString(git.resolve("HEAD")).strip();
        if (!head.startsWith(BRANCH)) {
            return Optional.of(head).filter(Commit::isHash);
        }
        String branch = after(head, BRANCH);
        Path common = git.resolve("commondir"); // of a further worktree
        Path shared =
                Files.exists(common) ? git.resolve(Files.readString(common).strip()) : git;
        Path file = shared.resolve(branch);
        if (Files.exists(file)) {
            return Optional.of(Files.readString(file).strip()).filter(Commit::isHash);
        }
        return Files.readAllLines(shared.resolve("packed-refs")).stream()
                .filter(line -> line.endsWith(" " + branch))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .filter(Commit::isHash)
                .findFirst();
    }

    private static String after(String text, String start) {
        return text.strip().substring(start.length());
    }

    private static boolean isHash(String text) {
        return text.matches("[0-9a-f]{40}|[0-9a-f]{64}");
    }
}
