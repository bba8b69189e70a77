package gradus.tokenizer.pretokenize;

import gradus.error.TokenizerException;
import java.util.List;
import java.util.Optional;

/// The pre-tokenizers there are, by name and by pattern.
public final class PreTokenizers {
    private static final List<PreTokenizer> ALL = List.of(
            new Gpt2PreTokenizer(),
            new Cl100kPreTokenizer(),
            new Llama3PreTokenizer(),
            new Qwen2PreTokenizer(),
            new O200kPreTokenizer());

    private PreTokenizers() {}

    /// The names to choose from.
    public static List<String> names() {
        return ALL.stream().map(PreTokenizer::name).toList();
    }

    /// Throws TokenizerException on an unknown name.
    public static PreTokenizer named(String name) {
        return ALL.stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new TokenizerException(
                        "unknown pre-tokenizer '" + name + "'; expected one of " + String.join(", ", names())));
    }

    /// The pre-tokenizer with exactly this pattern, as published or as tokenizer.json has it. Other patterns have
    /// no scanner, and none is run as a regex.
    public static Optional<PreTokenizer> ofPattern(String pattern) {
        return ALL.stream()
                .filter(p -> p.pattern().equals(pattern) || p.patternInJson().equals(pattern))
                .findFirst();
    }
}
