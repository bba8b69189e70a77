package gradus.tokenizer.chat.syntax;

import gradus.tokenizer.chat.python.TemplateError;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The names that a template mentions, gathered while it is parsed: which macros use `caller`, `varargs` or
/// `kwargs`, and which filters and tests are not known. As in Jinja an unknown one is an error at once,
/// unless it stands directly within an `if` or a conditional expression, where it is one when it is reached.
final class Names {
    private static final Set<String> OF_MACROS = Set.of("caller", "varargs", "kwargs");

    private record Unknown(String message, int line) {}

    private final Set<String> filters;
    private final Set<String> tests;
    private final List<Unknown> unknown = new ArrayList<>();
    private final Deque<Set<String>> macros = new ArrayDeque<>();
    private boolean conditional;

    Names(Set<String> filters, Set<String> tests) {
        this.filters = filters;
        this.tests = tests;
    }

    Expression.Name read(Expression.Name name) {
        if (OF_MACROS.contains(name.name())) {
            macros.forEach(uses -> uses.add(name.name()));
        }
        return name;
    }

    void filter(String name, int line) {
        if (!filters.contains(name) && !conditional) {
            unknown.add(new Unknown("No filter named '" + name + "'.", line));
        }
    }

    void test(String name, int line) {
        if (!tests.contains(name) && !conditional) {
            unknown.add(new Unknown("No test named '" + name + "'.", line));
        }
    }

    int count() {
        return unknown.size();
    }

    /// Forgets the unknown names beyond the first so many.
    void forgive(int count) {
        unknown.subList(count, unknown.size()).clear();
    }

    /// Whether what follows stands directly within an `if`; returns what it was before.
    boolean conditional(boolean now) {
        boolean before = conditional;
        conditional = now;
        return before;
    }

    void enterMacro() {
        macros.push(new LinkedHashSet<>());
    }

    /// What the body that ends here uses.
    List<String> leaveMacro() {
        return List.copyOf(macros.pop());
    }

    void check() {
        if (!unknown.isEmpty()) {
            throw new TemplateError(
                    unknown.getFirst().message(), unknown.getFirst().line());
        }
    }
}
