package gradus.tokenizer.chat.jinja;

import gradus.tokenizer.chat.python.Arguments;
import gradus.tokenizer.chat.python.TemplateError;
import gradus.tokenizer.chat.python.Work;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// What stands behind `|`.
public final class Filters {
    /// What a filter does.
    @FunctionalInterface
    interface Filter {
        Object apply(Object value, Arguments given, Work work);
    }

    /// Filters of Jinja that are about HTML pages or chance: no chat template has use for them.
    private static final Set<String> NOT_BUILT =
            Set.of("pprint", "random", "striptags", "urlize", "wordwrap", "xmlattr");

    private static final Map<String, Filter> ALL = new HashMap<>();

    static {
        ALL.putAll(TextFilters.ALL);
        ALL.putAll(ValueFilters.ALL);
        ALL.putAll(ListFilters.ALL);
        ALL.putAll(ChoosingFilters.ALL);
        for (String name : NOT_BUILT) {
            ALL.put(name, (value, given, work) -> {
                throw new TemplateError("the filter '" + name + "' is not supported");
            });
        }
    }

    private Filters() {}

    /// The names of all filters.
    public static Set<String> names() {
        return ALL.keySet();
    }

    static Object apply(String name, Object value, Arguments given, Work work) {
        work.step();
        Filter filter = ALL.get(name);
        if (filter == null) {
            throw new TemplateError("No filter named '" + name + "' found.");
        }
        return filter.apply(value, given, work);
    }
}
