package gradus.lessons.wordpiece;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

final class PieceScoreExercise {
    private PieceScoreExercise() {}

    static Exercise exercise() {
        return Exercise.of(PieceScore.class, "Score a pair of pieces")
                .probe("one pair", "there is no other", t -> best(t, "a ##b 3", "a 5 ##b 4"))
                .probe(
                        "frequent against faithful",
                        "a ##b: 20/(100·50) = 0.004; q ##u: 5/(5·10) = 0.1, four times less often and chosen",
                        t -> best(t, "a ##b 20, q ##u 5", "a 100 ##b 50 q 5 ##u 10"))
                .probe(
                        "the best pair first",
                        "the order of the map does not matter",
                        t -> best(t, "q ##u 5, a ##b 20", "a 100 ##b 50 q 5 ##u 10"))
                .probe(
                        "a rare left piece, a frequent right one",
                        "8/(10·100) = 0.008 against 8/(40·30) = 0.0067: both parts divide",
                        t -> best(t, "a ##b 8, c ##d 8", "a 10 ##b 100 c 40 ##d 30"))
                .probe(
                        "a frequent left piece, a rare right one",
                        "8/(100·10) = 0.008 against 8/(40·30) = 0.0067",
                        t -> best(t, "a ##b 8, c ##d 8", "a 100 ##b 10 c 40 ##d 30"))
                .probe(
                        "the product against the sum",
                        "30/(2·90) = 0.167, 30/(30·31) = 0.032; by the sum 30/92 would lose against 30/61",
                        t -> best(t, "c ##d 30, a ##b 30", "a 2 ##b 90 c 30 ##d 31"))
                .probe(
                        "the product against the smaller one",
                        "6/(6·60) = 0.017 against 9/(10·12) = 0.075",
                        t -> best(t, "a ##b 6, c ##d 9", "a 6 ##b 60 c 10 ##d 12"))
                .probe(
                        "the product against its root",
                        "100/(100·100) = 0.01 against 3/(5·6) = 0.1; over the root 1 against 0.55",
                        t -> best(t, "a ##b 100, c ##d 3", "a 100 ##b 100 c 5 ##d 6"))
                .probe(
                        "scores below one",
                        "2/12 and 3/14: whole numbers would make both 0",
                        t -> best(t, "a ##b 2, c ##d 3", "a 3 ##b 4 c 2 ##d 7"))
                .probe(
                        "counts of a thousand million",
                        "the product of two such counts does not fit an int, nor 10¹⁸ times a count a long",
                        t -> best(
                                t,
                                "a ##b 1000000000, c ##d 900000000, e ##f 3",
                                "a 2000000000 ##b 1900000000 c 1000000000 ##d 1100000000 e 60000 ##f 70000"))
                .probe(
                        "a product that wraps to a small number",
                        "65,536 · 65,537 is 65,536 in an int",
                        t -> best(t, "a ##b 60000, c ##d 50", "a 65536 ##b 65537 c 100 ##d 200"))
                .probe(
                        "a piece beside itself",
                        "4/(10·10) = 0.04 against 5/(10·11) = 0.045",
                        t -> best(t, "a a 4, a ##b 5", "a 10 ##b 11"))
                .bug(
                        "The pair that occurs most often is chosen, as BPE does",
                        "(double) each.getValue() / counts.get(pair.get(0)) / counts.get(pair.get(1))",
                        "each.getValue()")
                .bug("Only the left piece's count divides", " / counts.get(pair.get(1))", "")
                .bug("Only the right piece's count divides", " / counts.get(pair.get(0))", "")
                .bug(
                        "The sum of the two counts divides, not their product",
                        "/ counts.get(pair.get(0)) / counts.get(pair.get(1))",
                        "/ ((double) counts.get(pair.get(0)) + counts.get(pair.get(1)))")
                .bug(
                        "The division is one of whole numbers, so that all scores below 1 are 0",
                        "(double) each.getValue() / counts.get(pair.get(0)) / counts.get(pair.get(1))",
                        "each.getValue() / ((long) counts.get(pair.get(0)) * counts.get(pair.get(1)))")
                .bug(
                        "The product of two counts overflows an int",
                        "/ counts.get(pair.get(0)) / counts.get(pair.get(1))",
                        "/ (counts.get(pair.get(0)) * counts.get(pair.get(1)))")
                .bug(Bug.of("The pair with the lowest score is chosen")
                        .replacing("double highest = -1;", "double highest = Double.MAX_VALUE;")
                        .replacing("score > highest", "score < highest"))
                .bug(
                        "The root of the product divides, not the product",
                        "/ counts.get(pair.get(0)) / counts.get(pair.get(1))",
                        "/ Math.sqrt((double) counts.get(pair.get(0)) * counts.get(pair.get(1)))")
                .bug(
                        "The smaller of the two counts divides",
                        "/ counts.get(pair.get(0)) / counts.get(pair.get(1))",
                        "/ Math.min(counts.get(pair.get(0)), counts.get(pair.get(1)))")
                .bug(
                        "The scores are multiplied by the right piece's count",
                        " / counts.get(pair.get(1))",
                        " * counts.get(pair.get(1))")
                .variant("by logarithms", """
                        return pairs.keySet().stream()
                                .max(java.util.Comparator.comparingDouble(pair -> Math.log(pairs.get(pair))
                                        - Math.log(counts.get(pair.get(0)))
                                        - Math.log(counts.get(pair.get(1)))))
                                .orElseThrow();
                        """)
                .variant("fractions compared exactly", """
                        List<String> best = null;
                        for (List<String> pair : pairs.keySet()) {
                            if (best == null) {
                                best = pair;
                                continue;
                            }
                            java.math.BigInteger mine = java.math.BigInteger.valueOf(pairs.get(pair))
                                    .multiply(java.math.BigInteger.valueOf(counts.get(best.get(0))))
                                    .multiply(java.math.BigInteger.valueOf(counts.get(best.get(1))));
                            java.math.BigInteger its = java.math.BigInteger.valueOf(pairs.get(best))
                                    .multiply(java.math.BigInteger.valueOf(counts.get(pair.get(0))))
                                    .multiply(java.math.BigInteger.valueOf(counts.get(pair.get(1))));
                            if (mine.compareTo(its) > 0) {
                                best = pair;
                            }
                        }
                        return best;
                        """)
                .hints(
                        "Which type must the score have, if 3 of 14 is to be more than 0?",
                        "Divide as double, by one count and then by the other: then no product can overflow.",
                        "(double) count / counts.get(left) / counts.get(right), and keep the pair with the highest.")
                .reading("The section \"Training\" of this lesson; Schuster & Nakajima 2012, section 3");
    }

    /// @param pairs  "left right count, left right count"
    /// @param counts "piece count piece count"
    private static Object best(Trial t, String pairs, String counts) {
        Map<List<String>, Integer> pairCounts = new LinkedHashMap<>();
        for (String each : pairs.split(", ")) {
            String[] parts = each.split(" ");
            pairCounts.put(List.of(parts[0], parts[1]), Integer.parseInt(parts[2]));
        }
        Map<String, Integer> pieceCounts = new LinkedHashMap<>();
        String[] parts = counts.split(" ");
        for (int i = 0; i < parts.length; i += 2) {
            pieceCounts.put(parts[i], Integer.parseInt(parts[i + 1]));
        }
        t.see("best pair", t.call(pairCounts, pieceCounts));
        return null;
    }
}
