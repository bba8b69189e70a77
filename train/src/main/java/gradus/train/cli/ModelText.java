package gradus.train.cli;

import gradus.error.TokenizerException;
import gradus.tokenizer.ParallelEncoder;
import gradus.tokenizer.Tokenizer;
import java.util.Set;

/// The tokens of a text as a model is trained on them. WordPiece forgets where lines end, and with them where an
/// entry ends; so `[SEP]` stands behind each line there.
///
/// @param separator the token behind each line, or -1 where the tokens spell the line's end themselves
record ModelText(Tokenizer tokenizer, int separator) {
    private static final String SEPARATOR = "[SEP]";

    static ModelText of(Tokenizer tokenizer) {
        return new ModelText(tokenizer, tokenizer.name().equals("wordpiece") ? tokenizer.tokenToId(SEPARATOR) : -1);
    }

    int[] encode(String text) {
        ParallelEncoder encoder = new ParallelEncoder(tokenizer);
        return separator < 0
                ? encoder.encode(text)
                : encoder.withSeparator(SEPARATOR).encode(text.lines()::iterator);
    }

    /// What a text begins after.
    int[] lineStart() {
        if (separator >= 0) {
            return new int[] {separator};
        }
        try {
            int[] newLine = tokenizer.encode("\n");
            return newLine.length > 0 ? newLine : new int[] {0};
        } catch (TokenizerException noSuchCharacter) {
            return new int[] {0};
        }
    }

    /// Whether a space at the end of a prompt is the beginning of the next token, as in `whale: ` and
    /// then ` a`. Without it the prompt ends as texts end in training.
    boolean leavesSpaceToNextToken(String prompt) {
        return prompt.endsWith(" ")
                && Set.of("bpe", "wordpiece", "sentencepiece-bpe", "unigram").contains(tokenizer.name());
    }
}
