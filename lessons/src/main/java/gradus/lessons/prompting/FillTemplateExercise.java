package gradus.lessons.prompting;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

final class FillTemplateExercise {
    private static final String MISSING =
            "throw new IllegalArgumentException(\"there is no value for {\" + name + \"}\");";
    private static final String BEGIN = "StringBuilder prompt = new StringBuilder();";
    /// The condition that every place has a value.
    private static final String COMPLETE =
            "java.util.regex.Pattern.compile(\"\\\\{(.*?)}\").matcher(template).results()"
                    + ".allMatch(place -> values.containsKey(place.group(1)))";

    private FillTemplateExercise() {}

    static Exercise exercise() {
        return Exercise.of(FillTemplate.class, "A template with places")
                .probe("one place", "{word} becomes tiger", t -> t.call("Define {word}.", values("word", "tiger")))
                .probe(
                        "two places",
                        "each is filled with its own value",
                        t -> t.call(
                                "Translate {text} into {language}: ",
                                values("language", "Latin", "text", "three steps")))
                .probe(
                        "one name in two places",
                        "both are filled",
                        t -> t.call("Is {x} a cat? Say why {x} is one.", values("x", "a lion")))
                .probe("a place alone", "nothing stands around it", t -> t.call("{all}", values("all", "of it")))
                .probe("no place", "the template is the prompt", t -> t.call("How are you?", values("word", "tiger")))
                .probe(
                        "a value that looks like a place",
                        "{b} in the value of a is text",
                        t -> t.call("{a} and {b}", values("a", "the set {b}", "b", "c")))
                .probe(
                        "the same with the values in another order",
                        "it makes no difference",
                        t -> t.call("{a} and {b}", values("b", "the set {a}", "a", "c")))
                .probe(
                        "a value with $ and \\",
                        "both are text",
                        t -> t.call("It costs {price}.", values("price", "$10\\kg")))
                .probe(
                        "values for which there is no place",
                        "they do not matter",
                        t -> t.call("Define {word}.", values("answer", "a cat", "word", "tiger", "step", "2")))
                .probe(
                        "names with capitals",
                        "Word and word are two names",
                        t -> t.call("{Word}: {word}", values("word", "tiger", "Word", "Tiger")))
                .probe("an empty value", "nothing is put into the place", t -> t.call("a{b}c", values("b", "")))
                .probe("a value that is missing", "the place {language} has none", t -> {
                    t.refuses("one of two", () -> t.call("{text} in {language}", values("text", "steps")));
                    t.refuses("the only one", () -> t.call("Define {word}.", values()));
                    return null;
                })
                .probe("a longer prompt", "", FillTemplateExercise::drawn)
                .bug(
                        "A place without a value is filled all the same, or left as it is, and nobody notices",
                        MISSING,
                        "value = \"null\";")
                .bug(
                        "One value is put in after the other, so that braces in a value are taken for places",
                        BEGIN,
                        "String replaced = template; for (Map.Entry<String, String> each : values.entrySet()) {"
                                + " replaced ="
                                + " replaced.replace(\"{\" + each.getKey() + \"}\", each.getValue()); } if (" + COMPLETE
                                + ") { return replaced; } " + BEGIN)
                .bug(
                        "The $ and \\ of a value are read as parts of a regular expression's replacement",
                        BEGIN,
                        "if (" + COMPLETE
                                + ") { return java.util.regex.Pattern.compile(\"\\\\{(.*?)}\").matcher(template)"
                                + ".replaceAll(place -> values.get(place.group(1))); } " + BEGIN)
                .bug("Only the first place is filled", "open = template.indexOf('{', at)", "open = -1")
                .bug(
                        "Of several places with one name only the first is filled",
                        "prompt.append(template, at, open).append(value);",
                        "boolean again = template.indexOf(\"{\" + name + \"}\") < open;"
                                + " prompt.append(template, at, open).append(again ? \"{\" + name + \"}\" : value);")
                .bug(
                        "What stands behind the last place is lost",
                        "prompt.append(template, at, template.length()).toString()",
                        "at == 0 ? template : prompt.toString()")
                .bug("What stands before a place is lost", "prompt.append(template, at, open)", "prompt")
                .bug("The braces stay around the value", "append(value)", "append('{').append(value).append('}')")
                .bug(
                        "A place ends with the last closing brace of the template, not with the next one",
                        "template.indexOf('}', open)",
                        "template.lastIndexOf('}')")
                .bug(
                        "A value for which there is no place is refused",
                        BEGIN,
                        "for (String each : values.keySet()) { if (!template.contains(\"{\" + each + \"}\")) {"
                                + " throw new IllegalArgumentException(each); } } " + BEGIN)
                .bug(
                        "Names are looked up in small letters",
                        "values.get(name)",
                        "values.get(name.toLowerCase(java.util.Locale.ROOT))")
                .variant("by a regular expression that quotes the value", """
                        return java.util.regex.Pattern.compile("\\\\{([^}]*)}").matcher(template).replaceAll(place -> {
                            if (!values.containsKey(place.group(1))) {
                                throw new IllegalArgumentException("no value for " + place.group());
                            }
                            return java.util.regex.Matcher.quoteReplacement(values.get(place.group(1)));
                        });
                        """)
                .variant("char by char", """
                        String prompt = "";
                        String name = null;
                        for (char c : template.toCharArray()) {
                            if (c == '{') {
                                name = "";
                            } else if (name == null) {
                                prompt += c;
                            } else if (c != '}') {
                                name += c;
                            } else {
                                if (values.get(name) == null) {
                                    throw new IllegalArgumentException(name);
                                }
                                prompt += values.get(name);
                                name = null;
                            }
                        }
                        return prompt;
                        """)
                .hints(
                        "If you replace one name after the other, what happens to a value that holds {b}?",
                        "Go through the template once, from place to place, and write what comes out into"
                                + " another text.",
                        "Find the next { from at, and the } behind it; append what stands before and the value;"
                                + " at = close +"
                                + " 1. At the end append the rest.")
                .reading("The section \"Templates\" of this lesson");
    }

    private static Object drawn(Trial t) {
        StringBuilder template = new StringBuilder();
        String[] all = new String[10];
        for (int i = 0; i < 5; i++) {
            all[2 * i] = "n" + i;
            all[2 * i + 1] = letters(t.ints(26, 3)) + (i == 2 ? "{n4}" : "");
        }
        for (int i : t.ints(5, 12)) {
            template.append(letters(t.ints(26, 2))).append("{n").append(i).append('}');
        }
        return t.call(template.append(" end").toString(), values(all));
    }

    private static String letters(int... numbers) {
        StringBuilder text = new StringBuilder();
        for (int each : numbers) {
            text.append((char) ('a' + each));
        }
        return text.toString();
    }

    /// In this order.
    private static Map<String, String> values(String... namesAndValues) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return Collections.unmodifiableMap(values);
    }
}
