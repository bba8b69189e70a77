package gradus.train.contrastive;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Puts a blank in place of a word, in whatever of its regular forms it stands: `he ___ to the shop`.
public final class Blank {
    /// What stands in the word's place.
    public static final String BLANK = "___";

    private static final String ENDINGS = "(?:'s|s|es|d|ed|ing|r|er|st|est|ly|n|en)?";

    private Blank() {}

    /// The sentence with blanks for all of the words, or nothing if none of them is in it.
    public static Optional<String> in(String sentence, List<String> words) {
        String blank = sentence;
        for (String word : words) {
            blank = Pattern.compile(
                            "(?<![\\p{L}\\p{N}])" + forms(word) + "(?![\\p{L}\\p{N}])", Pattern.CASE_INSENSITIVE)
                    .matcher(blank)
                    .replaceAll(BLANK);
        }
        return blank.equals(sentence) ? Optional.empty() : Optional.of(blank);
    }

    /// `go`, `goes`, `going`; of `make` also `making`, of `carry` also `carried`, of `stop` also `stopped`.
    private static String forms(String word) {
        String whole = Pattern.quote(word);
        String start = word.substring(0, word.length() - 1);
        char last = word.charAt(word.length() - 1);
        String more = switch (last) {
            case 'e' -> "|" + Pattern.quote(start) + "(?:ing|ed|er|est|y)";
            case 'y' -> "|" + Pattern.quote(start) + "(?:ies|ied|ier|iest|ily)";
            default ->
                Character.isLetter(last) ? "|" + whole + Pattern.quote(String.valueOf(last)) + "(?:ed|ing|er|est)" : "";
        };
        return "(?:" + whole + ENDINGS + more + ")";
    }
}
