package gradus.lessons.retrieve.measure;

/// The precision at each relevant document's place, averaged over all relevant ones; those that are not among
/// the first k count 0. Its mean over questions is MAP.
///
/// `AP@k = 1/R · Σ_{i ≤ k, document i relevant} P@i`, R: all relevant documents, found or not
///
/// @param k how many documents are looked at
public record AveragePrecision(int k) implements Measure {
    public AveragePrecision {
        Judged.cut(k);
    }

    @Override
    public String name() {
        return "MAP@" + k;
    }

    @Override
    public double of(Judged judged) {
        int hits = 0;
        double sum = 0;
        for (int i = 0; i < Math.min(k, judged.ranking().size()); i++) {
            if (judged.grade(i) > 0) {
                hits++;
                sum += hits / (i + 1.0);
            }
        }
        return sum / judged.relevant();
    }
}
