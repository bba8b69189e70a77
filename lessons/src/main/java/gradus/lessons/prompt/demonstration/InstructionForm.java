package gradus.lessons.prompt.demonstration;

import static gradus.error.ConfigException.require;

import java.util.List;

/// An order to a model that heeds orders. What is to be done is said; demonstrations, if any, are called
/// examples.
/// ```text
/// Add the numbers. Write the result alone.
///
/// Examples:
/// Input: 2 + 2
/// Output: 4
///
/// Input: 3 + 4
/// Output:
/// ```
///
/// @param instruction what is to be done
public record InstructionForm(String instruction) implements TaskForm {
    private static final CompletionForm PAIRS = new CompletionForm("Input:", "Output:");

    /// @throws gradus.error.ConfigException if the instruction is empty
    public InstructionForm {
        require(!instruction.isBlank(), "the instruction must not be empty");
    }

    @Override
    public String prompt(List<Demonstration> demonstrations, String question) {
        return instruction.strip()
                + (demonstrations.isEmpty() ? "\n\n" : "\n\nExamples:\n")
                + PAIRS.prompt(demonstrations, question);
    }

    @Override
    public String end() {
        return PAIRS.end();
    }
}
