package gradus.tokenizer.json;

import gradus.error.Printable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/// What a reader does with every key of one kind of object in a foreign file. A file that says more than we read is
/// the usual way to wrong results in silence, so each key is
///
/// - **obeyed**: the reader looks at it;
/// - **harmless**: it changes neither mathematics nor tokens, for the reason that is given;
/// - **refused**: it would change them in a way that is not built;
///
/// and a key in none of these lists is refused too. A key may also be allowed with some values only ([#only]).
///
/// ```java
/// static final KnownKeys LLAMA = KnownKeys.of("a Llama's config.json")
///         .obeyed("hidden_size", "num_hidden_layers")
///         .only("mlp_bias", "biases in the feed-forward network are not read", false)
///         .harmless("tells who wrote the file", "transformers_version")
///         .refused("quantised weights are not read", "quantization_config");
/// ```
public final class KnownKeys {
    private final String what;
    private final Map<String, Rule> rules = new LinkedHashMap<>();

    /// What is done with one key.
    public sealed interface Rule {}

    /// The reader looks at the key.
    public record Obeyed() implements Rule {}

    /// The key changes neither mathematics nor tokens.
    public record Harmless(String reason) implements Rule {}

    /// The key would change the outcome in a way that is not built. With the value null it counts as absent.
    public record Refused(String reason) implements Rule {}

    /// The key is harmless with these values (or null) and refused with any other.
    public record Only(String reason, List<Object> allowed) implements Rule {}

    private KnownKeys(String what) {
        this.what = what;
    }

    /// @param what the kind of object, as a message names it: "a Llama's config.json"
    public static KnownKeys of(String what) {
        return new KnownKeys(what);
    }

    public KnownKeys obeyed(String... keys) {
        return put(new Obeyed(), keys);
    }

    public KnownKeys harmless(String reason, String... keys) {
        return put(new Harmless(reason), keys);
    }

    public KnownKeys refused(String reason, String... keys) {
        return put(new Refused(reason), keys);
    }

    /// @param allowed values in Java's terms: Boolean, String, Long for whole and Double for other numbers, List
    public KnownKeys only(String key, String reason, Object... allowed) {
        return put(new Only(reason, List.of(allowed)), key);
    }

    /// The rules of another kind of object too, such as those that all models share. Rules set here come first.
    public KnownKeys and(KnownKeys others) {
        others.rules.forEach(rules::putIfAbsent);
        return this;
    }

    /// Every key with its rule, in the order of their definition.
    public Map<String, Rule> rules() {
        return Collections.unmodifiableMap(rules);
    }

    /// The first fault among the keys of an object, as a sentence without the file's name; empty if there is none.
    ///
    /// @param values gives a key's value in Java's terms (see [#only]); null for JSON's null
    public Optional<String> fault(Collection<String> keys, Function<String, Object> values) {
        for (String key : keys) {
            Rule rule = rules.get(key);
            Object value = rule instanceof Obeyed || rule instanceof Harmless ? null : values.apply(key);
            switch (rule) {
                case null -> {
                    return Optional.of("the key '%s' is not known in %s, so what it asks for would be passed over"
                            .formatted(Printable.value(key), what));
                }
                case Refused(String reason)
                when value != null -> {
                    return Optional.of("the key '%s' is not supported in %s: %s".formatted(key, what, reason));
                }
                case Only(String reason, List<Object> allowed)
                when value != null && !holds(allowed, value) -> {
                    return Optional.of("'%s' = %s is not supported in %s, only %s: %s"
                            .formatted(key, Printable.value(value), what, listed(allowed), reason));
                }
                default -> {}
            }
        }
        return Optional.empty();
    }

    private static boolean holds(List<Object> allowed, Object value) {
        return allowed.stream().anyMatch(each -> equal(each, value));
    }

    private static boolean equal(Object a, Object b) {
        return a instanceof Number x && b instanceof Number y
                ? Double.compare(x.doubleValue(), y.doubleValue()) == 0
                : Objects.equals(a, b);
    }

    private static String listed(List<Object> allowed) {
        var texts = new ArrayList<String>();
        allowed.forEach(each -> texts.add(String.valueOf(each)));
        return String.join(" or ", texts);
    }

    private KnownKeys put(Rule rule, String... keys) {
        for (String key : keys) {
            if (rules.put(key, rule) != null) {
                throw new IllegalArgumentException(
                        "'%s' stands in two lists of %s".formatted(Printable.value(key), what));
            }
        }
        return this;
    }
}
