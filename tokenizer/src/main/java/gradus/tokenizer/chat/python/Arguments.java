package gradus.tokenizer.chat.python;

import java.util.List;
import java.util.Map;

/// What a call passes.
///
/// @param positional the arguments without a name
/// @param named      the arguments with one, in order
public record Arguments(List<Object> positional, Map<String, Object> named) {
    public static final Arguments NONE = of();

    public static Arguments of(Object... positional) {
        return new Arguments(List.of(positional), Map.of());
    }

    /// The arguments in the order of the parameters; null for one that was not given.
    ///
    /// @param what       the function's name, for messages
    /// @param required   how many of the parameters must be given
    /// @param parameters their names
    public Object[] bind(String what, int required, String... parameters) {
        if (positional.size() > parameters.length) {
            throw new TemplateError("%s() takes at most %s argument%s (%s given)"
                    .formatted(what, parameters.length, parameters.length == 1 ? "" : "s", positional.size()));
        }
        Object[] bound = positional.toArray(new Object[parameters.length]);
        for (int i = positional.size(); i < parameters.length; i++) {
            bound[i] = null;
        }
        named.forEach((name, value) -> {
            int i = List.of(parameters).indexOf(name);
            if (i < 0) {
                throw new TemplateError("%s() got an unexpected keyword argument '%s'".formatted(what, name));
            }
            if (bound[i] != null) {
                throw new TemplateError("%s() got multiple values for argument '%s'".formatted(what, name));
            }
            bound[i] = value;
        });
        for (int i = 0; i < required; i++) {
            if (bound[i] == null) {
                throw new TemplateError("%s() missing required argument: '%s'".formatted(what, parameters[i]));
            }
        }
        return bound;
    }
}
