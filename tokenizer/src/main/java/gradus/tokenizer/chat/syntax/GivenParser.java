package gradus.tokenizer.chat.syntax;

import gradus.tokenizer.chat.python.TemplateError;
import gradus.tokenizer.chat.syntax.Expression.Given;
import gradus.tokenizer.chat.syntax.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;

/// Parses what stands between the parentheses of a call.
final class GivenParser {
    private final Tokens tokens;
    private final ExpressionParser expressions;

    GivenParser(Tokens tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    /// The arguments, from `(` to `)`.
    Given given() {
        int line = tokens.expect("(").line();
        var positional = new ArrayList<Expression>();
        var keywords = new ArrayList<String>();
        Set<String> seen = new HashSet<>();
        var values = new ArrayList<Expression>();
        Expression star = null;
        Expression stars = null;
        while (!tokens.isAt(")")) {
            boolean valid = stars == null;
            if (tokens.skip("*")) {
                valid &= star == null;
                star = expressions.expression();
            } else if (tokens.skip("**")) {
                stars = expressions.expression();
            } else if (tokens.isAt(Kind.NAME) && tokens.second().isOperator("=")) {
                String name = tokens.name();
                valid &= seen.add(name);
                keywords.add(name);
                tokens.expect("=");
                values.add(expressions.expression());
            } else {
                valid &= star == null && keywords.isEmpty();
                positional.add(expressions.expression());
            }
            if (!valid) {
                throw new TemplateError("invalid syntax for function call expression", line);
            }
            if (!tokens.isAt(")")) {
                tokens.expect(",");
            }
        }
        tokens.expect(")");
        return new Given(positional, keywords, values, star, stars);
    }
}
