package gradus.lessons.learn.book;

import java.util.HashMap;
import java.util.Map;

/// What TeX calls the signs that are on no keyboard, and how MathML draws them.
final class TexSymbols {
    /// What stands beside an atom decides the room between them, as in TeX.
    enum Kind {
        /// A letter, a number, a fraction.
        ORDINARY,
        /// The name of a function, as `\ln`.
        FUNCTION,
        /// `\sum` and its like; what runs stands under and above it.
        LARGE,
        /// `+` and its like; before the first term it is a sign.
        BINARY,
        RELATION,
        OPEN,
        CLOSE,
        PUNCTUATION,
        SPACE
    }

    /// @param kind what it is
    /// @param xml  the MathML
    record Symbol(Kind kind, String xml) {}

    private static final Map<String, Symbol> SYMBOLS = new HashMap<>();

    private static final String GREEK = """
            alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ
            lambda λ mu μ nu ν xi ξ pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ
            chi χ psi ψ omega ω partial ∂ ell ℓ hbar ℏ imath ı jmath ȷ
            """;
    private static final String UPRIGHT = """
            Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
            infty ∞ nabla ∇ emptyset ∅ varnothing ∅ forall ∀ exists ∃ Re ℜ Im ℑ aleph ℵ top ⊤ bot ⊥ prime ′
            dots … ldots … cdots ⋯ vdots ⋮ ddots ⋱ dotsc … dotsb ⋯ checkmark ✓ degree ° % % # # $ $ & & _ _
            """;
    private static final String BINARY = """
            pm ± mp ∓ times × div ÷ cdot ⋅ ast ∗ star ⋆ circ ∘ bullet ∙ oplus ⊕ ominus ⊖ otimes ⊗ odot ⊙
            cup ∪ cap ∩ setminus ∖ wedge ∧ vee ∨ land ∧ lor ∨ neg ¬ lnot ¬ bmod mod
            """;
    private static final String RELATIONS = """
            le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ approx ≈ sim ∼ simeq ≃ cong ≅ equiv ≡ propto ∝ ll ≪ gg ≫ in ∈ notin ∉
            ni ∋ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇ mid ∣ parallel ∥ perp ⊥ to → rightarrow → leftarrow ←
            gets ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ implies ⟹ iff ⟺ mapsto ↦
            longrightarrow ⟶ longleftarrow ⟵ uparrow ↑ downarrow ↓ lesssim ≲ gtrsim ≳ prec ≺ succ ≻ colon : coloneqq ≔
            doteq ≐ triangleq ≜ vdash ⊢ models ⊨
            """;
    private static final String LARGE = "sum ∑ prod ∏ coprod ∐ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigvee ⋁";
    private static final String INTEGRALS = "int ∫ iint ∬ oint ∮";
    private static final String OPEN = "{ { lbrace { lbrack [ langle ⟨ lfloor ⌊ lceil ⌈ lvert | lVert ‖";
    private static final String CLOSE = "} } rbrace } rbrack ] rangle ⟩ rfloor ⌋ rceil ⌉ rvert | rVert ‖";
    private static final String BARS = "vert | Vert ‖ | ‖";
    private static final String FUNCTIONS = """
            ln log lg exp sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh deg det dim gcd hom ker arg
            """;
    private static final String LIMITS = "max min sup inf lim limsup liminf argmax argmin Pr";
    private static final Map<String, String> SPACES = Map.of(
            ",", "0.167em", ":", "0.222em", ";", "0.278em", " ", "0.25em", "quad", "1em", "qquad", "2em", "!", "0",
            "\n", "0.25em");

