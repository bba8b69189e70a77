package gradus.tokenizer.chat.jinja;

import gradus.tokenizer.chat.python.Arguments;
import gradus.tokenizer.chat.python.Function;
import gradus.tokenizer.chat.python.Namespace;
import gradus.tokenizer.chat.python.Printing;
import gradus.tokenizer.chat.python.TemplateError;
import gradus.tokenizer.chat.python.Types;
import gradus.tokenizer.chat.python.Undefined;
import gradus.tokenizer.chat.python.Work;
import gradus.tokenizer.chat.syntax.Expression;
import gradus.tokenizer.chat.syntax.Statement;
import gradus.tokenizer.chat.syntax.Statement.Assign;
import gradus.tokenizer.chat.syntax.Statement.AssignBlock;
import gradus.tokenizer.chat.syntax.Statement.AttributeTarget;
import gradus.tokenizer.chat.syntax.Statement.Break;
import gradus.tokenizer.chat.syntax.Statement.CallBlock;
import gradus.tokenizer.chat.syntax.Statement.Continue;
import gradus.tokenizer.chat.syntax.Statement.FilterBlock;
import gradus.tokenizer.chat.syntax.Statement.For;
import gradus.tokenizer.chat.syntax.Statement.Generation;
import gradus.tokenizer.chat.syntax.Statement.If;
import gradus.tokenizer.chat.syntax.Statement.NameTarget;
import gradus.tokenizer.chat.syntax.Statement.Print;
import gradus.tokenizer.chat.syntax.Statement.Target;
import gradus.tokenizer.chat.syntax.Statement.Text;
import gradus.tokenizer.chat.syntax.Statement.TupleTarget;
import gradus.tokenizer.chat.syntax.Statement.With;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/// Runs the statements of a template, once.
public final class Interpreter {
    /// How a run of statements ended.
    private enum End {
        REACHED,
        BREAK,
        CONTINUE
    }

    /// A part of the output.
    ///
    /// @param start its first character, as an index of Java
    /// @param end   the character behind it
    public record Span(int start, int end) {}

    private static final int ITERATION = 8; // steps: what a scope and its two names cost beside other nodes

    private final Work work;
    private final Evaluator evaluator;
    private final StringBuilder output = new StringBuilder();
    private final List<Span> generated = new ArrayList<>();
    private boolean hidden;

    public Interpreter(Work work) {
        this.work = work;
        this.evaluator = new Evaluator(work);
    }

    /// The output.
    ///
    /// @param context the variables, by name
    /// @param globals the functions, by name
    public String run(List<Statement> template, Map<String, Object> context, Map<String, Object> globals) {
        var outermost = new Scope(null);
        globals.forEach(outermost::set);
        var variables = new Scope(outermost);
        context.forEach(variables::set);
        try {
            run(template, new Scope(variables), output);
        } catch (StackOverflowError e) { // the thread has less stack than the limit counts on
            throw Work.exceeded(work.limits().recursion(), "levels of recursion");
        }
        return output.toString();
    }

    /// The text within `generation` blocks.
    public List<Span> generated() {
        return generated;
    }

    /// Whether a `generation` block stood within a macro or another captured block, so that its place in the
    /// output is not known.
    public boolean hidesGeneration() {
        return hidden;
    }

    Evaluator evaluator() {
        return evaluator;
    }

    private End run(List<Statement> statements, Scope scope, StringBuilder out) {
        work.enter();
        End end = End.REACHED;
        for (Statement statement : statements) {
            try {
                end = run(statement, scope, out);
            } catch (TemplateError e) {
                throw e.at(statement.line());
            }
            if (end != End.REACHED) {
                break;
            }
        }
        work.leave();
        return end;
    }

    private End run(Statement statement, Scope scope, StringBuilder out) {
        switch (statement) {
            case Text(String text, int _) -> put(text, out);
            case Print(Expression value, int _) -> put(Printing.str(evaluator.evaluate(value, scope), work), out);
            case Assign(Target target, Expression value, int _) ->
                assign(target, evaluator.evaluate(value, scope), scope);
            case AssignBlock(Target target, Expression filter, List<Statement> body, int _) -> {
                var inner = new Scope(scope);
                var text = new StringBuilder();
                End end = run(body, inner, text);
                if (end != End.REACHED) {
                    return end; // what was put out so far is lost: so it is in Jinja
                }
                String made = work.made(text.toString());
                assign(target, filter == null ? made : evaluator.filteredBlock(filter, made, inner), scope);
            }
            case If branches -> {
                return run(branch(branches, scope), scope, out);
            }
            case For loop -> loop(loop, scope, out);
            case Statement.Macro macro ->
                scope.set(macro.signature().name(), new Macro(macro.signature(), macro.body(), scope, this));
            case CallBlock block -> {
                Arguments given = evaluator.given(block.call().given(), scope);
                var named = new LinkedHashMap<>(given.named());
                named.put("caller", new Macro(block.signature(), block.body(), scope, this));
                Object function = evaluator.evaluate(block.call().function(), scope);
                putText(evaluator.call(function, new Arguments(given.positional(), named)), out);
            }
            case FilterBlock(Expression filter, List<Statement> body, int _) -> {
                var inner = new Scope(scope);
                var text = new StringBuilder();
                End end = run(body, inner, text);
                if (end != End.REACHED) {
                    return end;
                }
                putText(evaluator.filteredBlock(filter, work.made(text.toString()), inner), out);
            }
            case With with -> {
                var inner = new Scope(scope);
                for (int i = 0; i < with.targets().size(); i++) {
                    assign(
                            with.targets().get(i),
                            evaluator.evaluate(with.values().get(i), scope),
                            inner);
                }
                return run(with.body(), inner, out);
            }
            case Generation(List<Statement> body, int _) -> {
                int start = out.length();
                run(body, new Scope(scope), out);
                hidden |= out != output;
                generated.add(new Span(start, out.length()));
            }
            case Break _ -> {
                return End.BREAK;
            }
            case Continue _ -> {
                return End.CONTINUE;
            }
        }
        return End.REACHED;
    }

