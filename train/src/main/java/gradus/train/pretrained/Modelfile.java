package gradus.train.pretrained;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What Ollama reads beside a GGUF file: `ollama create NAME -f Modelfile`.
public final class Modelfile {
    private Modelfile() {}

    /// Writes one for a model that goes on with a text, into the folder of its file.
    ///
    /// @param gguf  the model's file
    /// @param model what it holds
    /// @return the Modelfile
    /// @throws ResourceException if the disk is full or refuses
    public static Path write(Path gguf, GgufModel model) {
        Path file = gguf.resolveSibling("Modelfile");
        // Without a template of its own, Ollama would wrap the text as a chat.
        String text = """
                FROM ./%s
                TEMPLATE "{{ .Prompt }}"
                PARAMETER num_ctx %s
                PARAMETER temperature 0.8
                PARAMETER top_k 40
                PARAMETER top_p 0.95
                """.formatted(gguf.getFileName(), model.languageModel().context());
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new ResourceException(file + " cannot be written: " + FileReason.of(e), e);
        }
    }
}
