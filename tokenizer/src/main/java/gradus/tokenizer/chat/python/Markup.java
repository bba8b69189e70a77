package gradus.tokenizer.chat.python;

/// A string that counts as HTML already (`safe`, `escape`): what is added to it with `+` or `%` is escaped.
///
/// @param text the text
public record Markup(String text) {

    /// The text with `& < > ' "` as HTML writes them.
    public static String escape(String text) {
        var escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '\'' -> escaped.append("&#39;");
                case '"' -> escaped.append("&#34;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /// A value as markup: as it is, or printed and escaped.
    public static String escaped(Object value, Work work) {
        return value instanceof Markup(String already) ? already : escape(Printing.str(value, work));
    }
}
