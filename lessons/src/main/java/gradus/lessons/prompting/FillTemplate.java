package gradus.lessons.prompting;

import java.util.Map;

/// A prompt with places that are filled in.
public final class FillTemplate {
    private FillTemplate() {}

    /// Puts values into the places of a template: in `Translate {text} into {language}.` the place `{text}`
    /// becomes the value of `text`. A place begins with an opening brace and ends with the next closing one;
    /// templates have no other braces.
    ///
    /// What is filled in is text and nothing else: braces in a value are **not** places. A name may have
    /// several places. Values for which there is no place do not matter: a program that asks in several steps
    /// gives all it has to each.
    ///
    /// @throws IllegalArgumentException if a place has no value, which names the place
    public static String fill(String template, Map<String, String> values) {
        // --- your answer
        StringBuilder prompt = new StringBuilder();
        int at = 0;
        for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', at)) {
            int close = template.indexOf('}', open);
            String name = template.substring(open + 1, close);
            String value = values.get(name);
            if (value == null) {
                throw new IllegalArgumentException("there is no value for {" + name + "}");
            }
            prompt.append(template, at, open).append(value);
            at = close + 1;
        }
        return prompt.append(template, at, template.length()).toString();
        // ---
    }
}
