package gradus.lessons.lab.cloze;

import static gradus.error.ConfigException.require;

import gradus.train.cloze.AuxiliaryMaskedLm;
import java.nio.file.Path;
import java.util.List;

/// What the laboratory does.
///
/// @param out       the folder of the base, the results and the table
/// @param baseSteps steps of masked-language modelling
/// @param steps     the fewest steps of each fine-tuning
/// @param seeds     how many seeds, which draw the examples, their order and the new head
/// @param examples  how many of each class, rising
/// @param rates     the learning rates of which each way has its best
/// @param alpha     of [AuxiliaryMaskedLm]; 0 to leave that way out
record ClozePlan(
        Path out, int baseSteps, int steps, int seeds, List<Integer> examples, List<Double> rates, double alpha) {
    /// Examples of a step.
    static final int BATCH = 16;

    private static final int EPOCHS = 3;

    /// @throws gradus.error.ConfigException if a number is below 1, a rate is none, or α not from 0 to 1
    ClozePlan {
        require(baseSteps >= 1, "the steps of the base must be at least 1; got %d", baseSteps);
        require(steps >= 1, "the steps must be at least 1; got %d", steps);
        require(seeds >= 1, "there must be at least 1 seed; got %d", seeds);
        require(!examples.isEmpty(), "numbers of examples must be given");
        for (int each : examples) {
            require(
                    each >= 1 && each <= GlossData.MOST,
                    "examples of a class must be from 1 to %d; got %d",
                    GlossData.MOST,
                    each);
        }
        require(!rates.isEmpty(), "learning rates must be given");
        for (double rate : rates) {
            require(rate > 0 && Double.isFinite(rate), "a learning rate must be above 0; got %s", rate);
        }
        AuxiliaryMaskedLm.requireAlpha(alpha);
        examples = List.copyOf(examples);
        rates = List.copyOf(rates);
    }

    /// Without the auxiliary loss.
    ///
    /// @throws gradus.error.ConfigException if a number is below 1, or a rate is none
    ClozePlan(Path out, int baseSteps, int steps, int seeds, List<Integer> examples, List<Double> rates) {
        this(out, baseSteps, steps, seeds, examples, rates, 0);
    }

    /// Steps for so many examples of a class: at least three times through all of them.
    int steps(int examples) {
        return Math.max(steps, EPOCHS * examples * GlossData.CLASSES.size() / BATCH);
    }
}
