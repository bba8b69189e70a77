package gradus.tokenizer.chat.jinja;

import gradus.tokenizer.chat.python.Arguments;
import gradus.tokenizer.chat.python.Comparison;
import gradus.tokenizer.chat.python.Function;
import gradus.tokenizer.chat.python.Members;
import gradus.tokenizer.chat.python.Numbers;
import gradus.tokenizer.chat.python.Printing;
import gradus.tokenizer.chat.python.PyDict;
import gradus.tokenizer.chat.python.PyList;
import gradus.tokenizer.chat.python.PyTuple;
import gradus.tokenizer.chat.python.Slices;
import gradus.tokenizer.chat.python.TemplateError;
import gradus.tokenizer.chat.python.Types;
import gradus.tokenizer.chat.python.Undefined;
import gradus.tokenizer.chat.python.Work;
import gradus.tokenizer.chat.syntax.Expression;
import gradus.tokenizer.chat.syntax.Expression.And;
import gradus.tokenizer.chat.syntax.Expression.Attribute;
import gradus.tokenizer.chat.syntax.Expression.Binary;
import gradus.tokenizer.chat.syntax.Expression.Call;
import gradus.tokenizer.chat.syntax.Expression.Compare;
import gradus.tokenizer.chat.syntax.Expression.Concat;
import gradus.tokenizer.chat.syntax.Expression.Conditional;
import gradus.tokenizer.chat.syntax.Expression.Constant;
import gradus.tokenizer.chat.syntax.Expression.DictOf;
import gradus.tokenizer.chat.syntax.Expression.Filter;
import gradus.tokenizer.chat.syntax.Expression.Given;
import gradus.tokenizer.chat.syntax.Expression.Item;
import gradus.tokenizer.chat.syntax.Expression.ListOf;
import gradus.tokenizer.chat.syntax.Expression.Name;
import gradus.tokenizer.chat.syntax.Expression.Not;
import gradus.tokenizer.chat.syntax.Expression.Or;
import gradus.tokenizer.chat.syntax.Expression.Slice;
import gradus.tokenizer.chat.syntax.Expression.Test;
import gradus.tokenizer.chat.syntax.Expression.TupleOf;
import gradus.tokenizer.chat.syntax.Expression.Unary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// The value of an expression.
final class Evaluator {
    private final Work work;

    Evaluator(Work work) {
        this.work = work;
    }

    Object evaluate(Expression expression, Scope scope) {
        work.enter();
        Object value = switch (expression) {
            case Constant(Object constant) -> constant;
            case Name(String name) -> {
                Object found = scope.get(name);
                yield found != null ? found : Undefined.name(name);
            }
            case Attribute(Expression of, String name) -> Members.attribute(evaluate(of, scope), name, work);
            case Item(Expression of, Expression key) -> Members.item(evaluate(of, scope), evaluate(key, scope), work);
            case Slice slice ->
                Slices.slice(
                        evaluate(slice.of(), scope),
                        evaluate(slice.start(), scope),
                        evaluate(slice.stop(), scope),
                        evaluate(slice.step(), scope),
                        work);
            case Call(Expression function, Given given) -> call(evaluate(function, scope), given(given, scope));
            case Filter filter -> filtered(filter, evaluate(filter.of(), scope), scope);
            case Test(Expression of, String name, Given given) ->
                Tests.test(name, evaluate(of, scope), given(given, scope), work);
            case Not(Expression of) -> !isTrue(of, scope);
            case Unary(String sign, Expression of) -> Numbers.unary(sign, evaluate(of, scope));
            case Binary(String sign, Expression left, Expression right) ->
                Numbers.binary(sign, evaluate(left, scope), evaluate(right, scope), work);
            case And(Expression left, Expression right) -> {
                Object first = evaluate(left, scope);
                yield Types.truth(first) ? evaluate(right, scope) : first;
            }
            case Or(Expression left, Expression right) -> {
                Object first = evaluate(left, scope);
                yield Types.truth(first) ? first : evaluate(right, scope);
            }
            case Concat(List<Expression> parts) -> concat(parts, scope);
            case Compare compare -> compared(compare, scope);
            case Conditional conditional -> chosen(conditional, scope);
            case TupleOf(List<Expression> items) -> new PyTuple(all(items, scope));
            case ListOf(List<Expression> items) -> new PyList(all(items, scope));
            case DictOf(List<Expression> keys, List<Expression> values) -> dict(keys, values, scope);
        };
        work.leave();
        return value;
    }

