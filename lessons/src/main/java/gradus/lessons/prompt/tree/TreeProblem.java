package gradus.lessons.prompt.tree;

import java.util.List;

/// A problem that is solved thought by thought. A state is a text: the thoughts so far, one a line, empty at
/// the root. [Game24] is one; to write another, say what the model is asked and which of its thoughts are
/// allowed.
public interface TreeProblem {
    /// How many thoughts lead to a solution at most.
    int steps();

    /// Asks for one next thought: see [SampledThoughts].
    String thoughtPrompt(String state);

    /// Asks for several next thoughts, one a line: see [ProposedThoughts].
    String proposalPrompt(String state);

    /// Asks how promising a state is: see [ValueScore].
    String valuePrompt(String state);

    /// What an answer to [#valuePrompt] is worth: at least 0, more is better.
    double value(String answer);

    /// Asks which of several states is the most promising, by their numbers from 1: see [VoteScore].
    String votePrompt(List<String> states);

    /// The states that a model's answer leads to from a state: one for each thought in it that is allowed.
    List<String> next(String state, String answer);

    /// Whether a state is a solution.
    boolean isSolved(String state);

    /// The solution that a state is, or the best that can be made of it.
    String answer(String state);

    /// A state with one more thought.
    static String with(String state, String thought) {
        return state.isEmpty() ? thought : state + "\n" + thought;
    }
}
