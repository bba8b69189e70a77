package gradus.lessons.chunks;

/// Distances that never grow beyond those of training.
public final class ChunkDistances {
    private ChunkDistances() {}

    /// The distance by which each query i is rotated against each key j, where a text of n positions is cut
    /// into chunks of s and the model was trained on c positions. A position's chunk is `i / s`, its place
    /// there `i mod s`.
    ///
    /// - Keys behind the query, `j > i`, are not seen: -1.
    /// - The same chunk: `i mod s - j mod s`.
    /// - The chunk just before: `min(s + i mod s, c - 1) - j mod s`.
    /// - Any earlier chunk: `c - 1 - j mod s`.
    ///
    /// @param length  n, 1 or more
    /// @param size    s, 1 or more
    /// @param trained c, above s
    /// @return n rows, one for each query, of n numbers
    public static int[][] distances(int length, int size, int trained) {
        // --- your answer
        int[][] distances = new int[length][length];
        for (int i = 0; i < length; i++) {
            for (int j = 0; j < length; j++) {
                int back = i / size - j / size;
                int place = back == 0 ? i % size : back == 1 ? Math.min(size + i % size, trained - 1) : trained - 1;
                distances[i][j] = j > i ? -1 : place - j % size;
            }
        }
        return distances;
        // ---
    }
}
