package gradus.lessons.learn.book;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.lang.model.SourceVersion;

/// Java code with its words coloured, as HTML.
final class JavaCode {
    private static final Pattern TOKEN = Pattern.compile("(?<comment>//[^\\n]*|/\\*[\\s\\S]*?\\*/)"
            + "|(?<text>\"\"\"[\\s\\S]*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])+')"
            + "|(?<annotation>@\\w+)"
            + "|(?<word>[\\p{L}_$][\\p{L}\\p{N}_$]*)"
            + "|(?<number>\\d[\\d_]*(?:\\.\\d+)?(?:[eE][-+]?\\d+)?[\\w]*)");
    private static final Set<String> CONTEXTUAL = Set.of("var", "record", "sealed", "permits", "yield", "when");

    private JavaCode() {}

    static String html(String code) {
        StringBuilder html = new StringBuilder();
        Matcher token = TOKEN.matcher(code);
        int from = 0;
        while (token.find()) {
            html.append(TexSymbols.escaped(code.substring(from, token.start())));
            String text = TexSymbols.escaped(token.group());
            String kind = kind(token);
            html.append(kind.isEmpty() ? text : "<span class=\"" + kind + "\">" + text + "</span>");
            from = token.end();
        }
        return html.append(TexSymbols.escaped(code.substring(from))).toString();
    }

    private static String kind(Matcher token) {
        for (String each : new String[] {"comment", "text", "annotation", "number"}) {
            if (token.group(each) != null) {
                return each;
            }
        }
        String word = token.group();
        if (SourceVersion.isKeyword(word) || CONTEXTUAL.contains(word)) {
            return "keyword";
        }
        return Character.isUpperCase(word.charAt(0)) && word.chars().anyMatch(Character::isLowerCase) ? "type" : "";
    }
}
