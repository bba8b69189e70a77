package gradus.tokenizer.chat.syntax;

import java.util.List;

/// An expression of the language.
public sealed interface Expression {

    /// A literal.
    record Constant(Object value) implements Expression {}

    record Name(String name) implements Expression {}

    record TupleOf(List<Expression> items) implements Expression {}

    record ListOf(List<Expression> items) implements Expression {}

    record DictOf(List<Expression> keys, List<Expression> values) implements Expression {}

    /// `of.name`
    record Attribute(Expression of, String name) implements Expression {}

    /// `of[key]`
    record Item(Expression of, Expression key) implements Expression {}

    /// `of[start:stop:step]`; an end that is not given is None.
    record Slice(Expression of, Expression start, Expression stop, Expression step) implements Expression {}

    record Call(Expression function, Given given) implements Expression {}

    /// `of | name(given)`
    ///
    /// @param of null within `{% filter %}` and `{% set x | filter %}`, whose body takes its place
    record Filter(Expression of, String name, Given given) implements Expression {}

    /// `of is name(given)`
    record Test(Expression of, String name, Given given) implements Expression {}

    record Not(Expression of) implements Expression {}

    /// `-of` or `+of`
    record Unary(String sign, Expression of) implements Expression {}

    /// One of `+ - * / // % **`.
    record Binary(String sign, Expression left, Expression right) implements Expression {}

    record And(Expression left, Expression right) implements Expression {}

    record Or(Expression left, Expression right) implements Expression {}

    /// `a ~ b ~ c`
    record Concat(List<Expression> parts) implements Expression {}

    /// `a < b <= c`, as Python chains them.
    ///
    /// @param signs one of `== != < <= > >= in notin` for each operand
    record Compare(Expression first, List<String> signs, List<Expression> operands) implements Expression {}

    /// `then if condition else otherwise`
    ///
    /// @param otherwise null where there is no else: the value is undefined then
    record Conditional(Expression condition, Expression then, Expression otherwise) implements Expression {}

    /// What stands between the parentheses of a call.
    ///
    /// @param positional arguments without a name
    /// @param names      the names of the others
    /// @param named      their values
    /// @param star       `*star`, or null
    /// @param stars      `**stars`, or null
    record Given(
            List<Expression> positional,
            List<String> names,
            List<Expression> named,
            Expression star,
            Expression stars) {
        public static final Given NOTHING = new Given(List.of(), List.of(), List.of(), null, null);
    }
}
