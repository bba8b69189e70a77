package gradus.lessons.learn.book;

import gradus.lessons.learn.book.TexSymbols.Kind;
import gradus.lessons.learn.book.TexSymbols.Symbol;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// Formulas in TeX, as lessons write them, made into MathML, which browsers draw by themselves: no script, no
/// fonts to load. The MathML is that of MathML Core, the part that all browsers draw alike.
///
/// Known are letters, numbers and operators, scripts, fractions, roots, brackets of every height, accents,
/// fonts, text, matrices, cases and aligned lines. Anything else is refused, so that no page shows half a
/// formula.
final class Tex extends TexReader {
    private static final Set<Kind> BEFORE_A_SIGN =
            EnumSet.of(Kind.OPEN, Kind.RELATION, Kind.BINARY, Kind.PUNCTUATION, Kind.FUNCTION, Kind.LARGE);
    private static final Map<String, String> HEIGHTS =
            Map.of("big", "1.2em", "Big", "1.8em", "bigg", "2.4em", "Bigg", "3em");
    private TexFont font = TexFont.ITALIC;

    private Tex(String tex) {
        super(tex);
    }

    /// @param display on a line of its own, with limits above and below
    /// @return a `math` element, with the TeX beside it in `alttext`
    /// @throws IllegalArgumentException naming what is not known
    static String mathMl(String tex, boolean display) {
        Tex parser = new Tex(tex.strip());
        String row = parser.row();
        if (parser.at < parser.tex.length()) {
            throw parser.fault("nothing opens what " + parser.rest() + " closes");
        }
        return "<math%s alttext=\"%s\">%s</math>"
                .formatted(
                        display ? " display=\"block\"" : "",
                        TexSymbols.escaped(tex.strip().replaceAll("\\s+", " ")),
                        row);
    }

    /// Atoms up to the end, or to what closes them.
    private String row() {
        List<Symbol> atoms = new ArrayList<>();
        while (skipSpace() && !closes()) {
            atoms.add(atom());
        }
        StringBuilder xml = new StringBuilder("<mrow>");
        Kind before = null;
        for (Symbol each : atoms) {
            xml.append(between(before, each.kind()));
            boolean sign = each.kind() == Kind.BINARY && (before == null || BEFORE_A_SIGN.contains(before));
            xml.append(sign ? each.xml().replaceFirst("^<mo>", "<mo form=\"prefix\">") : each.xml());
            before = each.kind() == Kind.SPACE ? before : each.kind();
        }
        return xml.append("</mrow>").toString();
    }

    /// TeX's thin space between the name of a function and what it is applied to.
    private static String between(Kind before, Kind after) {
        boolean left = before == Kind.FUNCTION && (after == Kind.ORDINARY || after == Kind.FUNCTION);
        boolean right = after == Kind.FUNCTION && (before == Kind.ORDINARY || before == Kind.CLOSE);
        return left || right ? "<mspace width=\"0.167em\"/>" : "";
    }

    private boolean closes() {
        return tex.charAt(at) == '}'
                || tex.charAt(at) == '&'
                || tex.startsWith("\\\\", at)
                || command("\\right")
                || command("\\end");
    }

    // --- an atom with its scripts

    private Symbol atom() {
        Symbol base = nucleus();
        boolean limits = base.kind() == Kind.LARGE
                || base.xml().startsWith("<mo movablelimits")
                || base.xml().endsWith(">⏟</mo></munder>")
                || base.xml().endsWith(">⏞</mo></mover>");
        boolean beside = false;
        String sub = null;
        String sup = null;
        StringBuilder primes = new StringBuilder();
        while (skipSpace()) {
            if (tex.charAt(at) == '\'') {
                primes.append('′');
                at++;
            } else if (tex.charAt(at) == '^' && sup == null) {
                at++;
                sup = argument();
            } else if (tex.charAt(at) == '_' && sub == null) {
                at++;
                sub = argument();
            } else if (command("\\limits")) {
                at += "\\limits".length();
                limits = true;
            } else if (command("\\nolimits")) {
                at += "\\nolimits".length();
                beside = true;
            } else {
                break;
            }
        }
        if (tex.startsWith("^", at) || tex.startsWith("_", at)) {
            throw fault("two of the same script at one letter");
        }
        if (!primes.isEmpty()) {
            String mark = "<mo lspace=\"0\" rspace=\"0\">" + primes + "</mo>";
            sup = sup == null ? mark : "<mrow>" + mark + sup + "</mrow>";
        }
        return new Symbol(base.kind(), scripted(base.xml(), sub, sup, limits && !beside));
    }

