package gradus.lessons.embeddings;

import java.util.Comparator;
import java.util.stream.IntStream;

/// Which words are alike.
public final class Neighbours {
    private Neighbours() {}

    /// The k words whose rows are most alike to a word's row, by the cosine of the angle between them:
    /// `cos(a, b) = a·b / (‖a‖·‖b‖)`, where `‖a‖ = √Σ a[c]²`. A row of zeros has the cosine 0 with every row.
    /// The word itself is not among its neighbours. Where two have the same cosine, the one with the lower
    /// number comes first.
    ///
    /// @param table one row for each word
    /// @param word  the number of its row
    /// @param k     from 0 to the number of the other words
    /// @return the numbers of k rows, the most alike first
    public static int[] nearest(double[][] table, int word, int k) {
        // --- your answer
        double[] cosine = new double[table.length];
        for (int i = 0; i < table.length; i++) {
            double dot = 0;
            double ours = 0;
            double theirs = 0;
            for (int c = 0; c < table[i].length; c++) {
                dot += table[word][c] * table[i][c];
                ours += table[word][c] * table[word][c];
                theirs += table[i][c] * table[i][c];
            }
            cosine[i] = ours == 0 || theirs == 0 ? 0 : dot / Math.sqrt(ours) / Math.sqrt(theirs);
        }
        Comparator<Integer> mostAlike = (i, j) -> Double.compare(cosine[j], cosine[i]);
        return IntStream.range(0, table.length)
                .filter(i -> i != word)
                .boxed()
                .sorted(mostAlike)
                .limit(k)
                .mapToInt(i -> i)
                .toArray();
        // ---
    }
}
