package gradus.tokenizer.pretokenize;

import gradus.error.TokenizerException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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

    /// The pre-tokenizer with exactly this pattern, as published or as tokenizer.json has it: one of Gradus's
    /// or of `own`. Other patterns have no scanner, and none is run as a regex.
    public static Optional<PreTokenizer> ofPattern(String pattern, List<PreTokenizer> own) {
        var wanted = Optional.of(pattern);
        return Stream.concat(ALL.stream(), own.stream())
                .filter(p -> p.pattern().equals(wanted) || p.patternInJson().equals(wanted))
                .findFirst();
    }

    /// Whether it is one of Gradus's, whose name says all there is to say.
    public static boolean isPublished(PreTokenizer preTokenizer) {
        return ALL.stream().anyMatch(p -> p.getClass() == preTokenizer.getClass());
    }

    /// The end of the pre-token that starts at `from`. Throws TokenizerException where the pre-tokenizer
    /// gives none within the text.
    public static int end(PreTokenizer preTokenizer, byte[] utf8, int from, int to) {
        int end = preTokenizer.end(utf8, from, to);
        if (end <= from || end > to) {
            throw new TokenizerException(
                    "the pre-tokenizer %s ends the pre-token that starts at byte %s at byte %s; expected %s..%s"
                            .formatted(preTokenizer.name(), from, end, from + 1, to));
        }
        return end;
    }
}