    private static String scripted(String base, String sub, String sup, boolean limits) {
        if (sub == null && sup == null) {
            return base;
        }
        String name = limits ? "munder" : "msub";
        if (sub == null) {
            name = limits ? "mover" : "msup";
        } else if (sup != null) {
            name = limits ? "munderover" : "msubsup";
        }
        return "<" + name + ">" + base + (sub == null ? "" : sub) + (sup == null ? "" : sup) + "</" + name + ">";
    }

    private Symbol nucleus() {
        char c = tex.charAt(at);
        if (c == '{') {
            return ordinary(argument());
        }
        if (c == '^' || c == '_' || c == '\'') {
            return ordinary("<mrow></mrow>");
        }
        if (c == '\\') {
            return command();
        }
        if (c == '%' || c == '#' || c == '$') {
            throw fault(c + " means something else in TeX; write \\" + c);
        }
        if (Character.isDigit(c)) {
            return ordinary(number(tex.length()));
        }
        String sign = Character.toString(tex.codePointAt(at));
        at += sign.length();
        if (c == '~') {
            return new Symbol(Kind.SPACE, "<mspace width=\"0.25em\"/>");
        }
        return Character.isLetter(sign.codePointAt(0)) ? ordinary(font.letter(sign)) : TexSymbols.character(sign);
    }

    private static Symbol ordinary(String xml) {
        return new Symbol(Kind.ORDINARY, xml);
    }

    private String number(int end) {
        int from = at;
        while (at < end
                && (Character.isDigit(tex.charAt(at))
                        || tex.charAt(at) == '.' && at + 1 < tex.length() && Character.isDigit(tex.charAt(at + 1)))) {
            at++;
        }
        return "<mn%s>%s</mn>".formatted(font == TexFont.BOLD ? " class=\"bold\"" : "", tex.substring(from, at));
    }

    // --- commands

    private Symbol command() {
        String name = name();
        Symbol symbol = TexSymbols.named(name);
        if (symbol != null) {
            boolean letter = symbol.kind() == Kind.ORDINARY && symbol.xml().startsWith("<mi>");
            return letter && font != TexFont.ITALIC
                    ? ordinary(
                            font.letter(symbol.xml().substring(4, symbol.xml().length() - 5)))
                    : symbol;
        }
        if (TexAccents.ABOVE.containsKey(name)) {
            return ordinary("<mover accent=\"true\">" + argument() + TexAccents.above(name) + "</mover>");
        }
        if (TexAccents.BELOW.containsKey(name)) {
            return ordinary("<munder accentunder=\"true\">" + argument() + TexAccents.below(name) + "</munder>");
        }
        String size = name.replaceFirst("[lrm]$", "");
        if (HEIGHTS.containsKey(size)) {
            String height = HEIGHTS.get(size);
            Kind kind = name.endsWith("l") ? Kind.OPEN : name.endsWith("r") ? Kind.CLOSE : Kind.ORDINARY;
            String attributes = " minsize=\"%s\" maxsize=\"%s\"".formatted(height, height);
            return new Symbol(kind, delimiter(attributes + " lspace=\"0\" rspace=\"0\""));
        }
        return structure(name);
    }

