package gradus.tokenizer.chat.syntax;

import java.util.List;

/// A statement of the language, with the line where it begins.
public sealed interface Statement {
    int line();

    /// Text that is put out as it stands.
    record Text(String text, int line) implements Statement {}

    /// `{{ value }}`
    record Print(Expression value, int line) implements Statement {}

    record Assign(Target target, Expression value, int line) implements Statement {}

    /// `{% set target | filter %}…{% endset %}`
    ///
    /// @param filter null where there is none
    record AssignBlock(Target target, Expression filter, List<Statement> body, int line) implements Statement {}

    /// `{% if %}` with its `elif`s: as many bodies as conditions.
    record If(List<Expression> conditions, List<List<Statement>> bodies, List<Statement> otherwise, int line)
            implements Statement {}

    /// @param condition  what stands behind `if`, or null
    /// @param recursive whether `loop(…)` may be called in the body
    record For(
            Target target,
            Expression in,
            Expression condition,
            boolean recursive,
            List<Statement> body,
            List<Statement> otherwise,
            int line)
            implements Statement {}

    record Macro(Signature signature, List<Statement> body, int line) implements Statement {}

    /// `{% call(parameters) call %}…{% endcall %}`
    record CallBlock(Signature signature, Expression.Call call, List<Statement> body, int line) implements Statement {}

    record FilterBlock(Expression filter, List<Statement> body, int line) implements Statement {}

    record With(List<Target> targets, List<Expression> values, List<Statement> body, int line) implements Statement {}

    /// `{% generation %}…{% endgeneration %}`: text that the assistant would generate.
    record Generation(List<Statement> body, int line) implements Statement {}

    record Break(int line) implements Statement {}

    record Continue(int line) implements Statement {}

    /// What can be assigned to.
    sealed interface Target {}

    record NameTarget(String name) implements Target {}

    /// `namespace.attribute`
    record AttributeTarget(String namespace, String attribute) implements Target {}

    record TupleTarget(List<Target> targets) implements Target {}

    /// A macro's parameters.
    ///
    /// @param name       the macro's name
    /// @param parameters the names
    /// @param defaults   the values of the last of them
    /// @param uses       which of `caller`, `varargs` and `kwargs` the body mentions
    record Signature(String name, List<String> parameters, List<Expression> defaults, List<String> uses) {
        /// What the body of a `call` block is known as.
        static final String CALLER = "caller";

        /// Whether it is the body of a `call` block, which has no name.
        public boolean isCaller() {
            return name.equals(CALLER);
        }
    }
}
