package gradus.lessons.experts;

/// Who finds room where every expert takes only so many tokens.
public final class ExpertCapacity {
    private ExpertCapacity() {}

    /// Token n wishes for the experts `wishes[n][0]`, `wishes[n][1]`, …, the most important first; all tokens
    /// have equally many wishes, and no token wishes for one expert twice. An expert takes `capacity` tokens
    /// and drops all that come later. First the first wishes of all tokens are dealt with, in the order of
    /// the tokens; then the second wishes of all tokens, and so on. A dropped wish takes no room anywhere.
    ///
    /// @param experts  E; wishes are from 0 to E - 1
    /// @param capacity of each expert, 0 or more
    /// @return for each token and wish 1 if it found room, else 0
    public static int[][] admitted(int[][] wishes, int experts, int capacity) {
        // --- your answer
        int[][] admitted = new int[wishes.length][wishes[0].length];
        int[] taken = new int[experts];
        for (int choice = 0; choice < wishes[0].length; choice++) {
            for (int n = 0; n < wishes.length; n++) {
                int expert = wishes[n][choice];
                if (taken[expert] < capacity) {
                    taken[expert]++;
                    admitted[n][choice] = 1;
                }
            }
        }
        return admitted;
        // ---
    }
}