    private Symbol structure(String name) {
        return switch (name) {
            case "frac" -> ordinary("<mfrac>" + argument() + argument() + "</mfrac>");
            case "dfrac", "tfrac" ->
                ordinary("<mstyle displaystyle=\"%s\"><mfrac>%s%s</mfrac></mstyle>"
                        .formatted(name.equals("dfrac"), argument(), argument()));
            case "binom" ->
                ordinary("<mrow><mo>(</mo><mfrac linethickness=\"0\">" + argument() + argument()
                        + "</mfrac><mo>)</mo></mrow>");
            case "sqrt" -> root();
            case "overset", "stackrel" -> swapped("mover");
            case "underset" -> swapped("munder");
            case "substack" -> ordinary(group(() -> table("mtd")));
            case "mathrm", "operatorname" -> functionName(name);
            case "text", "textrm", "mbox" -> ordinary("<mtext>" + TexSymbols.spaced(raw()) + "</mtext>");
            case "textbf" -> ordinary("<mtext class=\"bold\">" + TexSymbols.spaced(raw()) + "</mtext>");
            case "textit", "emph" -> ordinary("<mtext class=\"italic\">" + TexSymbols.spaced(raw()) + "</mtext>");
            case "texttt", "mathtt" -> ordinary("<mtext class=\"code\">" + TexSymbols.spaced(raw()) + "</mtext>");
            case "mathbf" -> inFont(TexFont.BOLD);
            case "boldsymbol", "bm" -> inFont(TexFont.BOLD_ITALIC);
            case "mathbb" -> inFont(TexFont.DOUBLE_STRUCK);
            case "mathcal", "mathscr" -> inFont(TexFont.SCRIPT);
            case "mathit" -> inFont(TexFont.ITALIC);
            case "displaystyle", "textstyle" -> new Symbol(Kind.SPACE, "");
            case "pmod" ->
                ordinary("<mrow><mspace width=\"0.5em\"/><mo stretchy=\"false\">(</mo><mi>mod</mi>"
                        + "<mspace width=\"0.3em\"/>" + argument() + "<mo stretchy=\"false\">)</mo></mrow>");
            case "not" -> new Symbol(Kind.RELATION, nucleus().xml().replace("</mo>", "\u0338</mo>"));
            case "left" -> fenced();
            case "middle" -> new Symbol(Kind.RELATION, delimiter(" stretchy=\"true\""));
            case "begin" -> environment();
            default -> throw fault("\\" + name + " is not known here");
        };
    }

    private Symbol root() {
        if (!tex.startsWith("[", at)) {
            return ordinary("<msqrt>" + argument() + "</msqrt>");
        }
        int end = tex.indexOf(']', at);
        if (end < 0) {
            throw fault("a root's [ is not closed");
        }
        String degree = new Tex(tex.substring(at + 1, end)).row();
        at = end + 1;
        return ordinary("<mroot>" + argument() + degree + "</mroot>");
    }

    private Symbol swapped(String element) {
        String mark = argument();
        return new Symbol(Kind.RELATION, "<" + element + ">" + argument() + mark + "</" + element + ">");
    }

    /// `\operatorname{softmax}`: an upright name. With a star, limits stand under it.
    private Symbol functionName(String command) {
        boolean star = tex.startsWith("*", at);
        at += star ? 1 : 0;
        String text = raw();
        boolean plain = text.matches("[\\p{L}\\d .,\\\\~-]*");
        if (command.equals("mathrm") && !plain) {
            return ordinary(inFont(TexFont.UPRIGHT, text));
        }
        String name = TexSymbols.spaced(text.replaceAll("\\\\[,;: ]|~", "\u2009"));
        if (name.contains("\\")) {
            return ordinary(inFont(TexFont.UPRIGHT, text));
        }
        if (star) {
            return new Symbol(Kind.FUNCTION, TexSymbols.movable(name));
        }
        Kind kind = command.equals("mathrm") ? Kind.ORDINARY : Kind.FUNCTION;
        return new Symbol(kind, "<mi" + (name.length() == 1 ? " mathvariant=\"normal\"" : "") + ">" + name + "</mi>");
    }

    private Symbol inFont(TexFont other) {
        TexFont outer = font;
        font = other;
        try {
            return ordinary(argument());
        } finally {
            font = outer;
        }
    }

