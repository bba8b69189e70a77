package gradus.lessons.lab.finetune;

import static gradus.error.ConfigException.require;

import java.nio.file.Path;
import java.util.List;

/// What the laboratory does.
///
/// @param out       the folder of the base, the results and the table
/// @param baseText  what the base reads
/// @param baseSteps steps that train the base
/// @param steps     steps of each fine-tuning
/// @param seeds     how many seeds each method's best learning rate is run with
/// @param methods   which methods, by their names; none for all
record LabPlan(Path out, BaseText baseText, int baseSteps, int steps, int seeds, List<String> methods) {
    /// Sequences of a step.
    static final int BATCH = 16;

    /// Tokens of a sequence.
    static final int SEQUENCE = 64;

    /// The longest sequence of the base: soft prompts take some of it.
    static final int CONTEXT = 96;

    /// @throws gradus.error.ConfigException if a number is below 1
    LabPlan {
        require(baseSteps >= 1, "the steps of the base must be at least 1; got %d", baseSteps);
        require(steps >= 1, "the steps must be at least 1; got %d", steps);
        require(seeds >= 1, "there must be at least 1 seed; got %d", seeds);
        methods = List.copyOf(methods);
    }
}
