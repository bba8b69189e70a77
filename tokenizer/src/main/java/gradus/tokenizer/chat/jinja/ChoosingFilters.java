package gradus.tokenizer.chat.jinja;

import gradus.tokenizer.chat.python.Arguments;
import gradus.tokenizer.chat.python.Generator;
import gradus.tokenizer.chat.python.Printing;
import gradus.tokenizer.chat.python.PyDict;
import gradus.tokenizer.chat.python.TemplateError;
import gradus.tokenizer.chat.python.Types;
import gradus.tokenizer.chat.python.Work;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// Filters that go through a list element by element, as late as possible: `map`, `select` and their like.
final class ChoosingFilters {
    static final Map<String, Filters.Filter> ALL = Map.of(
            "map", ChoosingFilters::map,
            "select", (value, given, work) -> select(value, given, false, true, work),
            "reject", (value, given, work) -> select(value, given, false, false, work),
            "selectattr", (value, given, work) -> select(value, given, true, true, work),
            "rejectattr", (value, given, work) -> select(value, given, true, false, work),
            "unique", ChoosingFilters::unique);

    private ChoosingFilters() {}

    private static Object map(Object value, Arguments given, Work work) {
        if (!Types.truth(value)) {
            return new Generator(List.of().iterator());
        }
        UnaryOperator<Object> change = change(given, work);
        return new Generator(new Lazy(() -> Types.iterator(value, work), work) {
            @Override
            Object pick(Object element) {
                return change.apply(element);
            }
        });
    }

    private static UnaryOperator<Object> change(Arguments given, Work work) {
        if (given.positional().isEmpty() && given.named().containsKey("attribute")) {
            var named = new LinkedHashMap<>(given.named());
            Object path = named.remove("attribute");
            Object other = named.remove("default");
            if (!named.isEmpty()) {
                throw new TemplateError(
                        "Unexpected keyword argument '" + named.firstEntry().getKey() + "'");
            }
            return Paths.getter(path, other, work);
        }
        if (given.positional().isEmpty()) {
            throw new TemplateError("map requires a filter argument");
        }
        String name = Printing.str(given.positional().getFirst(), work);
        var rest = rest(given, 1);
        return element -> Filters.apply(name, element, rest, work);
    }

    private static Arguments rest(Arguments given, int from) {
        return new Arguments(given.positional().subList(from, given.positional().size()), given.named());
    }

    private static Object select(Object value, Arguments given, boolean byAttribute, boolean wanted, Work work) {
        if (!Types.truth(value)) {
            return new Generator(List.of().iterator());
        }
        List<Object> positional = given.positional();
        if (byAttribute && positional.isEmpty()) {
            throw new TemplateError("Missing parameter for attribute name");
        }
        UnaryOperator<Object> getter = Paths.getter(byAttribute ? positional.getFirst() : null, null, work);
        int at = byAttribute ? 1 : 0;
        Predicate<Object> test = Types::truth;
        if (positional.size() > at) {
            String name = Printing.str(positional.get(at), work);
            var rest = rest(given, at + 1);
            test = element -> Tests.test(name, element, rest, work);
        }
        Predicate<Object> chosen = test;
        return chosen(value, element -> chosen.test(getter.apply(element)) == wanted, work);
    }

    private static Object unique(Object value, Arguments given, Work work) {
        Object[] bound = given.bind("unique", 0, "case_sensitive", "attribute");
        boolean caseSensitive = bound[0] != null && Types.truth(bound[0]);
        UnaryOperator<Object> getter = Paths.getter(bound[1], null, work);
        Set<Object> seen = new HashSet<>();
        return chosen(
                value,
                element -> seen.add(PyDict.canonical(Paths.folded(getter.apply(element), caseSensitive), work)),
                work);
    }

    private static Generator chosen(Object value, Predicate<Object> condition, Work work) {
        return new Generator(new Lazy(() -> Types.iterator(value, work), work) {
            @Override
            Object pick(Object element) {
                return condition.test(element) ? element : null;
            }
        });
    }

    /// A generator that makes its elements when it is asked for the first one.
    static Generator lazy(Supplier<List<Object>> elements, Work work) {
        return new Generator(new Lazy(() -> elements.get().iterator(), work));
    }

    /// Goes through a value when it is asked for the first element, and no earlier: a value that cannot be
    /// gone through is an error only then.
    private static class Lazy implements Iterator<Object> {
        private final Supplier<Iterator<Object>> start;
        private final Work work;
        private Iterator<Object> elements;
        private Object next;

        Lazy(Supplier<Iterator<Object>> start, Work work) {
            this.start = start;
            this.work = work;
        }

        /// What becomes of an element; null where it is left out.
        Object pick(Object element) {
            return element;
        }

        @Override
        public boolean hasNext() {
            elements = elements == null ? start.get() : elements;
            while (next == null && elements.hasNext()) {
                work.step();
                next = pick(elements.next());
            }
            return next != null;
        }

        @Override
        public Object next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Object element = next;
            next = null;
            return element;
        }
    }
}