    private static String inFont(TexFont font, String text) {
        Tex inner = new Tex(text);
        inner.font = font;
        return inner.row();
    }

    // --- what takes more than one atom

    /// `{…}`, or one atom without scripts.
    private String argument() {
        if (!skipSpace()) {
            throw fault("something is missing at the end");
        }
        if (Character.isDigit(tex.charAt(at))) {
            return number(at + 1); // \frac12 has two arguments
        }
        return tex.charAt(at) == '{' ? group(this::row) : nucleus().xml();
    }

    private String group(Supplier<String> content) {
        skipSpace();
        expect("{");
        String xml = content.get();
        expect("}");
        return xml;
    }

    private Symbol fenced() {
        StringBuilder xml = new StringBuilder("<mrow>");
        xml.append(delimiter(" stretchy=\"true\" form=\"prefix\"")).append(row());
        if (!command("\\right")) {
            throw fault("a \\left has no \\right");
        }
        at += "\\right".length();
        return ordinary(xml.append(delimiter(" stretchy=\"true\" form=\"postfix\""))
                .append("</mrow>")
                .toString());
    }

    private String delimiter(String attributes) {
        if (!skipSpace()) {
            throw fault("a bracket is missing at the end");
        }
        String sign;
        if (tex.charAt(at) == '\\') {
            String name = name();
            Symbol symbol = TexSymbols.named(name);
            if (symbol == null) {
                throw fault("\\" + name + " is no bracket");
            }
            sign = symbol.xml().replaceAll("<[^>]*>", "");
        } else {
            sign = TexSymbols.escaped(tex.substring(at, ++at));
        }
        return sign.equals(".") ? "" : "<mo" + attributes + ">" + sign + "</mo>";
    }

    private Symbol environment() {
        String name = raw();
        String cells = switch (name) {
            case "matrix", "pmatrix", "bmatrix", "vmatrix", "gathered" -> table("mtd");
            case "cases" -> table("mtd class=\"left\"");
            case "aligned", "align", "align*", "split" -> table("mtd class=\"right\"", "mtd class=\"left\"");
            case "array" -> table(TexSymbols.columns(raw()));
            default -> throw fault("the environment " + name + " is not known here");
        };
        if (!command("\\end") || !tex.startsWith("{" + name + "}", at + 4)) {
            throw fault("\\end{" + name + "} is missing before " + rest());
        }
        at += "\\end{}".length() + name.length();
        String table = name.startsWith("align") || name.equals("split") || name.equals("gathered")
                ? cells.replaceFirst("<mtable>", "<mtable displaystyle=\"true\">")
                : cells;
        return switch (name) {
            case "pmatrix" -> ordinary("<mrow><mo>(</mo>" + table + "<mo>)</mo></mrow>");
            case "bmatrix" -> ordinary("<mrow><mo>[</mo>" + table + "<mo>]</mo></mrow>");
            case "vmatrix" ->
                ordinary("<mrow><mo form=\"prefix\">|</mo>" + table + "<mo form=\"postfix\">|</mo></mrow>");
            case "cases" -> ordinary("<mrow><mo>{</mo>" + table + "</mrow>");
            default -> ordinary(table);
        };
    }

    /// Rows of cells, up to what closes them.
    ///
    /// @param columns the tags of the columns' cells, again from the first one where there are more
    private String table(String... columns) {
        StringBuilder xml = new StringBuilder("<mtable><mtr>");
        int column = 0;
        while (true) {
            xml.append("<")
                    .append(columns[column % columns.length])
                    .append(">")
                    .append(row())
                    .append("</mtd>");
            if (tex.startsWith("&", at)) {
                at++;
                column++;
            } else if (tex.startsWith("\\\\", at)) {
                rowEnd();
                if (command("\\end")) {
                    break; // after the last row
                }
                xml.append("</mtr><mtr>");
                column = 0;
            } else {
                break;
            }
        }
        return xml.append("</mtr></mtable>").toString();
    }
}
