package gradus.lessons.learn.shell;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import jdk.jshell.tool.JavaShellToolBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `gradus shell`
@Command(
        name = "shell",
        description = {
            "Opens Java's own shell with the library in it: a line of Java is run as soon",
            "as it is typed. show(tensor) prints, plot(...) and heat(...) draw into PNG",
            "files. Lines from a pipe are run one after the other."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {"", "Examples:", "  gradus shell", "  echo 'show(Tensor.ones(2, 2))' | gradus shell"})
public final class ShellCommand implements Callable<Integer> {
    private static final int STDIN = 0;

    /// Runs before the first line.
    private static final String START = """
            import gradus.tensor.*;
            import gradus.tensor.random.*;
            import gradus.tensor.type.*;
            import gradus.layers.*;
            import gradus.layers.model.*;
            import gradus.tokenizer.*;
            import gradus.lessons.learn.picture.*;
            import static gradus.lessons.learn.shell.Helpers.*;
            """;

    @Parameters(arity = "0..*", paramLabel = "<file>", description = "files of lines to run first")
    private List<Path> files = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        Path start = start();
        try {
            boolean typed = Terminal.is(STDIN);
            List<String> arguments = new ArrayList<>(List.of(
                    "--execution",
                    "local", // a process of its own would start ND4J anew, and take the class path jar by jar
                    "--class-path",
                    System.getProperty("java.class.path"),
                    "--add-modules",
                    "jdk.incubator.vector",
                    "--startup",
                    "DEFAULT",
                    "--startup",
                    start.toString()));
            files.forEach(file -> arguments.add(file.toString()));
            if (typed) {
                System.out.println("Java's shell, with Gradus. Try  show(Tensor.arange(6).reshape(2, 3).softmax())");
            } else {
                arguments.add("-s"); // what is printed, and nothing else
                arguments.add("-");
            }
            return JavaShellToolBuilder.builder().start(arguments.toArray(String[]::new));
        } finally {
            Files.deleteIfExists(start);
        }
    }

    private static Path start() {
        try {
            Path start = Files.createTempFile("gradus", ".jsh");
            start.toFile().deleteOnExit();
            return Files.writeString(start, START);
        } catch (IOException e) {
            throw new ResourceException(
                    "the shell's first lines cannot be written to " + System.getProperty("java.io.tmpdir") + ": "
                            + FileReason.of(e),
                    e);
        }
    }
}
