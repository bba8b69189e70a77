package gradus.lessons.lab.reasoning;

import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.demonstration.Demonstration;
import gradus.lessons.prompt.method.FewShotChain;
import gradus.lessons.prompt.method.ZeroShotChain;
import gradus.tensor.random.Rng;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What made-up words mean today: each adds a number from 1 to 6. As a [TextModel] it is the teacher that
/// knows.
/// ```text
/// Q: 5 wug is 8. 7 wug?      the word's meaning can be worked out
/// A: wug3. 7+3=10. The answer is 10.
///
/// Q: 4 wug?                  it cannot: one must have seen wug before
/// A: wug3. 4+3=7. The answer is 7.
/// ```
///
/// @param adds by word
record RuleWorld(Map<String, Integer> adds) implements TextModel {
    /// All words.
    static final List<String> WORDS = List.of("wug", "dax", "blick", "zup");

    private static final int LARGEST = 6;
    private static final Pattern ASKED = Pattern.compile("(?s).*\nQ: (?:[^\n]*\\. )?(\\d+) (\\w+)\\?");
    private static final Pattern SUM = Pattern.compile("(?s).*=(\\d+)\\.");

    /// A world of its own for each of these numbers.
    static RuleWorld of(Rng rng) {
        Map<String, Integer> adds = new LinkedHashMap<>();
        for (int i = 0; i < WORDS.size(); i++) {
            adds.put(WORDS.get(i), 1 + rng.index(i, LARGEST));
        }
        return new RuleWorld(adds);
    }

    /// A question whose word must be known.
    static String plain(String word, Rng rng) {
        return 1 + rng.index(0, LARGEST) + " " + word + "?";
    }

    /// A question that shows what its word does.
    String shown(String word, Rng rng) {
        int a = 1 + rng.index(1, LARGEST);
        return a + " " + word + " is " + (a + adds.get(word)) + ". " + plain(word, rng);
    }

    /// What a word does: `wug3`, it adds 3.
    String rule(String word) {
        return word + adds.get(word);
    }

    /// The answer to a question.
    String answer(String question) {
        Matcher asked = asked("\nQ: " + question);
        return Integer.toString(Integer.parseInt(asked.group(1)) + adds.get(asked.group(2)));
    }

    /// A question with the true answer and its rationale.
    Demonstration demonstration(String question) {
        return new Demonstration(question, rationale(asked("\nQ: " + question)), answer(question));
    }

    private static Matcher asked(String text) {
        Matcher asked = ASKED.matcher(text);
        if (!asked.lookingAt()) {
            throw new IllegalArgumentException("no question: " + text);
        }
        return asked;
    }

    private String rationale(Matcher asked) {
        int a = Integer.parseInt(asked.group(1));
        int b = adds.get(asked.group(2));
        return rule(asked.group(2)) + ". " + a + "+" + b + "=" + (a + b) + ".";
    }

    @Override
    public String complete(String prompt, CompletionOptions options) {
        if (prompt.endsWith(ZeroShotChain.CLOSING)) {
            Matcher sum = SUM.matcher(prompt);
            if (!sum.lookingAt()) {
                throw new IllegalArgumentException("no sum: " + prompt);
            }
            return " " + sum.group(1);
        }
        Matcher asked = asked("\n" + prompt);
        String rationale = " " + rationale(asked);
        return prompt.endsWith(ZeroShotChain.TRIGGER)
                ? rationale
                : rationale + " " + FewShotChain.MARKER + " " + answer(asked.group(1) + " " + asked.group(2) + "?")
                        + ".";
    }
}