    private void put(String text, StringBuilder out) {
        work.output(out.length(), text);
        out.append(text);
    }

    /// Puts out what a block has become; Jinja prints nothing here.
    private void putText(Object value, StringBuilder out) {
        if (!Types.isText(value)) {
            throw new TemplateError("expected str instance, " + Types.name(value) + " found");
        }
        put(Types.text(value), out);
    }

    /// The text that a block puts out.
    String captured(List<Statement> body, Scope scope) {
        var out = new StringBuilder();
        run(body, scope, out);
        return work.made(out.toString());
    }

    private List<Statement> branch(If branches, Scope scope) {
        for (int i = 0; i < branches.conditions().size(); i++) {
            if (evaluator.isTrue(branches.conditions().get(i), scope)) {
                return branches.bodies().get(i);
            }
        }
        return branches.otherwise();
    }

    private void assign(Target target, Object value, Scope scope) {
        switch (target) {
            case NameTarget(String name) -> scope.set(name, value);
            case AttributeTarget(String namespace, String attribute) -> {
                switch (scope.get(namespace)) {
                    case Namespace(var attributes) -> attributes.put(attribute, value, work);
                    case null -> throw Undefined.name(namespace).error();
                    default -> throw new TemplateError("cannot assign attribute on non-namespace object");
                }
            }
            case TupleTarget(List<Target> targets) -> {
                List<Object> values = Types.elements(value, work);
                if (values.size() != targets.size()) {
                    throw new TemplateError(
                            values.size() < targets.size()
                                    ? "not enough values to unpack (expected %s, got %s)"
                                            .formatted(targets.size(), values.size())
                                    : "too many values to unpack (expected %s)".formatted(targets.size()));
                }
                for (int i = 0; i < values.size(); i++) {
                    assign(targets.get(i), values.get(i), scope);
                }
            }
        }
    }

    private void loop(For loop, Scope scope, StringBuilder out) {
        Object in = evaluator.evaluate(loop.in(), scope);
        if (loop.recursive()) {
            put(recursive(loop, in, scope, 0), out);
        } else {
            iterate(loop, in, scope, out, 0, null);
        }
    }

    private String recursive(For loop, Object in, Scope scope, int depth) {
        var out = new StringBuilder();
        Function deeper = (given, counted) -> recursive(loop, given.bind("loop", 1, "iterable")[0], scope, depth + 1);
        iterate(loop, in, scope, out, depth, deeper);
        return work.made(out.toString());
    }

    private void iterate(For loop, Object in, Scope scope, StringBuilder out, int depth, Function deeper) {
        Iterator<Object> elements = Types.iterator(in, work);
        int length = loop.condition() == null ? Types.lengthOr(in, -1) : -1;
        if (loop.condition() != null) {
            elements = new Chosen(elements, loop, scope);
        }
        var state = new Loop(elements, length, depth, deeper);
        boolean any = false; // an iteration that `continue` or `break` cuts short does not count: so it is in Jinja
        End end = End.REACHED;
        while (end != End.BREAK && state.hasNext()) {
            work.spend(ITERATION);
            var inner = new Scope(scope);
            assign(loop.target(), state.next(), inner);
            inner.set("loop", state);
            end = run(loop.body(), inner, out);
            any |= end == End.REACHED;
        }
        if (!any) {
            run(loop.otherwise(), new Scope(scope), out);
        }
    }

    /// The elements for which a loop's condition holds, asked as late as possible.
    private final class Chosen implements Iterator<Object> {
        private final Iterator<Object> elements;
        private final For loop;
        private final Scope scope;
        private Object next;

        Chosen(Iterator<Object> elements, For loop, Scope scope) {
            this.elements = elements;
            this.loop = loop;
            this.scope = scope;
        }

        @Override
        public boolean hasNext() {
            while (next == null && elements.hasNext()) {
                Object element = elements.next();
                var inner = new Scope(scope);
                assign(loop.target(), element, inner);
                next = evaluator.isTrue(loop.condition(), inner) ? element : null;
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
