package gradus.train.cli.tokenizer;

import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.format.Tokenizers;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// The option that names a tokenizer, which encode, decode and inspect take alike.
final class TokenizerOption {
    @Option(
            names = "--tokenizer",
            required = true,
            paramLabel = "<folder>",
            description =
                    "with a tokenizer.json, a SentencePiece tokenizer.model, or GPT-2's or BERT's vocabulary files; a run's"
                            + " folder too")
    private Path folder;

    /// @throws gradus.error.TokenizerException if there is none, or one that Gradus cannot read
    Tokenizer load() {
        return Tokenizers.load(folder);
    }
}
