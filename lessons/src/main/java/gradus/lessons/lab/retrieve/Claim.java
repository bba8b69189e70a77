package gradus.lessons.lab.retrieve;

import gradus.lessons.retrieve.measure.Measure;
import gradus.lessons.retrieve.measure.Ndcg;
import gradus.lessons.retrieve.measure.PairedRandomisation;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Predicate;

/// Something that is said of two ways of searching, and what was measured.
///
/// @param claim what is said: that one is better than the other
/// @param one   the mean nDCG@10 of the way that is said to be better
/// @param other that of the other
/// @param p     how probable a difference as large as this is if there were none, either way
record Claim(String claim, double one, double other, double p) {
    private static final Measure MEASURE = new Ndcg(10);
    private static final double SURE = 0.01;

    static Claim of(String claim, Rankings found, String one, String other, Predicate<Question> which) {
        double[] a = found.values(one, MEASURE, which);
        double[] b = found.values(other, MEASURE, which);
        return new Claim(claim, mean(a), mean(b), PairedRandomisation.pValue(a, b, 1));
    }

    static double mean(String way, Rankings found, Predicate<Question> which) {
        return mean(found.values(way, MEASURE, which));
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }

    /// It holds, its contrary does, or neither can be said.
    String verdict() {
        if (p >= SURE) {
            return "cannot be said";
        }
        return one > other ? "holds" : "does not hold: the contrary does";
    }

    String row() {
        return String.format(Locale.ROOT, "| %s | %.3f | %.3f | %s | %s |%n", claim, one, other, shown(p), verdict());
    }

    private static String shown(double p) {
        return p < 0.0002 ? "< 0.0002" : String.format(Locale.ROOT, "%.4f", p);
    }
}
