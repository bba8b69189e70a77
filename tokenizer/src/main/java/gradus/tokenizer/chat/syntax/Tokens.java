package gradus.tokenizer.chat.syntax;

import gradus.tokenizer.chat.python.TemplateError;
import gradus.tokenizer.chat.syntax.Token.Kind;
import java.util.List;
import java.util.Set;

/// The tokens of a template, taken one after the other.
final class Tokens {
    private final List<Token> tokens;
    private int at;

    Tokens(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(at);
    }

    Token second() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = peek();
        at = Math.min(at + 1, tokens.size() - 1);
        return token;
    }

    boolean isAt(Kind kind) {
        return peek().kind() == kind;
    }

    boolean isAt(String sign) {
        return peek().isOperator(sign);
    }

    boolean isAtName(String name) {
        return peek().isName(name);
    }

    boolean skip(String sign) {
        boolean found = isAt(sign);
        if (found) {
            next();
        }
        return found;
    }

    boolean skipName(String name) {
        boolean found = isAtName(name);
        if (found) {
            next();
        }
        return found;
    }

    Token expect(Kind kind, String what) {
        if (!isAt(kind)) {
            throw unexpected(what);
        }
        return next();
    }

    Token expect(String sign) {
        if (!isAt(sign)) {
            throw unexpected("'" + sign + "'");
        }
        return next();
    }

    String name() {
        return expect(Kind.NAME, "a name").text();
    }

    /// Whether what follows ends a list without brackets.
    boolean isAtTupleEnd(Set<String> names) {
        return isAt(Kind.PRINT_END) || isAt(Kind.BLOCK_END) || isAt(")") || peek().isName(names);
    }

    TemplateError unexpected(String expected) {
        return new TemplateError("expected " + expected + ", got " + peek().shown(), peek().line());
    }
}
