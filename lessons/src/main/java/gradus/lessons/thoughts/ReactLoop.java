package gradus.lessons.thoughts;

import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A model that acts: it uses tools and reads what comes of it.
public final class ReactLoop {
    private ReactLoop() {}

    /// Lets a model act, step by step, until it finishes. The model reads the transcript, at first an empty
    /// text, and writes an action of the form `tool[input]`. Its first `[` and its last char, `]`, stand around
    /// the input.
    ///
    /// - `finish[answer]` ends it, with this answer. No tool has that name.
    /// - Any other action uses the tool of that name with the input. What it brings is the **observation**.
    /// - A tool that throws a `RuntimeException` does not end it: the observation is `Error: ` and the
    ///   exception's message, and the model may try something else. If there is no such tool, it is
    ///   `Error: there is no tool ` and the name.
    ///
    /// After step i (from 1) two lines are added to the transcript, with the action as the model wrote it:
    ///
    /// `Action i: tool[input]⏎Observation i: what came of it⏎`, where ⏎ is `\n`
    ///
    /// @param model from transcript to action
    /// @param tools by their names
    /// @param most  how many actions the model may write, `finish` among them
    /// @return the answer; empty if the model has not finished after `most` actions
    public static Optional<String> run(
            UnaryOperator<String> model, Map<String, UnaryOperator<String>> tools, int most) {
        // --- your answer
        String transcript = "";
        for (int i = 1; i <= most; i++) {
            String action = model.apply(transcript);
            int open = action.indexOf('[');
            String tool = action.substring(0, open);
            String input = action.substring(open + 1, action.length() - 1);
            if (tool.equals("finish")) {
                return Optional.of(input);
            }
            String observation = "Error: there is no tool " + tool;
            if (tools.containsKey(tool)) {
                try {
                    observation = tools.get(tool).apply(input);
                } catch (RuntimeException e) {
                    observation = "Error: " + e.getMessage();
                }
            }
            transcript += "Action " + i + ": " + action + "\nObservation " + i + ": " + observation + "\n";
        }
        return Optional.empty();
        // ---
    }
}
