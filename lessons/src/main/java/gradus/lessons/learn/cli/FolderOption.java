package gradus.lessons.learn.cli;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.folder.LearnerFolder;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/// Which folder is the learner's.
final class FolderOption {
    static final Path USUAL = Path.of("my-course");

    @Option(
            names = "--folder",
            paramLabel = "<folder>",
            description = "the learner's folder; default the one you are in, else my-course")
    private Path folder;

    LearnerFolder open(List<Exercise> course) {
        return LearnerFolder.open(path(folder), course);
    }

    /// @param said null if none was said
    static Path path(Path said) {
        if (said != null) {
            return said;
        }
        Path here = Path.of("");
        for (Path at = here.toAbsolutePath(); at != null; at = at.getParent()) {
            if (LearnerFolder.isOne(at)) {
                return at.equals(here.toAbsolutePath()) ? here : at;
            }
        }
        return USUAL;
    }
}
