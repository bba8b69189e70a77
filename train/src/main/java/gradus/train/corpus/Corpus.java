package gradus.train.corpus;

import gradus.error.DataException;
import java.nio.file.Path;

/// A text in two parts: one to learn from and one, never trained on, to be measured by.
///
/// @param name       `wordnet` or the file
/// @param training   the first nine tenths
/// @param validation the rest
public record Corpus(String name, String training, String validation) {
    /// The name that stands for [WordNetCorpus].
    public static final String WORDNET = "wordnet";

    private static final String EXPECTED = "--data takes one UTF-8 text file or the word wordnet";
    private static final double TRAINING_SHARE = 0.9;

    /// The order of WordNet's entries is always this one, so that losses of different runs compare.
    private static final long WORDNET_ORDER = 31;

    /// All of WordNet, in the order in which its parts are taken.
    public static String wordnet() {
        return WordNetCorpus.text(WORDNET_ORDER);
    }

    /// WordNet by its name, or a file by its path.
    public static Corpus load(String nameOrFile) {
        return nameOrFile.equals(WORDNET)
                ? split(WORDNET, wordnet(), true)
                : split(nameOrFile, TextFile.read(Path.of(nameOrFile), EXPECTED), false);
    }

    /// Cuts at nine tenths of the characters, where wished after the next end of a line, never inside a character.
    private static Corpus split(String name, String text, boolean wholeLines) {
        int cut = (int) (text.length() * TRAINING_SHARE);
        if (wholeLines) {
            cut = text.indexOf('\n', cut) + 1;
        } else if (cut > 0 && Character.isLowSurrogate(text.charAt(cut))) {
            cut++;
        }
        return new Corpus(name, text.substring(0, cut), text.substring(cut));
    }

    /// Both parts.
    public String text() {
        return training + validation;
    }

    /// Whether each line is an entry of its own, so that a sample ends with its line.
    public boolean linesAreEntries() {
        return name.equals(WORDNET);
    }

    /// Refuses parts too short to give one sequence and its targets.
    ///
    /// @throws DataException if either part has fewer than context + 1 tokens
    public static void requireTokens(String part, String name, int tokens, int context) {
        if (tokens < context + 1) {
            throw new DataException(
                    "%s: the %s part has %s tokens; a context of %s needs at least %s. Give more text or a smaller --model.context"
                            .formatted(name, part, tokens, context, context + 1));
        }
    }
}
