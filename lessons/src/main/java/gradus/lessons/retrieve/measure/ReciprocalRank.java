package gradus.lessons.retrieve.measure;

/// One over the rank of the first relevant document, 0 if none is among the first k. Its mean over questions is
/// MRR.
///
/// `RR@k = 1 / min {i ≤ k: document i is relevant}`
///
/// @param k how many documents are looked at
public record ReciprocalRank(int k) implements Measure {
    public ReciprocalRank {
        Judged.cut(k);
    }

    @Override
    public String name() {
        return "MRR@" + k;
    }

    @Override
    public double of(Judged judged) {
        for (int i = 0; i < Math.min(k, judged.ranking().size()); i++) {
            if (judged.grade(i) > 0) {
                return 1.0 / (i + 1);
            }
        }
        return 0;
    }
}
