package gradus.lessons.prompt.cli;

import gradus.error.Printable;
import gradus.error.UsageException;
import gradus.lessons.langchain.LangChainText;
import gradus.lessons.prompt.LocalModel;
import gradus.lessons.prompt.TextModel;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/// Which language model a command asks.
public final class ModelOption {
    private static final String OLLAMA = "ollama:";
    private static final String TAKES =
            "--model takes a run's folder, a Hugging Face folder, a GGUF file or ollama:NAME";

    private static final String ADDRESS = "--ollama-url must be an address such as http://localhost:11434; got ";

    private static final class Which {
        @Option(
                names = "--model",
                paramLabel = "<model>",
                description = "a run's folder, a Hugging Face folder, a GGUF file, or ollama:NAME for one that Ollama"
                        + " serves")
        private String model;

        @Option(
                names = "--script",
                paramLabel = "<file>",
                description = "in place of a model: answers from a JSON file, {\"answers\": [\"…\", …]}, to see what a"
                        + " program asks; or what gradus prompt --json has printed, to give the same answers again"
                        + " (tools are used anew, and --labels and --weighted need a model)")
        private Path script;
    }

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Which which;

    @Option(
            names = "--ollama-url",
            paramLabel = "<url>",
            description = "where Ollama is; default http://localhost:11434")
    private String url = "http://localhost:11434";

    /// The model.
    ///
    /// @throws gradus.error.GradusException if there is none
    public TextModel open() {
        if (which.script != null) {
            return ScriptFile.read(which.script);
        }
        if (which.model.isBlank()) {
            throw new UsageException("--model is empty; " + TAKES);
        }
        Optional<Path> path = path();
        if (path.isPresent()) {
            return local(path.get());
        }
        String name = which.model.substring(OLLAMA.length());
        if (name.isBlank()) {
            throw new UsageException("--model ollama: needs a name behind the colon, as ollama list has it");
        }
        requireAddress(url);
        try {
            return LangChainText.ollama(url, name);
        } catch (NoClassDefFoundError missing) {
            throw new UsageException(
                    "--model " + which.model + " needs dev.langchain4j:langchain4j-ollama on the class path", missing);
        }
    }

    /// As it was given.
    public String name() {
        return which.model != null ? which.model : which.script.toString();
    }

    /// Where it is, unless it is Ollama's or a script.
    public Optional<Path> path() {
        return which.model == null || which.model.startsWith(OLLAMA)
                ? Optional.empty()
                : Optional.of(Path.of(which.model));
    }

    private static void requireAddress(String url) {
        try {
            URI address = new URI(url);
            if (List.of("http", "https").contains(String.valueOf(address.getScheme())) && address.getHost() != null) {
                return;
            }
        } catch (URISyntaxException none) {
            throw new UsageException(ADDRESS + Printable.value(url), none);
        }
        throw new UsageException(ADDRESS + Printable.value(url));
    }

    private static TextModel local(Path path) {
        if (!Files.exists(path)) {
            throw new UsageException("--model: there is no file or folder " + Printable.value(path) + "; " + TAKES);
        }
        try {
            return LocalModel.open(path);
        } catch (UsageException wrong) {
            throw new UsageException(wrong.getMessage().replace("--run takes a run's folder", TAKES), wrong);
        }
    }
}
