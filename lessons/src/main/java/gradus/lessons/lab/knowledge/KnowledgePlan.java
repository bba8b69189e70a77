package gradus.lessons.lab.knowledge;

import static gradus.error.ConfigException.require;

/// How much is done.
///
/// @param old       persons that the base knows
/// @param fresh     persons of whom it is told
/// @param dim       channels of the model
/// @param baseSteps steps that train the base
/// @param tuneSteps steps that teach the new facts to the weights
/// @param seeds     how many countries and models
public record KnowledgePlan(int old, int fresh, int dim, int baseSteps, int tuneSteps, int seeds) {
    static final double BASE_LR = 1e-2;
    static final double TUNE_LR = 2e-3;
    /// Steps after which one fact is given up.
    static final int MOST_STEPS = 40;
    /// Questions of each kind that are asked, at most.
    static final int ASKED = 32;

    /// @throws gradus.error.ConfigException if a number is out of range
    public KnowledgePlan {
        require(old >= 8 && old <= 400, "the old persons must be 8 to 400; got %s", old);
        require(fresh >= 2 && fresh <= 32, "the new persons must be 2 to 32, for the context's sake; got %s", fresh);
        require(
                dim >= SmallModel.HEADS && dim % SmallModel.HEADS == 0,
                "the channels must be a multiple of the %s heads; got %s",
                SmallModel.HEADS,
                dim);
        require(baseSteps >= 1, "the steps of the base must be at least 1; got %s", baseSteps);
        require(tuneSteps >= 1, "the steps of the tuning must be at least 1; got %s", tuneSteps);
        require(seeds >= 1, "there must be at least 1 seed; got %s", seeds);
    }
}
