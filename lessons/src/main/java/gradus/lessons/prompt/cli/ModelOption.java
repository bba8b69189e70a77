package gradus.lessons.prompt.cli;

import gradus.error.UsageException;
import gradus.lessons.langchain.LangChainText;
import gradus.lessons.prompt.LocalModel;
import gradus.lessons.prompt.TextModel;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Which language model a command asks.
public final class ModelOption {
    private static final String OLLAMA = "ollama:";

    @Option(
            names = "--model",
            required = true,
            paramLabel = "<model>",
            description = "a run's folder, a Hugging Face folder, a GGUF file, or ollama:NAME for one that Ollama"
                    + " serves")
    private String model;

    @Option(
            names = "--ollama-url",
            paramLabel = "<url>",
            description = "where Ollama is; default http://localhost:11434")
    private String url = "http://localhost:11434";

    /// The model.
    ///
    /// @throws gradus.error.GradusException if there is none
    public TextModel open() {
        Optional<Path> path = path();
        if (path.isPresent()) {
            return LocalModel.open(path.get());
        }
        String name = model.substring(OLLAMA.length());
        if (name.isBlank()) {
            throw new UsageException("--model ollama: needs a name behind the colon, as ollama list has it");
        }
        try {
            return LangChainText.ollama(url, name);
        } catch (NoClassDefFoundError missing) {
            throw new UsageException(
                    "--model " + model + " needs dev.langchain4j:langchain4j-ollama on the class path", missing);
        }
    }

    /// As it was given.
    public String name() {
        return model;
    }

    /// Where it is, unless it is Ollama's.
    public Optional<Path> path() {
        return model.startsWith(OLLAMA) ? Optional.empty() : Optional.of(Path.of(model));
    }
}
