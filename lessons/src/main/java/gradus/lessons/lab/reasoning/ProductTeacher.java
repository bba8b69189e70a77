package gradus.lessons.lab.reasoning;

import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.TextModel;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Answers the prompts of [gradus.lessons.prompt.react.ReAct] that ask for a product: with a calculator it
/// calls it and says what it has brought; without one it says the product at once. The pupil of the part
/// `react` learns what it writes.
final class ProductTeacher implements TextModel {
    private static final Pattern QUESTION = Pattern.compile("Question: .*?(\\d+)\\D+(\\d+)");
    private static final Pattern OBSERVED = Pattern.compile("\n> (.*)\n");

    @Override
    public String complete(String prompt, CompletionOptions options) {
        Matcher question = QUESTION.matcher(prompt);
        if (!question.find()) {
            throw new IllegalArgumentException("no product is asked for: " + prompt);
        }
        long a = Long.parseLong(question.group(1));
        long b = Long.parseLong(question.group(2));
        if (!prompt.contains("calculate[input]")) {
            return " I know it.\nAction 1: finish[" + a * b + "]";
        }
        String last = OBSERVED.matcher(prompt)
                .results()
                .map(MatchResult::group)
                .reduce((first, second) -> second)
                .orElse("");
        return last.isEmpty()
                ? " I must multiply.\nAction 1: calculate[" + a + " * " + b + "]"
                : " That is it.\nAction 2: finish[" + last.strip().substring(1).strip() + "]";
    }
}
