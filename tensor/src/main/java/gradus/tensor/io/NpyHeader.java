package gradus.tensor.io;

import gradus.error.DataException;
import gradus.error.Printable;
import gradus.tensor.type.Shape;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a `.npy` file says about its elements, a Python dictionary such as
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`.
///
/// @param type         the kind and size of an element as NumPy names it: `f4`, `i8`, `b1`
/// @param order        whether the smaller bytes of an element come first
/// @param fortranOrder whether the first axis runs fastest, and not the last
/// @param dims         the size of each axis
record NpyHeader(String type, ByteOrder order, boolean fortranOrder, int[] dims) {
    /// The types whose every number float32 or float64 holds, and 64-bit integers, which are checked one by one.
    static final Set<String> TYPES = Set.of("b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "f2", "f4", "f8");

    private static final Set<String> KEYS = Set.of("descr", "fortran_order", "shape");
    private static final Pattern ENTRY = Pattern.compile(
            "\\s*(['\"])(\\w+)\\1\\s*:\\s*((?:'[^']*'|\"[^\"]*\"|\\([^()]*\\)|\\[.*\\]|\\w+))\\s*(,|$)");
    private static final Pattern DESCR = Pattern.compile("['\"]([<>|=])([A-Za-z])(\\d+)['\"]");

    /// @throws DataException if the text is no such dictionary, naming the file
    static NpyHeader parse(String text, String file) {
        String trimmed = text.strip();
        if (!trimmed.startsWith("{") || !trimmed.endsWith("}")) {
            throw wrong(file, "the header must be a dictionary in braces; got %s", Printable.value(trimmed));
        }
        Map<String, String> values = new HashMap<>();
        String inner = trimmed.substring(1, trimmed.length() - 1).strip();
        int at = 0;
        Matcher entry = ENTRY.matcher(inner);
        while (at < inner.length()) {
            if (!entry.find(at) || entry.start() != at) {
                throw wrong(
                        file, "the header has something that is no entry: %s", Printable.value(inner.substring(at)));
            }
            String key = entry.group(2);
            if (!KEYS.contains(key)) {
                throw wrong(file, "the header has the unknown key %s", Printable.value(key));
            }
            if (values.put(key, entry.group(3)) != null) {
                throw wrong(file, "the header has the key %s twice", key);
            }
            at = entry.end();
        }
        for (String key : List.of("descr", "fortran_order", "shape")) {
            if (!values.containsKey(key)) {
                throw wrong(file, "the header lacks the key %s", key);
            }
        }
        return of(values, file);
    }

    private static NpyHeader of(Map<String, String> values, String file) {
        Matcher descr = DESCR.matcher(values.get("descr"));
        String type = descr.matches() ? descr.group(2) + descr.group(3) : "";
        if (!TYPES.contains(type)) {
            throw wrong(
                    file,
                    "elements of type %s are not read; known are %s",
                    Printable.value(values.get("descr")),
                    TYPES.stream().sorted().toList());
        }
        ByteOrder order = switch (descr.group(1)) {
            case ">" -> ByteOrder.BIG_ENDIAN;
            case "=" -> ByteOrder.nativeOrder();
            default -> ByteOrder.LITTLE_ENDIAN;
        };
        String fortran = values.get("fortran_order");
        if (!fortran.equals("True") && !fortran.equals("False")) {
            throw wrong(file, "fortran_order must be True or False; got %s", Printable.value(fortran));
        }
        return new NpyHeader(type, order, fortran.equals("True"), dims(values.get("shape"), file));
    }

    /// `()`, `(3,)` or `(2, 3)`; without the comma `(3)` is a number in Python.
    private static int[] dims(String tuple, String file) {
        if (!tuple.matches("\\(\\s*\\)|\\(\\s*\\d+\\s*,\\s*\\)|\\(\\s*\\d+(\\s*,\\s*\\d+)+\\s*,?\\s*\\)")) {
            throw wrong(file, "the shape must be a tuple of whole numbers; got %s", Printable.value(tuple));
        }
        List<Integer> dims = new ArrayList<>();
        for (String number : tuple.substring(1, tuple.length() - 1).split(",")) {
            String digits = number.strip();
            if (!digits.isEmpty()) {
                if (digits.length() > 9) {
                    throw wrong(file, "the shape %s is larger than a tensor can be", Printable.value(tuple));
                }
                dims.add(Integer.parseInt(digits));
            }
        }
        return dims.stream().mapToInt(Integer::intValue).toArray();
    }

    /// The shape of the tensor.
    ///
    /// @throws DataException if an axis is empty or there are too many elements, naming the file
    Shape shape(String file) {
        try {
            return Shape.of(dims);
        } catch (gradus.error.ShapeException wrong) {
            throw new DataException(file + ": " + wrong.getMessage(), wrong);
        }
    }

    /// The size of an element in bytes.
    int bytes() {
        return type.charAt(1) - '0';
    }

    static DataException wrong(String file, String message, Object... arguments) {
        return new DataException(file + ": " + String.format(java.util.Locale.ROOT, message, arguments));
    }
}
