package gradus.lessons.prompt.tree;

import static gradus.error.ConfigException.require;

import gradus.lessons.prompt.answer.AnswerExtractor;
import gradus.lessons.prompt.demonstration.TaskForm;
import java.util.ArrayList;
import java.util.List;

/// Any question, whose answer is thought of in steps of a line each. A line with `The answer is` ends it.
///
/// @param steps     the most lines
/// @param extractor takes the answer from what stands behind `The answer is`
public record StepwiseQuestion(String question, int steps, AnswerExtractor extractor) implements TreeProblem {
    private static final String MARKER = "The answer is";

    /// @throws gradus.error.ConfigException unless steps ≥ 1
    public StepwiseQuestion {
        require(steps >= 1, "the most steps must be at least 1; got %d", steps);
        question = TaskForm.line(question);
    }

    private String task(String what) {
        return what + "\n\nQuestion: " + question + "\n";
    }

    @Override
    public String thoughtPrompt(String state) {
        return task("Answer the question step by step, one step a line. The last line begins with: " + MARKER)
                + "Steps:\n" + (state.isEmpty() ? "" : state + "\n");
    }

    @Override
    public String proposalPrompt(String state) {
        return task("Write possible next steps towards the answer, each on a line of its own. A step that says the"
                        + " answer begins with: " + MARKER)
                + "Steps so far:\n" + (state.isEmpty() ? "none\n" : state + "\n") + "Possible next steps:\n";
    }

    @Override
    public String valuePrompt(String state) {
        return task("Say whether these steps lead to the right answer: sure, likely or impossible.") + "Steps:\n"
                + state + "\nVerdict:";
    }

    /// 20 for `sure`, 1 for `likely`, 0.001 for `impossible`, 0 for anything else. The word must be all of the
    /// last line.
    @Override
    public double value(String answer) {
        return Verdict.value(answer);
    }

    @Override
    public String votePrompt(List<String> states) {
        StringBuilder prompt =
                new StringBuilder(task("Which of these beginnings is the best? Write the best choice's number last."));
        for (int i = 0; i < states.size(); i++) {
            prompt.append("\nChoice ")
                    .append(i + 1)
                    .append(":\n")
                    .append(states.get(i))
                    .append('\n');
        }
        return prompt.append("\nThe best choice is").toString();
    }

    /// Each line that is not blank, without its number or bullet.
    @Override
    public List<String> next(String state, String answer) {
        List<String> states = new ArrayList<>();
        for (String line : answer.split("\\R")) {
            String thought = TaskForm.item(line);
            if (!thought.isEmpty()) {
                states.add(TreeProblem.with(state, thought));
            }
        }
        return states;
    }

    @Override
    public boolean isSolved(String state) {
        return AnswerExtractor.after(MARKER, extractor).extract(last(state)).isPresent();
    }

    /// What stands behind the marker, else the last line.
    @Override
    public String answer(String state) {
        return AnswerExtractor.after(MARKER, extractor).extract(last(state)).orElse(last(state));
    }

    private static String last(String state) {
        return state.substring(state.lastIndexOf('\n') + 1);
    }
}
