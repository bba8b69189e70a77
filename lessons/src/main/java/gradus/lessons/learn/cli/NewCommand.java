package gradus.lessons.learn.cli;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.error.UsageException;
import gradus.train.cli.option.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gradus learn new`
@Command(
        name = "new",
        description = {
            "For authors: writes the files of a new exercise, to be filled in.",
            "Those of its lesson too if that is new. lessons/AUTHORS.md says how."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {"", "Example:", "  gradus learn new dropout InvertedDropout"})
final class NewCommand implements Callable<Integer> {
    private final Work work;

    @Parameters(index = "0", paramLabel = "<lesson>", description = "one lower-case word, the name of its package")
    private String lesson;

    @Parameters(index = "1", paramLabel = "<exercise>", description = "the name of its class")
    private String exercise;

    @Option(
            names = "--module",
            paramLabel = "<folder>",
            description = "the folder of the module lessons; default lessons")
    private Path module = Path.of("lessons");

    NewCommand(Work work) {
        this.work = work;
    }

    @Override
    public Integer call() {
        if (!lesson.matches("[a-z][a-z0-9]*")) {
            throw new UsageException("a lesson is one lower-case word, as in softmax; got " + lesson);
        }
        if (!exercise.matches("[A-Z][A-Za-z0-9]*")) {
            throw new UsageException("an exercise is the name of a class, as in Softmax; got " + exercise);
        }
        if (work.course().stream().anyMatch(each -> each.name().equalsIgnoreCase(exercise))) {
            throw new UsageException("there is an exercise " + exercise + " already");
        }
        Path sources = module.resolve("src/main/java/gradus/lessons");
        if (!Files.isDirectory(sources)) {
            throw new UsageException(sources + " is not there; stand in the folder of Gradus, or name --module");
        }
        boolean fresh = work.course().stream().noneMatch(each -> each.lesson().equals(lesson))
                && !Files.exists(sources.resolve(lesson));
        Map<Path, String> files = Templates.files(module, lesson, exercise, fresh);
        for (Path file : files.keySet()) {
            if (Files.exists(file)) {
                throw new UsageException(file + " is there already; nothing was written");
            }
        }
        files.forEach(this::write);
        String definition = exercise + "Exercise.exercise()";
        work.screen()
                .line(
                        fresh
                                ? "To do: add " + Templates.program(lesson) + ".lesson() to Course.lessons(), then fill"
                                        + " in the files."
                                : "To do: add " + definition + " to the lesson's exercises, then fill in the files.");
        work.screen().line("./gradus learn check --course " + exercise + " says what is still missing.");
        return 0;
    }

    private void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new ResourceException(file + " cannot be written: " + FileReason.of(e), e);
        }
        work.screen().line(file.toString());
    }
}
