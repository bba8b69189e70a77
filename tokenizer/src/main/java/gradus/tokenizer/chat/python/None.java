package gradus.tokenizer.chat.python;

/// Python's `None`.
public enum None {
    NONE
}
