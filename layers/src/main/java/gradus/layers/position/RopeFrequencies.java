package gradus.layers.position;

import static gradus.error.ConfigException.require;

import gradus.tensor.type.Indices;
import java.util.Arrays;

/// How fast each pair of channels rotates in [Rope]: at position p, pair i is rotated by the angle `p·θᵢ`.
///
/// The plain frequencies are `θᵢ = base^(-2i/D)`. The others let a model that was trained on L positions read
/// longer sequences, by rotating some pairs more slowly. Each is a short record named after its paper.
/// Frequencies of your own are a record too, or a function of head size and length.
public interface RopeFrequencies {

    /// Positions beyond this limit are refused, since they are probably a mistake: a table for them would
    /// need gigabytes.
    int LONGEST = 1 << 26;

    /// `θ₀ … θ_{D/2-1}`, in radians a position.
    ///
    /// @param headDim D, even
    /// @param length  n, the length of the sequence; most kinds ignore it
    /// @throws gradus.error.ConfigException if D is odd
    double[] angles(int headDim, int length);

    /// The factor by which cosines and sines are multiplied. Queries and keys both grow by it, so logits grow
    /// by its square.
    default double factor() {
        return 1;
    }

    /// Whether [#angles] depends on the length. If so, keys of a cache rotated at one length are wrong at
    /// the next: the cache must hold them before they are rotated.
    default boolean dependOnLength() {
        return false;
    }

    /// `base^(-2i/D)` for every pair.
    static double[] powers(double base, int headDim) {
        require(headDim >= 2 && headDim % 2 == 0, "RoPE: the head size must be even; got %d", headDim);
        double[] angles = new double[headDim / 2];
        for (int i = 0; i < angles.length; i++) {
            angles[i] = Math.pow(base, -2.0 * i / headDim);
        }
        return angles;
    }

    /// The base with which the slowest pair rotates exactly `scale` times more slowly, and the fastest pair
    /// as before.
    static double stretchedBase(double base, double scale, int headDim) {
        require(
                headDim != 2,
                "RoPE: a changed base needs a head size above 2; got 2, whose only pair does not depend on the base");
        return base * Math.pow(scale, headDim / (headDim - 2.0));
    }

    /// The length of a sequence that has these positions: one more than the largest.
    ///
    /// @throws gradus.error.ConfigException if none are given, or one is so large that no table could hold it
    static int length(String name, Indices positions) {
        require(positions != null, "%s: positions must be given; got null", name);
        int largest = Arrays.stream(positions.values()).max().orElse(0);
        require(largest < LONGEST, "%s: positions must be below %d; got %d", name, LONGEST, largest);
        return 1 + largest;
    }

    /// The rows of a table for a sequence, which grows by doubling: the next power of 2, at least 16.
    static int tableRows(int length) {
        return Math.max(16, Integer.highestOneBit(length - 1) << 1);
    }

    /// Throws if the base is not a number above 0.
    static void requireBase(String name, double base) {
        require(base > 0 && Double.isFinite(base), "%s: base (theta) must be above 0 and finite; got %s", name, base);
    }

    /// Refuses a scale that would shorten the context.
    static void requireScale(String name, double scale) {
        require(scale >= 1 && Double.isFinite(scale), "%s: scale must be at least 1 and finite; got %s", name, scale);
    }

    /// Refuses a context of no positions.
    static void requireTrained(String name, int trainedLength) {
        require(trainedLength >= 1, "%s: trainedLength must be at least 1; got %d", name, trainedLength);
    }
}
