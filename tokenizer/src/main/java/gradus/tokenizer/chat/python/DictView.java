package gradus.tokenizer.chat.python;

import java.util.ArrayList;
import java.util.List;

/// What `dict.keys()`, `.values()` and `.items()` return: has a length and can be iterated again, but not
/// indexed.
///
/// @param kind `dict_keys`, `dict_values` or `dict_items`
/// @param of   the dict
public record DictView(String kind, PyDict of) {
    public List<Object> items() {
        var items = new ArrayList<Object>(of.size());
        for (PyDict.Entry entry : of.entries()) {
            items.add(
                    switch (kind) {
                        case "dict_keys" -> entry.key();
                        case "dict_values" -> entry.value();
                        default -> PyTuple.of(entry.key(), entry.value());
                    });
        }
        return items;
    }
}
