package gradus.lessons.lab.prefer;

/// How large the experiment is.
///
/// @param words       that are learned
/// @param taughtSteps steps that teach the model what the words mean
/// @param taughtLr    their learning rate
/// @param batch       examples of such a step
/// @param pairs       pairs of a step of direct preference optimisation
/// @param lr          its learning rate
/// @param beta        its β
record PreferPlan(int words, int taughtSteps, double taughtLr, int batch, int pairs, double lr, double beta) {
    /// The usual rates.
    static PreferPlan of(int words, int taughtSteps) {
        return new PreferPlan(words, taughtSteps, 2e-3, 32, 16, 2e-4, 0.1);
    }
}
