package gradus.lessons.prompt.data;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// How alike two texts are by their longest common subsequence of words, LCS: with n and m words,
///
/// `P = LCS / n`, `R = LCS / m`, `F = 2·P·R / (P + R) = 2·LCS / (n + m)`
///
/// It is symmetric, and 1 just where the words are the same. Words are runs of a–z and 0–9 in lower case, as in
/// Google's rouge-score without a stemmer. Lin 2004, *ROUGE*. Cost n·m.
public final class RougeL {
    private RougeL() {}

    /// The words of a text.
    public static List<String> words(String text) {
        String plain =
                text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", " ").strip();
        return plain.isEmpty() ? List.of() : Arrays.asList(plain.split(" "));
    }

    /// F of two lists of words; 1 of two empty ones, 0 of an empty one and another.
    public static double f(List<String> a, List<String> b) {
        int both = a.size() + b.size();
        return both == 0 ? 1 : 2.0 * commonSubsequence(a, b) / both;
    }

    /// F of the words of two texts.
    public static double f(String a, String b) {
        return f(words(a), words(b));
    }

    /// `L[i][j] = L[i−1][j−1] + 1` where the words are the same, else `max(L[i−1][j], L[i][j−1])`; one row is
    /// kept.
    static int commonSubsequence(List<String> a, List<String> b) {
        int[] row = new int[b.size() + 1];
        for (String word : a) {
            int diagonal = 0;
            for (int j = 1; j <= b.size(); j++) {
                int above = row[j];
                row[j] = word.equals(b.get(j - 1)) ? diagonal + 1 : Math.max(above, row[j - 1]);
                diagonal = above;
            }
        }
        return row[b.size()];
    }
}
