package gradus.lessons.retrieval;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.tensor.random.Rng;
import java.util.Arrays;

final class RankFusionExercise {
    private RankFusionExercise() {}

    static Exercise exercise() {
        return Exercise.of(RankFusion.class, "Reciprocal rank fusion")
                .tolerance(1e-9)
                .forbid("fuse")
                .probe("one ranking", "1/61 and 1/62", t -> t.call(new int[][] {{1, 0}}, 2))
                .probe("two that agree", "2/61 and 2/62", t -> t.call(new int[][] {{0, 1}, {0, 1}}, 2))
                .probe(
                        "two that do not",
                        "1/61 + 1/63 for the two at the ends, 2/62 for the one in the middle",
                        t -> t.call(new int[][] {{0, 1, 2}, {2, 1, 0}}, 3))
                .probe(
                        "found by one only",
                        "the other adds nothing: 1/61, 1/62, 1/61",
                        t -> t.call(new int[][] {{0, 1}, {2}}, 3))
                .probe("found by none", "0 for the document 1", t -> t.call(new int[][] {{0}, {2, 0}}, 3))
                .probe("an empty ranking", "it adds nothing", t -> t.call(new int[][] {{}, {1, 0}}, 2))
                .probe("no ranking", "", t -> t.call(new int[][] {}, 2))
                .probe("three rankings of many", "", t -> drawn(t, 3, 12))
                .probe("five rankings of few", "", t -> drawn(t, 5, 6))
                .bug("Ranks are counted from 0, and should be from 1", "(60 + i + 1)", "(60 + i)")
                .bug("The 60 is missing: the first place outweighs all others", "(60 + i + 1)", "(i + 1)")
                .bug("The ranks themselves are added: the worst document wins", "1.0 / (60 + i + 1)", "i + 1")
                .bug("Only the last ranking that has a document counts", "] +=", "] =")
                .bug(
                        "Only the best rank of a document counts: the shares must be added",
                        "scores[ranking[i]] += 1.0 / (60 + i + 1);",
                        "scores[ranking[i]] = Math.max(scores[ranking[i]], 1.0 / (60 + i + 1));")
                .bug(
                        "A ranking that does not have a document adds as if the document stood behind its last one",
                        "return scores;",
                        "for (int[] ranking : rankings) { for (int d = 0; d < count; d++) { int own = d;"
                                + " if (java.util.Arrays.stream(ranking).noneMatch(r -> r == own)) {"
                                + " scores[d] += 1.0 / (60 + ranking.length + 1); } } } return scores;")
                .bug(
                        "The sum is divided by the number of rankings",
                        "1.0 / (60 + i + 1)",
                        "1.0 / (60 + i + 1) / rankings.length")
                .bug(
                        "Documents get the score of the place with their number: ranking[i] says which document"
                                + " stands at place i",
                        "scores[ranking[i]] +=",
                        "scores[i] +=")
                .bug(
                        "The last document of each ranking is left out",
                        "i < ranking.length; i++",
                        "i < ranking.length - 1; i++")
                .variant("document by document", """
                        double[] result = new double[count];
                        for (int d = 0; d < count; d++) {
                            for (int[] ranking : rankings) {
                                int rank = 0;
                                while (rank < ranking.length && ranking[rank] != d) {
                                    rank++;
                                }
                                result[d] += rank < ranking.length ? 1 / (rank + 61.0) : 0;
                            }
                        }
                        return result;
                        """)
                .variant("from behind", """
                        double[] result = new double[count];
                        for (int r = rankings.length - 1; r >= 0; r--) {
                            for (int rank = rankings[r].length; rank > 0; rank--) {
                                int document = rankings[r][rank - 1];
                                result[document] = result[document] + Math.pow(60 + rank, -1);
                            }
                        }
                        return result;
                        """)
                .hints(
                        "Go through the rankings, and through the places of each. Which document stands there?",
                        "The document ranking[i] has the rank i + 1.",
                        "scores[ranking[i]] += 1.0 / (60 + i + 1), with 1.0: the division of whole numbers gives 0.")
                .reading("The section \"Both: rank fusion\" of this lesson; Cormack, Clarke & Büttcher 2009");
    }

    /// Each ranking has some of the documents.
    private static Object drawn(Trial t, int count, int documents) {
        Rng rng = t.next();
        int[][] rankings = new int[count][];
        for (int r = 0; r < count; r++) {
            int[] order = new int[documents];
            for (int d = 0; d < documents; d++) {
                int at = rng.at(r).index(d, d + 1);
                order[d] = order[at];
                order[at] = d;
            }
            rankings[r] = Arrays.copyOf(order, 1 + rng.at(r).index(documents, documents - 1));
        }
        return t.call(rankings, documents);
    }
}
