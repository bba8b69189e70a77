package gradus.tokenizer.added;

import gradus.error.TokenizerException;

/// A token found in the text as such, before the model sees it. Fields are those of Hugging Face's
/// tokenizer.json.
///
/// @param id its id
/// @param content its text
/// @param singleWord only where no character of a word (regex `\w`: letters, marks, digits, `_`, joiners) touches it
/// @param lstrip takes the white space before it along
/// @param rstrip takes the white space after it along
/// @param normalized looked for in the normalised text rather than in the raw one
/// @param special a control token: recognised only where the caller allows it
public record AddedToken(
        int id,
        String content,
        boolean singleWord,
        boolean lstrip,
        boolean rstrip,
        boolean normalized,
        boolean special) {

    public AddedToken {
        if (content == null || content.isEmpty()) {
            throw new TokenizerException("an added token must have a content; got none for id " + id);
        }
        if (id < 0) {
            throw new TokenizerException("added token '" + content + "' has id " + id + "; ids start at 0");
        }
    }

    /// The same token under another id.
    public AddedToken withId(int other) {
        return new AddedToken(other, content, singleWord, lstrip, rstrip, normalized, special);
    }

    /// The same token, a control token if it is told so.
    public AddedToken withSpecial(boolean value) {
        return new AddedToken(id, content, singleWord, lstrip, rstrip, normalized, value);
    }

    /// A control token such as `<|endoftext|>`.
    public static AddedToken special(int id, String content) {
        return new AddedToken(id, content, false, false, false, false, true);
    }
}
