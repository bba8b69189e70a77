package gradus.lessons.sickruns;

import java.util.Arrays;

/// Steps whose loss stands far above those before.
public final class LossSpikes {
    private LossSpikes() {}

    /// The steps whose loss is a spike, counted from 0, in ascending order. All losses are finite.
    ///
    /// Step i is a spike if `xᵢ - m > factor·1.4826·MAD`, where m is the median of the `width` losses just
    /// before it, `xᵢ₋width … xᵢ₋₁`, and MAD is the median of their distances `|x - m|` from it: a measure of
    /// noise that a few wild numbers do not change. (For normally distributed noise 1.4826·MAD is the
    /// standard deviation.) The median of an even number of values is the mean of the two in the middle.
    /// Steps 0 … width - 1 are not judged.
    ///
    /// @param losses of each step
    /// @param width  how many losses to look back, at least 1
    /// @param factor how many deviations are too many, at least 0
    public static int[] spikes(double[] losses, int width, double factor) {
        // --- your answer
        int[] found = new int[losses.length];
        int count = 0;
        for (int i = width; i < losses.length; i++) {
            double[] before = Arrays.copyOfRange(losses, i - width, i);
            Arrays.sort(before);
            double median = (before[(width - 1) / 2] + before[width / 2]) / 2;
            double[] distances = new double[width];
            for (int j = 0; j < width; j++) {
                distances[j] = Math.abs(before[j] - median);
            }
            Arrays.sort(distances);
            double mad = (distances[(width - 1) / 2] + distances[width / 2]) / 2;
            if (losses[i] - median > factor * 1.4826 * mad) {
                found[count++] = i;
            }
        }
        return Arrays.copyOf(found, count);
        // ---
    }
}