    static {
        each(GREEK, (name, sign) -> put(name, Kind.ORDINARY, "<mi>" + sign + "</mi>"));
        each(
                UPRIGHT,
                (name, sign) -> put(name, Kind.ORDINARY, "<mi mathvariant=\"normal\">" + escaped(sign) + "</mi>"));
        each(BINARY, (name, sign) -> put(name, Kind.BINARY, operator(sign)));
        each(RELATIONS, (name, sign) -> put(name, Kind.RELATION, operator(sign)));
        each(LARGE, (name, sign) -> put(name, Kind.LARGE, operator(sign)));
        each(INTEGRALS, (name, sign) -> put(name, Kind.ORDINARY, operator(sign)));
        each(OPEN, (name, sign) -> put(name, Kind.OPEN, bracket(sign)));
        each(CLOSE, (name, sign) -> put(name, Kind.CLOSE, bracket(sign)));
        each(BARS, (name, sign) -> put(name, Kind.ORDINARY, bracket(sign)));
        for (String name : FUNCTIONS.strip().split("\\s+")) {
            put(name, Kind.FUNCTION, "<mi>" + name + "</mi>");
        }
        for (String name : LIMITS.split(" ")) {
            put(name, Kind.FUNCTION, movable(name.replaceFirst("^(arg|lim)(?=...)", "$1\u2009")));
        }
        SPACES.forEach(
                (name, width) -> put(name, Kind.SPACE, width.equals("0") ? "" : "<mspace width=\"" + width + "\"/>"));
    }

    private TexSymbols() {}

    private interface Named {
        void take(String name, String sign);
    }

    private static void each(String table, Named named) {
        String[] words = table.strip().split("\\s+");
        for (int i = 0; i < words.length; i += 2) {
            named.take(words[i], words[i + 1]);
        }
    }

    private static void put(String name, Kind kind, String xml) {
        SYMBOLS.put(name, new Symbol(kind, xml));
    }

    /// What `\name` is, or null.
    static Symbol named(String name) {
        return SYMBOLS.get(name);
    }

    /// What a character is that is no letter, no digit and nothing with a meaning of its own in TeX.
    static Symbol character(String sign) {
        return switch (sign) {
            case "(", "[" -> new Symbol(Kind.OPEN, bracket(sign));
            case ")", "]" -> new Symbol(Kind.CLOSE, bracket(sign));
            case "|" -> new Symbol(Kind.ORDINARY, bracket(sign));
            case "-" -> new Symbol(Kind.BINARY, operator("−"));
            case "*" -> new Symbol(Kind.BINARY, operator("∗"));
            case "+", "±", "×", "·", "⋅", "∘", "⊙", "⊕", "∧", "∨", "∪", "∩", "−" ->
                new Symbol(Kind.BINARY, operator(sign));
            case ",", ";" -> new Symbol(Kind.PUNCTUATION, "<mo separator=\"true\">" + sign + "</mo>");
            case "/", ".", "!", "?", "@", "\"", "…", "⋯", "′" ->
                new Symbol(Kind.ORDINARY, "<mo lspace=\"0\" rspace=\"0\">" + escaped(sign) + "</mo>");
            case "∞", "∅", "°" -> new Symbol(Kind.ORDINARY, "<mi mathvariant=\"normal\">" + sign + "</mi>");
            default -> new Symbol(Kind.RELATION, operator(sign));
        };
    }

    static String operator(String sign) {
        return "<mo>" + escaped(sign) + "</mo>";
    }

    /// A bracket of the letters' height, as TeX draws it without `\left`.
    static String bracket(String sign) {
        String room = sign.equals("|") || sign.equals("‖") ? " lspace=\"0\" rspace=\"0\"" : "";
        return "<mo stretchy=\"false\"" + room + ">" + sign + "</mo>";
    }

    /// The name of a function under which limits may stand.
    static String movable(String name) {
        return "<mo movablelimits=\"true\" lspace=\"0\" rspace=\"0\">" + escaped(name) + "</mo>";
    }

    /// As text between tags, or in an attribute.
    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /// As text within a formula: its spaces stay.
    static String spaced(String text) {
        return escaped(text.replaceAll("\\\\([%#$&_{}])", "$1").replaceAll("\\s+", "\u00a0"));
    }

    /// The cells of a row, from the letters l, c and r of an array.
    static String[] columns(String letters) {
        return letters.replaceAll("[^lcr]", "")
                .chars()
                .mapToObj(c -> c == 'l' ? "mtd class=\"left\"" : c == 'r' ? "mtd class=\"right\"" : "mtd")
                .toArray(String[]::new);
    }
}
