package gradus.tokenizer.chat.syntax;

import gradus.tokenizer.chat.python.Limits;
import gradus.tokenizer.chat.python.None;
import gradus.tokenizer.chat.python.TemplateError;
import gradus.tokenizer.chat.python.Work;
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
import gradus.tokenizer.chat.syntax.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Parses expressions by recursive descent, one method for each level of precedence, weakest first:
/// `if else`, `or`, `and`, `not`, comparisons, `+ -`, `~`, `* / // %`, `**`, signs, postfix, filters and tests.
/// In Jinja `~` binds tighter than `+`, and, unlike in Python, `-2 ** 2` is 4.
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> SUMS = Set.of("+", "-");
    private static final Set<String> PRODUCTS = Set.of("*", "/", "//", "%");
    private static final Set<String> SLICE_ENDS = Set.of(":", "]", ",");
    private static final Expression ABSENT = new Constant(None.NONE);
    private static final Set<String> NO_ARGUMENT = Set.of("else", "or", "and");

    private final Tokens tokens;
    private final Names names;
    private final Limits limits;
    private int depth;
    private int length;

    ExpressionParser(Tokens tokens, Names names, Limits limits) {
        this.tokens = tokens;
        this.names = names;
        this.limits = limits;
    }

    /// An expression, or several with commas between them, which make a tuple.
    ///
    /// @param conditional whether `a if b else c` may stand there
    /// @param ends        names that end the list
    /// @param parentheses whether it stands in parentheses, where it may be empty
    Expression tuple(boolean conditional, Set<String> ends, boolean parentheses) {
        var items = new ArrayList<Expression>();
        boolean comma = false;
        while (!tokens.isAtTupleEnd(ends)) {
            items.add(expression(conditional));
            if (!tokens.isAt(",")) {
                break;
            }
            tokens.next();
            comma = true;
        }
        if (!comma && !items.isEmpty()) {
            return items.getFirst();
        }
        if (items.isEmpty() && !parentheses) {
            throw tokens.unexpected("an expression");
        }
        return new TupleOf(items);
    }

    Expression expression() {
        return expression(true);
    }

    private Expression expression(boolean conditional) {
        deeper();
        int outer = length;
        length = 0;
        Expression parsed = conditional ? conditional() : or();
        length = outer;
        depth--;
        return parsed;
    }

    private void deeper() {
        if (++depth > limits.nesting()) {
            int line = tokens.peek().line();
            throw Work.exceeded(limits.nesting(), "levels of nesting").at(line);
        }
    }

    private <T> T counted(T node) {
        if (++length > limits.expressionLength()) {
            throw Work.exceeded(limits.expressionLength(), "operators in an expression")
                    .at(tokens.peek().line());
        }
        return node;
    }

    private Expression conditional() {
        int before = names.count();
        Expression then = or();
        while (tokens.skipName("if")) {
            Expression condition = or();
            Expression otherwise = tokens.skipName("else") ? expression(true) : null;
            names.forgive(before); // Jinja looks these up only when they are reached
            then = counted(new Conditional(condition, then, otherwise));
        }
        return then;
    }

    private Expression or() {
        Expression left = and();
        while (tokens.skipName("or")) {
            left = counted(new Or(left, and()));
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.skipName("and")) {
            left = counted(new And(left, not()));
        }
        return left;
    }

    private Expression not() {
        int count = 0;
        while (tokens.skipName("not")) {
            counted(count++);
        }
        Expression inner = comparison();
        for (int i = 0; i < count; i++) {
            inner = new Not(inner);
        }
        return inner;
    }

    private Expression comparison() {
        Expression first = sum();
        var signs = new ArrayList<String>();
        var operands = new ArrayList<Expression>();
        while (true) {
            if (tokens.peek().isOperator(COMPARISONS)) {
                signs.add(tokens.next().text());
            } else if (tokens.skipName("in")) {
                signs.add("in");
            } else if (tokens.isAtName("not") && tokens.second().isName("in")) {
                tokens.next();
                tokens.next();
                signs.add("notin");
            } else {
                break;
            }
            operands.add(counted(sum()));
        }
        return signs.isEmpty() ? first : new Compare(first, signs, operands);
    }

    private Expression sum() {
        Expression left = concat();
        while (tokens.peek().isOperator(SUMS)) {
            left = counted(new Binary(tokens.next().text(), left, concat()));
        }
        return left;
    }

    private Expression concat() {
        Expression first = product();
        if (!tokens.isAt("~")) {
            return first;
        }
        var parts = new ArrayList<>(List.of(first));
        while (tokens.skip("~")) {
            parts.add(counted(product()));
        }
        return new Concat(parts);
    }

    private Expression product() {
        Expression left = power();
        while (tokens.peek().isOperator(PRODUCTS)) {
            left = counted(new Binary(tokens.next().text(), left, power()));
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (tokens.isAt("**")) {
            left = counted(new Binary(tokens.next().text(), left, unary(true)));
        }
        return left;
    }

    private Expression unary(boolean withFilters) {
        Expression node;
        if (tokens.peek().isOperator(SUMS)) {
            String sign = tokens.next().text();
            deeper();
            node = new Unary(sign, unary(false));
            depth--;
        } else {
            node = primary();
        }
        node = postfix(node);
        return withFilters ? filtersAndTests(node) : node;
    }

    private Expression primary() {
        Token token = tokens.next();
        return switch (token.kind()) {
            case NAME ->
                switch (token.text()) {
                    case "true", "True" -> new Constant(true);
                    case "false", "False" -> new Constant(false);
                    case "none", "None" -> new Constant(None.NONE);
                    default -> names.read(new Name(token.text()));
                };
            case STRING -> {
                var text = new StringBuilder(token.text());
                while (tokens.isAt(Kind.STRING)) {
                    text.append(tokens.next().text());
                }
                yield new Constant(text.toString());
            }
            case INTEGER -> new Constant(NumberLiteral.integer(token));
            case FLOAT -> new Constant(NumberLiteral.real(token));
            case OPERATOR ->
                switch (token.text()) {
                    case "(" -> {
                        deeper();
                        Expression inner = tuple(true, Set.of(), true);
                        depth--;
                        tokens.expect(")");
                        yield inner;
                    }
                    case "[" -> new ListOf(untilBracket());
                    case "{" -> dict();
                    default -> throw new TemplateError("unexpected " + token.shown(), token.line());
                };
            default -> throw new TemplateError("unexpected " + token.shown(), token.line());
        };
    }

    private List<Expression> untilBracket() {
        var items = new ArrayList<Expression>();
        while (!tokens.isAt("]")) {
            items.add(expression());
            if (!tokens.isAt("]")) {
                tokens.expect(",");
            }
        }
        tokens.expect("]");
        return items;
    }

    private Expression dict() {
        var keys = new ArrayList<Expression>();
        var values = new ArrayList<Expression>();
        while (!tokens.isAt("}")) {
            keys.add(expression());
            tokens.expect(":");
            values.add(expression());
            if (!tokens.isAt("}")) {
                tokens.expect(",");
            }
        }
        tokens.expect("}");
        return new DictOf(keys, values);
    }

    private Expression postfix(Expression inner) {
        Expression node = inner;
        while (true) {
            if (tokens.skip(".")) {
                node = counted(member(node));
            } else if (tokens.skip("[")) {
                node = counted(subscript(node));
            } else if (tokens.isAt("(")) {
                node = counted(new Call(node, given()));
            } else {
                return node;
            }
        }
    }

    private Expression member(Expression of) {
        Token name = tokens.next();
        return switch (name.kind()) {
            case NAME -> new Attribute(of, name.text());
            case INTEGER -> new Item(of, new Constant(NumberLiteral.integer(name)));
            default ->
                throw new TemplateError("expected a name or number behind '.', got " + name.shown(), name.line());
        };
    }

    private Expression subscript(Expression of) {
        var keys = new ArrayList<Expression>();
        while (!tokens.isAt("]")) {
            if (!keys.isEmpty()) {
                tokens.expect(",");
            }
            Expression start = tokens.isAt(":") ? ABSENT : expression();
            if (tokens.isAt(":")) {
                Expression slice = slice(of, start);
                tokens.expect("]");
                if (!keys.isEmpty()) {
                    throw tokens.unexpected("one slice");
                }
                return slice;
            }
            keys.add(start);
        }
        tokens.expect("]");
        return new Item(of, keys.size() == 1 ? keys.getFirst() : new TupleOf(keys));
    }

    private Expression slice(Expression of, Expression start) {
        tokens.expect(":");
        Expression stop = sliceEnd();
        Expression step = tokens.skip(":") ? sliceEnd() : ABSENT;
        return new Slice(of, start, stop, step);
    }

    private Expression sliceEnd() {
        return tokens.peek().isOperator(SLICE_ENDS) ? ABSENT : expression();
    }

    private Expression filtersAndTests(Expression inner) {
        Expression node = inner;
        while (true) {
            if (tokens.skip("|")) {
                node = counted(filter(node));
            } else if (tokens.skipName("is")) {
                node = counted(test(node));
            } else if (tokens.isAt("(")) {
                node = counted(new Call(node, given()));
            } else {
                return node;
            }
        }
    }

    /// A filter whose `|` is behind us.
    Expression filter(Expression of) {
        int line = tokens.peek().line();
        String name = dotted();
        names.filter(name, line);
        return new Filter(of, name, tokens.isAt("(") ? given() : Given.NOTHING);
    }

    private String dotted() {
        var name = new StringBuilder(tokens.name());
        while (tokens.skip(".")) {
            name.append('.').append(tokens.name());
        }
        return name.toString();
    }

    private Expression test(Expression of) {
        boolean negated = tokens.skipName("not");
        int line = tokens.peek().line();
        String name = dotted();
        names.test(name, line);
        Given given = Given.NOTHING;
        if (tokens.isAt("(")) {
            given = given();
        } else if (startsArgument(tokens.peek())) {
            if (tokens.isAtName("is")) {
                throw new TemplateError("You cannot chain multiple tests with is", line);
            }
            given = new Given(List.of(postfix(primary())), List.of(), List.of(), null, null);
        }
        return negated ? new Not(new Test(of, name, given)) : new Test(of, name, given);
    }

    private static boolean startsArgument(Token token) {
        return switch (token.kind()) {
            case NAME -> !token.isName(NO_ARGUMENT);
            case STRING, INTEGER, FLOAT -> true;
            case OPERATOR -> token.isOperator("[") || token.isOperator("{");
            default -> false;
        };
    }

    private Given given() {
        return new GivenParser(tokens, this).given();
    }
}
