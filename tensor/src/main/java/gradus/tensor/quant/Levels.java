package gradus.tensor.quant;

/// Finds the nearest of some rising levels: a search among the midpoints between neighbours, computed in
/// float32. A tie goes to the lower level.
final class Levels {
    private final float[] midpoints;

    Levels(float[] levels) {
        midpoints = new float[levels.length - 1];
        for (int i = 0; i < midpoints.length; i++) {
            midpoints[i] = (levels[i] + levels[i + 1]) / 2;
        }
    }

    /// The number of the level nearest to a value.
    int of(float value) {
        int below = 0; // midpoints before this one are less than the value
        int rest = midpoints.length;
        while (rest > 0) {
            int half = rest / 2;
            if (midpoints[below + half] < value) {
                below += half + 1;
                rest -= half + 1;
            } else {
                rest = half;
            }
        }
        return below;
    }

    /// The largest magnitude of some elements.
    static float largest(float[] values, int from, int count) {
        float largest = 0;
        for (int i = from; i < from + count; i++) {
            largest = Math.max(largest, Math.abs(values[i]));
        }
        return largest;
    }
}
