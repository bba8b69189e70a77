package gradus.lessons.retrieve.chunk;

import gradus.tokenizer.Tokenizer;
import java.util.stream.IntStream;

/// What sizes are counted in.
@FunctionalInterface
public interface Length {
    /// Code points: an emoji is one.
    Length CHARACTERS = text -> Units.of(
            text,
            IntStream.range(0, text.length())
                    .filter(place -> !Spaces.insidePair(text, place))
                    .toArray());

    /// Counts a document once; any part of it can then be asked for.
    Units of(String document);

    /// Tokens, those of the whole document. A chunk that is encoded alone can have a few more or less at its
    /// ends, where a token was cut or a word begins without its space.
    static Length tokens(Tokenizer tokenizer) {
        return new TokenLength(tokenizer);
    }
}
