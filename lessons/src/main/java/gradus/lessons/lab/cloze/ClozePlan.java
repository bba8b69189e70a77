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
/// @param most      up to so many examples of each class, the other ways and the controls are measured too
/// @param seeds     how many seeds, which draw the examples, their order and the new head
/// @param examples  how many of each class, in any order; kept rising
/// @param rates     the learning rates of which each way has its best
/// @param alpha     of [AuxiliaryMaskedLm]; 0 to leave that way out
record ClozePlan(
        Path out,
        int baseSteps,
        int steps,
        int most,
        int seeds,
        List<Integer> examples,
        List<Double> rates,
        double alpha) {
    /// Examples of a step.
    static final int BATCH = 16;

    private static final int FEWEST_EPOCHS = 3; // of BERT's own recipe
    private static final int EPOCHS = 20; // for small data: Mosbach et al. 2021, arXiv:2006.04884
    private static final int ENOUGH = 5; // times the fewest steps, which no more epochs are needed for

    /// @throws gradus.error.ConfigException if a number is below 1, a rate is none, or α not from 0 to 1
    ClozePlan {
        require(baseSteps >= 1, "the steps of the base must be at least 1; got %d", baseSteps);
        require(steps >= 1, "the steps must be at least 1; got %d", steps);
        require(most >= 0, "examples for the other ways must be at least 0; got %d", most);
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
        examples = examples.stream().sorted().distinct().toList();
        rates = List.copyOf(rates);
    }

    /// Without the auxiliary loss.
    ///
    /// @throws gradus.error.ConfigException if a number is below 1, or a rate is none
    ClozePlan(Path out, int baseSteps, int steps, int seeds, List<Integer> examples, List<Double> rates) {
        this(out, baseSteps, steps, Integer.MAX_VALUE, seeds, examples, rates, 0);
    }

    /// Steps for so many examples of a class, the same for every way: 20 times through all of them, as is needed
    /// for a new head to be trained in the end; but five times [#steps] is enough, if that is three times through
    /// all of them.
    int steps(int examples) {
        int epoch = examples * GlossData.CLASSES.size() / BATCH;
        return Math.max(Math.max(steps, FEWEST_EPOCHS * epoch), Math.min(EPOCHS * epoch, ENOUGH * steps));
    }
}
