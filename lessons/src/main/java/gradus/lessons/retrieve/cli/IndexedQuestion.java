package gradus.lessons.retrieve.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What is asked, and of which index.
final class IndexedQuestion {
    @Parameters(arity = "1", paramLabel = "<question>", description = "what is asked")
    private String question;

    @Option(names = "--index", required = true, paramLabel = "<folder>", description = "where the index is kept")
    private Path folder;

    String text() {
        return question;
    }

    /// Of the index.
    Path folder() {
        return folder;
    }
}
