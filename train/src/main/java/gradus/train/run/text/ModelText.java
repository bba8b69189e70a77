package gradus.train.run.text;

import gradus.error.DataException;
import gradus.error.TokenizerException;
import gradus.error.UsageException;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.corpus.ParallelEncoder;
import gradus.train.corpus.ControlTokens;
import gradus.train.corpus.Documents;
import gradus.train.corpus.TextPart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The tokens of a text as a model is trained on them. Between documents stands a control token, as
/// `<|endoftext|>`, which ends what a model writes too. WordPiece forgets where lines end, and with them where
/// an entry ends; so `[SEP]` stands behind each line there.
///
/// @param delimiter what ends a document in a text; null where only files end them, or nothing
/// @param separator the token that takes its place, or -1 where documents follow each other with nothing
///     between
public record ModelText(Tokenizer tokenizer, String delimiter, int separator) {
    /// The control token between documents, unless another is named.
    public static final String END_OF_TEXT = "<|endoftext|>";

    private static final String LINE_END = "[SEP]";
    private static final int GROUP = 1 << 22; // chars that are encoded at a time

    /// Without documents.
    public static ModelText of(Tokenizer tokenizer) {
        return tokenizer.name().equals("wordpiece")
                ? new ModelText(tokenizer, "\n", tokenizer.tokenToId(LINE_END))
                : new ModelText(tokenizer, null, -1);
    }

    /// With `[SEP]` behind each line, as an encoder reads texts.
    ///
    /// @throws DataException if the tokenizer lacks a token that an encoder needs
    public static ModelText ofLines(Tokenizer tokenizer) {
        return new ModelText(tokenizer, "\n", ControlTokens.of(tokenizer).sep());
    }

    /// With a control token between documents.
    ///
    /// @param separator its text, which ends a document wherever it stands in the data; null for none
    /// @param several   whether there are several files, between which a token that marks the end of a text is
    ///                  put without being asked for
    /// @throws UsageException if the tokenizer has no such token
    public static ModelText of(Tokenizer tokenizer, String separator, boolean several) {
        if (separator == null) {
            int end = tokenizer.specialTokens().contains(END_OF_TEXT) ? tokenizer.tokenToId(END_OF_TEXT) : -1;
            return several && end >= 0 ? new ModelText(tokenizer, null, end) : of(tokenizer);
        }
        if (!tokenizer.specialTokens().contains(separator)) {
            throw new UsageException("--documentSeparator: the %s tokenizer has no control token %s; it has %s"
                    .formatted(
                            tokenizer.name(),
                            separator,
                            tokenizer.specialTokens().isEmpty() ? "none" : tokenizer.specialTokens()));
        }
        return new ModelText(tokenizer, separator, tokenizer.tokenToId(separator));
    }

    /// The same as a run's config.json has it.
    ///
    /// @param config where the separator stands
    /// @throws DataException if the tokenizer has no such token
    public static ModelText of(Tokenizer tokenizer, String separator, boolean several, Path config) {
        try {
            return of(tokenizer, separator, several);
        } catch (UsageException e) {
            throw new DataException(config + ": " + e.getMessage(), e);
        }
    }

    /// The control token between documents, null if there is none. What stands behind WordPiece's lines is
    /// none.
    public String separatorText() {
        return separator < 0 || tokenizer.name().equals("wordpiece") && "\n".equals(delimiter)
                ? null
                : tokenizer.idToToken(separator);
    }

    /// The ids of a text that is in memory.
    public int[] encode(String text) {
        return EncodedText.inMemory(this, TextPart.of(text)).toArray();
    }

    /// Hands over the ids of a text as they come.
    public void encode(TextPart text, ParallelEncoder.Sink sink) {
        ParallelEncoder encoder = new ParallelEncoder(tokenizer);
        if (separator < 0) {
            encoder.encode(new Documents(text.asOne(), null, tokenizer::safeCut).texts(), sink);
            return;
        }
        ParallelEncoder separating = encoder.withSeparator(tokenizer.idToToken(separator));
        List<String> documents = new ArrayList<>();
        int chars = 0;
        for (Documents.Piece piece : new Documents(text, delimiter, tokenizer::safeCut)) {
            if (!piece.endsDocument()) { // a part of one: no token behind it
                separating.encode(documents, sink);
                documents.clear();
                encoder.encode(List.of(piece.text()), sink);
                continue;
            }
            documents.add(piece.text());
            chars += piece.text().length();
            if (chars > GROUP) {
                separating.encode(documents, sink);
                documents.clear();
                chars = 0;
            }
        }
        separating.encode(documents, sink);
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
    public boolean leavesSpaceToNextToken(String prompt) {
        return prompt.endsWith(" ")
                && Set.of("bpe", "wordpiece", "sentencepiece-bpe", "unigram").contains(tokenizer.name());
    }
}
