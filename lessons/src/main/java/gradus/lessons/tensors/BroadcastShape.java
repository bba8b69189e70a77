package gradus.lessons.tensors;

/// What shape comes out when two shapes are combined.
public final class BroadcastShape {
    private BroadcastShape() {}

    /// The shape of `x + y` for x of shape `a` and y of shape `b`. The shapes are laid over each other with
    /// their last axes together; where one of them has no axis, it counts as 1. Two sizes fit if they are
    /// equal or if one of them is 1, which is then stretched to the other. All sizes are at least 1; either
    /// shape may have no axes at all.
    ///
    /// @throws IllegalArgumentException if two sizes do not fit
    public static int[] shape(int[] a, int[] b) {
        // --- your answer
        int rank = Math.max(a.length, b.length);
        int[] shape = new int[rank];
        for (int i = 1; i <= rank; i++) { // the i-th axis from the end
            int one = i <= a.length ? a[a.length - i] : 1;
            int other = i <= b.length ? b[b.length - i] : 1;
            if (one != other && one != 1 && other != 1) {
                throw new IllegalArgumentException("sizes " + one + " and " + other + " do not fit");
            }
            shape[rank - i] = Math.max(one, other);
        }
        return shape;
        // ---
    }
}
