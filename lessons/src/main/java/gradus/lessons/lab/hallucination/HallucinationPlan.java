package gradus.lessons.lab.hallucination;

import static gradus.error.ConfigException.require;

import gradus.lessons.lab.knowledge.KnowledgePlan;

/// How much is done.
///
/// @param base         the country and the model that answers about it
/// @param draws        statements that a profile tells
/// @param profileSteps steps that train the model of a profile
/// @param edits        facts that are edited, each for itself
record HallucinationPlan(KnowledgePlan base, int draws, int profileSteps, int edits) {
    /// Channels of a profile's model.
    static final int DIM = 32;

    /// @throws gradus.error.ConfigException if a number is out of range
    HallucinationPlan {
        require(draws >= 24 && draws <= 5000, "the statements told must be 24 to 5000; got %s", draws);
        require(profileSteps >= 3, "the steps of a profile must be at least 3; got %s", profileSteps);
        require(edits >= 1, "there must be at least 1 edit; got %s", edits);
    }
}
