package gradus.lessons.tensors;

/// Where an element lies in memory.
public final class Offset {
    private Offset() {}

    /// The place in memory of the element with this index, in a tensor of these sizes. Elements lie row by
    /// row: the last index runs fastest, so that a step along an axis jumps over as many numbers as all later
    /// axes hold.
    ///
    /// `offset = Σₐ index[a] · stride[a]`, where `stride[a] = dims[a + 1] · dims[a + 2] · …`, and 1 for the
    /// last axis.
    ///
    /// A negative index counts from the end: -1 is the last place of its axis, `-dims[a]` the first. A tensor
    /// with no axes has one element, at 0. There are as many indices as axes.
    ///
    /// @throws IllegalArgumentException if an index lies outside its own axis, even where the sum would still
    ///     be a place in memory
    public static int offset(int[] dims, int[] index) {
        // --- your answer
        int offset = 0;
        for (int axis = 0; axis < dims.length; axis++) {
            int i = index[axis] < 0 ? index[axis] + dims[axis] : index[axis];
            if (i < 0 || i >= dims[axis]) {
                throw new IllegalArgumentException("index " + index[axis] + " is outside an axis of " + dims[axis]);
            }
            offset = offset * dims[axis] + i;
        }
        return offset;
        // ---
    }
}
