package gradus.tokenizer.chat.python;

import java.util.AbstractList;
import java.util.List;

/// Python's `tuple`.
///
/// @param items the elements
public record PyTuple(List<Object> items) {
    public static PyTuple of(Object... items) {
        return new PyTuple(List.of(items));
    }

    /// What `groupby` puts into a tuple: the key, which has the name `grouper`, and the elements, `list`.
    public static final class Group extends AbstractList<Object> {
        private final Object key;
        private final PyList elements;

        public Group(Object key, List<Object> elements) {
            this.key = key;
            this.elements = new PyList(elements);
        }

        @Override
        public Object get(int i) {
            return switch (i) {
                case 0 -> key;
                case 1 -> elements;
                default -> throw new IndexOutOfBoundsException(i);
            };
        }

        @Override
        public int size() {
            return 2;
        }

        /// `grouper` or `list`; null for another name.
        Object attribute(String name) {
            return name.equals("grouper") ? key : name.equals("list") ? elements : null;
        }
    }
}
