package gradus.lessons.retrieve.measure;

/// Which share of the first k documents is relevant. Fewer than k found count as if irrelevant ones followed.
///
/// `P@k = |relevant among the first k| / k`
///
/// @param k how many documents are looked at
public record Precision(int k) implements Measure {
    public Precision {
        Judged.cut(k);
    }

    @Override
    public String name() {
        return "precision@" + k;
    }

    /// Where fewer than k documents are relevant, even a perfect ranking does not reach 1.
    @Override
    public double of(Judged judged) {
        return judged.hits(k) / (double) k;
    }
}
