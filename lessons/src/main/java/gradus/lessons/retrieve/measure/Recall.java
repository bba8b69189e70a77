package gradus.lessons.retrieve.measure;

/// Which share of the relevant documents is among the first k.
///
/// `recall@k = |relevant among the first k| / R`, R: all relevant documents, found or not
///
/// @param k how many documents are looked at
public record Recall(int k) implements Measure {
    public Recall {
        Judged.cut(k);
    }

    @Override
    public String name() {
        return "recall@" + k;
    }

    @Override
    public double of(Judged judged) {
        return judged.hits(k) / (double) judged.relevant();
    }
}
