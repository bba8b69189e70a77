package gradus.tokenizer.chat.python;

import java.util.List;

/// Python's `list`, which templates may read but not change.
///
/// @param items the elements
public record PyList(List<Object> items) {}
