package gradus.lessons.prompt.template;

import static gradus.error.ConfigException.require;

import gradus.error.Printable;
import gradus.train.run.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// A prompt with named places.
/// ```java
/// PromptTemplate template = PromptTemplate.of("Translate into {language}: {text}");
/// String prompt = template.fill(Map.of("language", "Latin", "text", "steps"));
/// ```
/// A name is a letter or `_` with letters, digits, `_` and `-` behind it; `{{` and `}}` stand for single
/// braces. What is filled in is not searched for places again, so a text with braces stays what it is.
public final class PromptTemplate {
    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_-]*");

    private record Part(String text, boolean isVariable) {}

    private final String text;
    private final List<Part> parts = new ArrayList<>();
    private final Set<String> variables = new LinkedHashSet<>();

    private PromptTemplate(String text) {
        this.text = text;
        StringBuilder literal = new StringBuilder();
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            boolean twice = at + 1 < text.length() && text.charAt(at + 1) == c;
            if ((c == '{' || c == '}') && twice) {
                literal.append(c);
                at++;
            } else if (c == '{') {
                parts.add(new Part(literal.toString(), false));
                literal.setLength(0);
                String name = name(at);
                parts.add(new Part(name, true));
                variables.add(name);
                at += name.length() + 1;
            } else {
                require(c != '}', "the template has a } without { at character %d; }} stands for }", at + 1);
                literal.append(c);
            }
        }
        parts.add(new Part(literal.toString(), false));
    }

    private String name(int open) {
        int close = text.indexOf('}', open);
        require(close >= 0, "the template has a { without } at character %d; {{ stands for {", open + 1);
        String name = text.substring(open + 1, close);
        require(
                NAME.matcher(name).matches(),
                "the template has no name but %s in braces at character %d; {{ stands for {",
                Printable.value(name),
                open + 1);
        return name;
    }

    /// @throws gradus.error.ConfigException if a brace has no other half, or holds what is no name
    public static PromptTemplate of(String text) {
        return new PromptTemplate(text);
    }

    /// A text with nothing to fill in, whatever its braces.
    public static PromptTemplate literal(String text) {
        return new PromptTemplate(text.replace("{", "{{").replace("}", "}}"));
    }

    /// The names, in the order in which they come first.
    public Set<String> variables() {
        return Collections.unmodifiableSet(variables);
    }

    /// The prompt.
    ///
    /// @throws gradus.error.ConfigException if a value is missing or null, or has a name that the template does
    ///     not know
    public String fill(Map<String, String> values) {
        for (String given : values.keySet()) {
            require(
                    variables.contains(given),
                    "the template has no variable {%s}%s; it has %s",
                    Printable.value(given),
                    meant(given, variables),
                    listed());
        }
        return fillKnown(values);
    }

    /// The prompt, whatever else is given.
    String fillKnown(Map<String, String> values) {
        StringBuilder prompt = new StringBuilder();
        for (Part part : parts) {
            if (part.isVariable) {
                requireValue(part.text, values.keySet());
                String value = values.get(part.text);
                require(value != null, "the value of the template's variable {%s} is null", part.text);
                prompt.append(value);
            } else {
                prompt.append(part.text);
            }
        }
        return prompt.toString();
    }

    static void requireValue(String variable, Collection<String> given) {
        require(
                given.contains(variable),
                "the template's variable {%s} has no value%s",
                variable,
                Nearest.to(variable, given)
                        .map(near -> "; the nearest that was given is " + Printable.value(near))
                        .orElse(given.isEmpty() ? "" : "; given are " + String.join(", ", sorted(given))));
    }

    private static String meant(String typed, Collection<String> names) {
        return Nearest.to(typed, names)
                .map(near -> "; did you mean {" + near + "}?")
                .orElse("");
    }

    private static List<String> sorted(Collection<String> names) {
        return names.stream().sorted().map(Printable::value).toList();
    }

    private String listed() {
        return variables.isEmpty() ? "none" : "{" + String.join("}, {", variables) + "}";
    }

    @Override
    public String toString() {
        return text;
    }
}
