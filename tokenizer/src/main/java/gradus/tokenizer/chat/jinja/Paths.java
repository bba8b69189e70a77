package gradus.tokenizer.chat.jinja;

import gradus.tokenizer.chat.python.Characters;
import gradus.tokenizer.chat.python.Members;
import gradus.tokenizer.chat.python.None;
import gradus.tokenizer.chat.python.PyList;
import gradus.tokenizer.chat.python.Types;
import gradus.tokenizer.chat.python.Undefined;
import gradus.tokenizer.chat.python.Work;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// What filters take as `attribute`: a name, an index, or several with dots between them.
final class Paths {
    private Paths() {}

    /// What leads from an element to the value at the path.
    ///
    /// @param path  null or None for the element itself
    /// @param other what stands for a missing value; null or None where it stays undefined
    static UnaryOperator<Object> getter(Object path, Object other, Work work) {
        List<Object> parts = parts(path);
        return element -> {
            Object value = element;
            for (Object part : parts) {
                value = Members.item(value, part, work);
                if (value instanceof Undefined && other != null && other != None.NONE) {
                    value = other;
                }
            }
            return value;
        };
    }

    private static List<Object> parts(Object path) {
        if (path == null || path == None.NONE) {
            return List.of();
        }
        if (!Types.isText(path)) {
            return List.of(path);
        }
        var parts = new ArrayList<Object>();
        for (String part : Types.text(path).split("\\.", -1)) {
            boolean index =
                    !part.isEmpty() && part.length() < 10 && part.chars().allMatch(c -> c >= '0' && c <= '9');
            parts.add(index ? new BigInteger(part) : part);
        }
        return parts;
    }

    /// Text in small letters where capitals are not to count.
    static Object folded(Object value, boolean caseSensitive) {
        return caseSensitive || !Types.isText(value) ? value : Characters.lower(Types.text(value));
    }

    /// The keys to sort elements by: a list for each, of the values at the paths with commas between them.
    static List<Object> keys(List<Object> elements, Object paths, boolean caseSensitive, Work work) {
        List<UnaryOperator<Object>> getters = new ArrayList<>();
        if (paths != null && Types.isText(paths)) {
            for (String path : Types.text(paths).split(",", -1)) {
                getters.add(getter(path, null, work));
            }
        } else {
            getters.add(getter(paths, null, work));
        }
        var keys = new ArrayList<Object>();
        for (Object element : elements) {
            var key = new ArrayList<Object>();
            getters.forEach(getter -> key.add(folded(getter.apply(element), caseSensitive)));
            work.spend(key.size());
            keys.add(new PyList(key));
        }
        return keys;
    }
}
