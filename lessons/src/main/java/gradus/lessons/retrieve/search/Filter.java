package gradus.lessons.retrieve.search;

import static gradus.error.ConfigException.require;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Which documents may be found at all, by their metadata.
/// ```java
/// Filter recent = Filter.range("year", 2000, 2010).and(Filter.equal("language", "de").not());
/// ```
/// It is applied while searching, not afterwards: k documents that it accepts are found if there are so many.
public sealed interface Filter {
    /// Whether a document with this metadata may be found.
    boolean accepts(Map<String, String> metadata);

    /// Accepts every document.
    record All() implements Filter {
        @Override
        public boolean accepts(Map<String, String> metadata) {
            return true;
        }
    }

    /// Accepts documents that have one of the values under the key.
    record OneOf(String key, Set<String> values) implements Filter {
        public OneOf {
            values = Set.copyOf(values);
        }

        @Override
        public boolean accepts(Map<String, String> metadata) {
            String value = metadata.get(key);
            return value != null && values.contains(value);
        }
    }

    /// Accepts documents whose value under the key is a number from `from` to `to`, both included.
    record Range(String key, double from, double to) implements Filter {
        public Range {
            require(from <= to, "the range of %s must begin before it ends; got %s to %s", key, from, to);
            from += 0.0; // −0 becomes 0
            to += 0.0;
        }

        @Override
        public boolean accepts(Map<String, String> metadata) {
            OptionalDouble number = number(metadata.get(key));
            return number.isPresent() && from <= number.getAsDouble() && number.getAsDouble() <= to;
        }
    }

    /// Accepts what all parts accept; all documents if there are none.
    record And(List<Filter> parts) implements Filter {
        public And {
            parts = List.copyOf(parts);
        }

        @Override
        public boolean accepts(Map<String, String> metadata) {
            return parts.stream().allMatch(part -> part.accepts(metadata));
        }
    }

    /// Accepts what some part accepts; no document if there are none.
    record Or(List<Filter> parts) implements Filter {
        public Or {
            parts = List.copyOf(parts);
        }

        @Override
        public boolean accepts(Map<String, String> metadata) {
            return parts.stream().anyMatch(part -> part.accepts(metadata));
        }
    }

    /// Accepts what the other does not; so also documents without the key that the other asks for.
    record Not(Filter other) implements Filter {
        @Override
        public boolean accepts(Map<String, String> metadata) {
            return !other.accepts(metadata);
        }
    }

    /// Every document.
    static Filter all() {
        return new All();
    }

    /// Those with this value under the key.
    static Filter equal(String key, String value) {
        return new OneOf(key, Set.of(value));
    }

    /// Those with one of these values under the key.
    static Filter oneOf(String key, String... values) {
        return new OneOf(key, new TreeSet<>(List.of(values)));
    }

    /// Those with a number from `from` to `to` under the key, both included; infinite ends are allowed.
    ///
    /// @throws gradus.error.ConfigException if `from` is above `to`, or one is NaN
    static Filter range(String key, double from, double to) {
        return new Range(key, from, to);
    }

    /// Those that both accept.
    default Filter and(Filter other) {
        return new And(List.of(this, other));
    }

    /// Those that one of the two accepts.
    default Filter or(Filter other) {
        return new Or(List.of(this, other));
    }

    /// All others.
    default Filter not() {
        return new Not(this);
    }

    /// The number that a value is in decimal notation, such as `-1.5e3`; empty if it is none.
    static OptionalDouble number(String value) {
        return value != null && Decimal.NOTATION.matcher(value).matches()
                ? OptionalDouble.of(Double.parseDouble(value) + 0.0)
                : OptionalDouble.empty();
    }

    /// How numbers are written.
    final class Decimal {
        private static final Pattern NOTATION = Pattern.compile("[+-]?\\d{1,400}(\\.\\d{1,400})?([eE][+-]?\\d{1,4})?");

        private Decimal() {}
    }
}
