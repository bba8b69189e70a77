package gradus.lessons.selfinstruct;

import java.util.List;

/// How alike two texts are.
public final class RougeScore {
    private RougeScore() {}

    /// ROUGE-L: how alike two texts are by the words that both have **in the same order**, with others between
    /// them or not. The most words that can be found so are their longest common subsequence; its length is
    /// LCS. With n and m words
    ///
    /// `P = LCS / n`, `R = LCS / m`, `F = 2·P·R / (P + R)`, which is `2·LCS / (n + m)`
    ///
    /// The result is F: 1 where the texts are the same, two empty ones among them; 0 where they have no word in
    /// common.
    ///
    /// LCS of the first i and the first j words is one more than that of the first i − 1 and j − 1, if the last
    /// words are equal; else it is the larger one of what is left without one of the two last words.
    ///
    /// @param a n words
    /// @param b m words
    public static double f(List<String> a, List<String> b) {
        // --- your answer
        int[][] common = new int[a.size() + 1][b.size() + 1]; // of the first i and the first j words
        for (int i = 1; i <= a.size(); i++) {
            for (int j = 1; j <= b.size(); j++) {
                common[i][j] = a.get(i - 1).equals(b.get(j - 1))
                        ? common[i - 1][j - 1] + 1
                        : Math.max(common[i - 1][j], common[i][j - 1]);
            }
        }
        int longest = common[a.size()][b.size()];
        int both = a.size() + b.size();
        return both == 0 ? 1 : 2.0 * longest / both;
        // ---
    }
}
