package gradus.train.run;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// What somebody who mistyped a name most likely meant.
public final class Nearest {
    /// More mistakes than this share of the letters, and it is another name.
    private static final double MOST_MISTAKES = 0.4;

    private Nearest() {}

    public static Optional<String> to(String typed, Collection<String> names) {
        return names.stream()
                .min(Comparator.comparingInt(name -> distance(typed, name)))
                .filter(name -> distance(typed, name) <= MOST_MISTAKES * name.length());
    }

    /// How many letters to insert, delete or replace: `d(i, j)`, the distance of the first i letters of a from the
    /// first j of b, row by row. Levenshtein 1965.
    public static int distance(String a, String b) {
        int[] row = java.util.stream.IntStream.rangeClosed(0, b.length()).toArray();
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0]; // d(i-1, j-1)
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
