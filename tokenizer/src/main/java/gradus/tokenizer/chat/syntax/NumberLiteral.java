package gradus.tokenizer.chat.syntax;

import gradus.tokenizer.chat.python.TemplateError;
import java.math.BigInteger;
import java.util.Locale;
import java.util.stream.Stream;

/// The numbers that tokens of digits stand for.
final class NumberLiteral {
    private NumberLiteral() {}

    static BigInteger integer(Token token) {
        String digits = token.text().replace("_", "");
        boolean prefixed = digits.length() > 1 && Character.isLetter(digits.charAt(1));
        int base = !prefixed
                ? 10
                : switch (Character.toLowerCase(digits.charAt(1))) {
                    case 'x' -> 16;
                    case 'o' -> 8;
                    default -> 2;
                };
        boolean octal = !prefixed && digits.startsWith("0") && !digits.chars().allMatch(c -> c == '0');
        String bare = prefixed ? digits.substring(2) : digits;
        boolean valid = !octal
                && !bare.isEmpty()
                && bare.length() <= 4300
                && !token.text().endsWith("_")
                && !token.text().contains("__")
                && bare.chars().allMatch(c -> Character.digit(c, base) >= 0);
        if (!valid) {
            throw new TemplateError("no valid number: " + token.shown(), token.line());
        }
        return new BigInteger(bare, base);
    }

    static Double real(Token token) {
        String digits = token.text().toLowerCase(Locale.ROOT);
        if (digits.endsWith("_") || Stream.of("__", "_.", "._", "_e", "e_").anyMatch(digits::contains)) {
            throw new TemplateError("no valid number: " + token.shown(), token.line());
        }
        try {
            return Double.valueOf(token.text().replace("_", ""));
        } catch (NumberFormatException e) {
            throw new TemplateError("no valid number: " + token.shown(), token.line());
        }
    }
}
