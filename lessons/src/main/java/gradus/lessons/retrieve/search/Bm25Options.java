package gradus.lessons.retrieve.search;

import static gradus.error.ConfigException.require;

/// The settings of BM25.
///
/// @param k1           how much a repeated term adds: 0 counts it once, larger values come nearer to
///                     proportional
/// @param b            how much long documents are held back: 0 not at all, 1 in proportion to their length
/// @param exactLengths whether lengths are counted exactly; otherwise in one byte, as Lucene keeps them
public record Bm25Options(double k1, double b, boolean exactLengths) {
    /// @throws gradus.error.ConfigException if a setting is outside its range
    public Bm25Options {
        require(k1 >= 0 && k1 < Double.POSITIVE_INFINITY, "k1 must be finite and not negative; got %s", k1);
        require(b >= 0 && b <= 1, "b must be from 0 to 1; got %s", b);
    }

    /// As in Lucene: k1 1.2, b 0.75; with exact lengths.
    public static Bm25Options defaults() {
        return new Bm25Options(1.2, 0.75, true);
    }

    /// The same with another k1.
    public Bm25Options withK1(double other) {
        return new Bm25Options(other, b, exactLengths);
    }

    /// The same with another b.
    public Bm25Options withB(double other) {
        return new Bm25Options(k1, other, exactLengths);
    }

    /// The same with exact lengths or with Lucene's.
    public Bm25Options withExactLengths(boolean other) {
        return new Bm25Options(k1, b, other);
    }
}