    boolean isTrue(Expression expression, Scope scope) {
        return Types.truth(evaluate(expression, scope));
    }

    private List<Object> all(List<Expression> items, Scope scope) {
        work.newList(items.size());
        var values = new ArrayList<Object>(items.size());
        items.forEach(item -> values.add(evaluate(item, scope)));
        return values;
    }

    private PyDict dict(List<Expression> keys, List<Expression> values, Scope scope) {
        var dict = new PyDict();
        for (int i = 0; i < keys.size(); i++) {
            dict.put(evaluate(keys.get(i), scope), evaluate(values.get(i), scope), work);
        }
        return dict;
    }

    private String concat(List<Expression> parts, Scope scope) {
        var text = new StringBuilder();
        for (Expression part : parts) {
            text.append(Printing.str(evaluate(part, scope), work));
            work.newString(text.length());
        }
        return text.toString();
    }

    private Object chosen(Conditional conditional, Scope scope) {
        if (isTrue(conditional.condition(), scope)) {
            return evaluate(conditional.then(), scope);
        }
        return conditional.otherwise() == null
                ? new Undefined("the inline if-expression evaluated to false and no else section was defined.")
                : evaluate(conditional.otherwise(), scope);
    }

    private boolean compared(Compare compare, Scope scope) {
        Object left = evaluate(compare.first(), scope);
        for (int i = 0; i < compare.signs().size(); i++) {
            Object right = evaluate(compare.operands().get(i), scope);
            if (!compare(compare.signs().get(i), left, right, work)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    static boolean compare(String sign, Object a, Object b, Work work) {
        return switch (sign) {
            case "==" -> Comparison.equal(a, b, work);
            case "!=" -> !Comparison.equal(a, b, work);
            case "<" -> Comparison.less(a, b, sign, work);
            case "<=" -> Comparison.lessOrEqual(a, b, sign, work);
            case ">" -> Comparison.less(b, a, sign, work);
            case ">=" -> Comparison.lessOrEqual(b, a, sign, work);
            case "in" -> Comparison.contains(b, a, work);
            default -> !Comparison.contains(b, a, work);
        };
    }

    Object call(Object function, Arguments given) {
        return switch (function) {
            case Function callable -> callable.call(given, work);
            case Undefined undefined -> throw undefined.error();
            default -> throw new TemplateError("'" + Types.name(function) + "' object is not callable");
        };
    }

    /// A filter's value for what stands before it. Filters of a block's body are chained by their `of`, the
    /// first of which is null.
    Object filtered(Filter filter, Object value, Scope scope) {
        return Filters.apply(filter.name(), value, given(filter.given(), scope), work);
    }

    /// A chain of filters over the text of a block.
    Object filteredBlock(Expression filter, String body, Scope scope) {
        var chain = (Filter) filter;
        Object value = chain.of() == null ? body : filteredBlock(chain.of(), body, scope);
        return filtered(chain, value, scope);
    }

    Arguments given(Given given, Scope scope) {
        if (given == Given.NOTHING) {
            return Arguments.NONE;
        }
        List<Object> positional = all(given.positional(), scope);
        var named = new LinkedHashMap<String, Object>();
        for (int i = 0; i < given.names().size(); i++) {
            named.put(given.names().get(i), evaluate(given.named().get(i), scope));
        }
        if (given.star() != null) {
            positional.addAll(Types.elements(evaluate(given.star(), scope), work));
        }
        if (given.stars() != null) {
            addNamed(evaluate(given.stars(), scope), named);
        }
        return new Arguments(positional, named);
    }

    private static void addNamed(Object stars, LinkedHashMap<String, Object> named) {
        if (!(stars instanceof PyDict dict)) {
            throw new TemplateError("argument after ** must be a mapping, not " + Types.name(stars));
        }
        for (PyDict.Entry entry : dict.entries()) {
            if (!Types.isText(entry.key())) {
                throw new TemplateError("keywords must be strings");
            }
            if (named.put(Types.text(entry.key()), entry.value()) != null) {
                throw new TemplateError("got multiple values for keyword argument '" + Types.text(entry.key()) + "'");
            }
        }
    }
}
