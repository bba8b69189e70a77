package gradus.train.contrastive;

import static gradus.error.ConfigException.require;

import java.util.List;

/// Two texts that belong together, and perhaps a third that does not.
///
/// @param anchor   what is asked, say
/// @param positive the passage that belongs to it
/// @param negative a passage that is near and wrong; null where there is none
public record ContrastiveExample(String anchor, String positive, String negative) {
    /// Spaces and ends of lines become one space each.
    ///
    /// @throws gradus.error.ConfigException if a text is blank
    public ContrastiveExample {
        anchor = inOneLine("anchor", anchor);
        positive = inOneLine("positive", positive);
        negative = negative == null ? null : inOneLine("negative", negative);
    }

    private static String inOneLine(String name, String text) {
        require(text != null && !text.isBlank(), "the %s of an example must have a character that is no space", name);
        return text.strip().replaceAll("[\\p{Z}\\s\\x{85}]+", " ");
    }

    /// The texts that an encoder reads, in their order.
    ///
    /// @throws gradus.error.ConfigException if hard negatives are asked for and there is none
    List<String> texts(boolean hardNegatives) {
        if (!hardNegatives) {
            return List.of(anchor, positive);
        }
        require(negative != null, "the example %s has no negative", anchor);
        return List.of(anchor, positive, negative);
    }
}
