package gradus.lessons.prompt.data;

import static gradus.error.ConfigException.require;

/// What a model is asked to do, and an example of it: a row of the layout that `gradus finetune` knows as
/// Alpaca's.
///
/// @param input          what the instruction is about; empty where it says all itself
/// @param output         the answer
/// @param classification whether the answer is one of a few
public record InstructionTask(String instruction, String input, String output, boolean classification) {
    /// @throws gradus.error.ConfigException if there is no instruction
    public InstructionTask {
        require(!instruction.isBlank(), "an instruction must have at least one word");
    }
}
