package gradus.tokenizer.chat.jinja;

import java.util.HashMap;
import java.util.Map;

/// Names and their values. A loop's body, a macro, `with` and every block that is captured has a scope of its
/// own: what is set in there is gone afterwards. `if` has none.
final class Scope {
    private final Map<String, Object> names = new HashMap<>(8);
    private final Scope outer;

    Scope(Scope outer) {
        this.outer = outer;
    }

    /// The value, or null.
    Object get(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            Object value = scope.names.get(name);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    void set(String name, Object value) {
        names.put(name, value);
    }
}
