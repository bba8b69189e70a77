package gradus.tokenizer.chat;

/// What happens where a message's own text holds the text of a special token, such as `<|im_end|>`.
public enum SpecialsInContent {
    /// It stays text: a message cannot end its own turn or forge another's. The usual choice.
    LITERAL,

    /// It becomes the special token, as in transformers, which encodes the rendered text as a whole. For data
    /// that was written so on purpose.
    SPECIAL,

    /// The conversation is refused, with the message and the token.
    REFUSED
}
