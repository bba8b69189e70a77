package gradus.lessons.sickruns;

/// How far the validation loss lies above the training loss.
public final class ValidationGap {
    private ValidationGap() {}

    /// For each evaluation its validation loss less the mean of the last training losses before it.
    ///
    /// `losses[i]` is the loss of step i + 1, taken before that step changed the weights. An evaluation at
    /// step s came after s steps; so the losses just before it are those of the steps s - window + 1 … s, and
    /// where there are not so many yet, of all the steps 1 … s. An evaluation at step 0 has none before it:
    /// its gap is NaN.
    ///
    /// @param losses      of each step
    /// @param evaluatedAt for each evaluation the number of steps before it, from 0 to the number of losses
    /// @param validation  for each evaluation its loss
    /// @param window      how many training losses to average, at least 1
    /// @return the gap of each evaluation
    public static double[] gaps(double[] losses, int[] evaluatedAt, double[] validation, int window) {
        // --- your answer
        double[] gaps = new double[validation.length];
        for (int k = 0; k < gaps.length; k++) {
            int end = evaluatedAt[k];
            int start = Math.max(0, end - window);
            double sum = 0;
            for (int i = start; i < end; i++) {
                sum += losses[i];
            }
            gaps[k] = validation[k] - sum / (end - start);
        }
        return gaps;
        // ---
    }
}
