package gradus.lessons.prompt;

import static gradus.error.ConfigException.require;

import gradus.error.Printable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// A model that answers by a script, so that the flow of a program around it can be tested.
/// ```java
/// ScriptedModel model = ScriptedModel.empty()
///         .when(prompt -> prompt.contains("Rewrite"), "large cats with stripes")
///         .then("tigers [1]");
/// ```
/// Rules are tried first, in their order; then the answers that were put in a row come, one by one. All that is
/// asked and answered is kept in a transcript. Answers end at stop strings, as those of a real model do.
///
/// **Threads.** Any number may ask at the same time.
public final class ScriptedModel implements TextModel {
    private record Rule(Predicate<String> applies, Function<String, String> answer) {}

    private final List<Rule> rules = new ArrayList<>();
    private final Deque<String> row = new ArrayDeque<>();
    private final List<Exchange> transcript = new ArrayList<>();
    private Scorer scorer;

    private ScriptedModel() {}

    /// One without answers.
    public static ScriptedModel empty() {
        return new ScriptedModel();
    }

    /// One that gives these answers in their order.
    public static ScriptedModel inOrder(String... answers) {
        ScriptedModel model = new ScriptedModel();
        for (String answer : answers) {
            model.then(answer);
        }
        return model;
    }

    /// Adds an answer to the row.
    public synchronized ScriptedModel then(String answer) {
        row.addLast(answer);
        return this;
    }

    /// Adds a rule.
    public ScriptedModel when(Predicate<String> prompt, String answer) {
        return when(prompt, asked -> answer);
    }

    /// Adds a rule whose answer depends on the prompt.
    public synchronized ScriptedModel when(Predicate<String> prompt, Function<String, String> answer) {
        rules.add(new Rule(prompt, answer));
        return this;
    }

    /// Says how likely texts are; without it the model is one that does not tell.
    public synchronized ScriptedModel scoring(Scorer other) {
        scorer = other;
        return this;
    }

    @Override
    public synchronized Optional<Scorer> scorer() {
        return Optional.ofNullable(scorer);
    }

    /// @throws gradus.error.ConfigException if the script has no answer
    @Override
    public synchronized String complete(String prompt, CompletionOptions options) {
        Optional<Rule> rule =
                rules.stream().filter(each -> each.applies.test(prompt)).findFirst();
        require(
                rule.isPresent() || !row.isEmpty(),
                "the script has no answer number %d, to: %s",
                transcript.size() + 1,
                Printable.value(prompt));
        String answer = options.cut(rule.isPresent() ? rule.get().answer.apply(prompt) : row.removeFirst());
        transcript.add(new Exchange(prompt, options, answer));
        return answer;
    }

    /// What was asked and answered so far.
    public synchronized List<Exchange> transcript() {
        return List.copyOf(transcript);
    }

    /// What was asked so far.
    public List<String> prompts() {
        return transcript().stream().map(Exchange::prompt).toList();
    }
}
