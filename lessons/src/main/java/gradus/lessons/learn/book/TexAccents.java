package gradus.lessons.learn.book;

import java.util.Map;
import java.util.Set;

/// The signs that TeX puts above or below a letter.
final class TexAccents {
    static final Map<String, String> ABOVE = Map.of(
            "hat",
            "^",
            "widehat",
            "^",
            "tilde",
            "~",
            "widetilde",
            "~",
            "bar",
            "‾",
            "overline",
            "‾",
            "vec",
            "→",
            "dot",
            "˙",
            "ddot",
            "¨",
            "overbrace",
            "⏞");
    static final Map<String, String> BELOW = Map.of("underline", "_", "underbrace", "⏟");
    private static final Set<String> WIDE =
            Set.of("widehat", "widetilde", "overline", "overbrace", "underline", "underbrace");

    private TexAccents() {}

    static String above(String name) {
        return sign(name, ABOVE);
    }

    static String below(String name) {
        return sign(name, BELOW);
    }

    private static String sign(String name, Map<String, String> signs) {
        return "<mo stretchy=\"" + WIDE.contains(name) + "\">" + signs.get(name) + "</mo>";
    }
}
