package gradus.tokenizer.chat.syntax;

import java.util.Set;

/// A piece of the source.
///
/// @param kind  what it is
/// @param text  the text: of data and strings, what they stand for
/// @param line  the line where it begins, from 1
record Token(Kind kind, String text, int line) {

    enum Kind {
        DATA,
        BLOCK_BEGIN,
        BLOCK_END,
        PRINT_BEGIN,
        PRINT_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    boolean isOperator(String sign) {
        return kind == Kind.OPERATOR && text.equals(sign);
    }

    boolean isOperator(Set<String> signs) {
        return kind == Kind.OPERATOR && signs.contains(text);
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }

    boolean isName(Set<String> names) {
        return kind == Kind.NAME && names.contains(text);
    }

    /// As a message names it.
    String shown() {
        return switch (kind) {
            case DATA -> "text";
            case BLOCK_BEGIN -> "'{%'";
            case BLOCK_END -> "'%}'";
            case PRINT_BEGIN -> "'{{'";
            case PRINT_END -> "'}}'";
            case END -> "the end of the template";
            default -> "'" + (text.length() > 40 ? text.substring(0, 40) + "…" : text) + "'";
        };
    }
}
