package gradus.lessons.retrieve.measure;

import java.util.Comparator;

/// Normalised discounted cumulative gain: relevant documents count by their grade, and less the further down
/// they stand, as a share of what the best possible order would get.
///
/// `DCG@k = Σ_{i=1…k} grade_i / log₂(i + 1)`, `nDCG@k = DCG@k / DCG@k of all grades, sorted downwards`
///
/// Järvelin & Kekäläinen 2002, *Cumulated gain-based evaluation of IR techniques*. The gain is the grade
/// itself, as trec_eval has it; others take 2^grade − 1.
///
/// @param k how many documents are looked at
public record Ndcg(int k) implements Measure {
    public Ndcg {
        Judged.cut(k);
    }

    @Override
    public String name() {
        return "nDCG@" + k;
    }

    @Override
    public double of(Judged judged) {
        double dcg = 0;
        for (int i = 0; i < Math.min(k, judged.ranking().size()); i++) {
            dcg += judged.grade(i) / discount(i);
        }
        int[] best = judged.grades().values().stream()
                .sorted(Comparator.reverseOrder())
                .limit(k)
                .mapToInt(grade -> grade)
                .toArray();
        double ideal = 0;
        for (int i = 0; i < best.length; i++) {
            ideal += best[i] / discount(i);
        }
        return dcg / ideal;
    }

    /// @param place from 0
    private static double discount(int place) {
        return Math.log(place + 2.0) / Math.log(2);
    }
}
