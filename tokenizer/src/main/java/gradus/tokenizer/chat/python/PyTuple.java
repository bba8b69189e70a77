package gradus.tokenizer.chat.python;

import java.util.List;

/// Python's `tuple`.
///
/// @param items the elements
public record PyTuple(List<Object> items) {
    public static PyTuple of(Object... items) {
        return new PyTuple(List.of(items));
    }
}
