package gradus.lessons.retrieval;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.List;

final class Bm25ScoreExercise {
    private Bm25ScoreExercise() {}

    static Exercise exercise() {
        return Exercise.of(Bm25Score.class, "The BM25 score of a document")
                .tolerance(1e-9)
                .forbid("Bm25", "scores")
                .probe(
                        "one word, two documents of one length",
                        "idf = ln(1 + 1.5/1.5) = ln 2, f = 1, length = average: ln 2 / 2.2",
                        t -> score(t, "cat", 0, 1.2, 0.75, "cat dog", "dog fish"))
                .probe(
                        "a word that is not there",
                        "f = 0: 0",
                        t -> score(t, "cat", 1, 1.2, 0.75, "cat dog", "dog fish"))
                .probe(
                        "a word that all documents have",
                        "idf = ln(1 + 0.5/2.5): small, and not negative",
                        t -> score(t, "dog", 0, 1.2, 0.75, "cat dog", "dog fish"))
                .probe(
                        "a word twice in the document",
                        "f = 2, n = 1: ln 2 · 2 / (2 + 1.2·(0.25 + 0.75·3/2.5)), less than twice as much",
                        t -> score(t, "cat", 0, 1.2, 0.75, "cat cat dog", "dog fish"))
                .probe(
                        "a word twice in the question",
                        "it counts each time",
                        t -> score(t, "cat cat dog", 0, 1.2, 0.75, "cat dog", "dog fish"))
                .probe(
                        "a long document",
                        "length 5, average 3: less than in a short one",
                        t -> score(t, "cat", 0, 1.2, 0.75, "cat dog fish bird tree", "dog"))
                .probe(
                        "an average that is no whole number",
                        "average 4/3",
                        t -> score(t, "cat", 0, 2, 1, "cat dog", "dog", "fish"))
                .probe("lengths do not count", "b = 0", t -> score(t, "cat", 0, 1.5, 0, "cat cat dog", "dog"))
                .probe(
                        "only whether it is there counts",
                        "k1 = 0: the idf alone",
                        t -> score(t, "cat", 0, 0, 0.5, "cat cat dog", "dog"))
                .probe("a drawn collection", "", t -> drawn(t, 6, 0.3))
                .probe("another", "", t -> drawn(t, 9, 0.6))
                .probe("a third", "", t -> drawn(t, 4, 0.9))
                .bug(
                        "The 1 inside the logarithm is missing: frequent words count negatively",
                        "Math.log(1 + (documents.size()",
                        "Math.log((documents.size()")
                .bug(
                        "k1 and b are exchanged",
                        "k1 * (1 - b + b * own.size() / average)",
                        "b * (1 - k1 + k1 * own.size() / average)")
                .bug("The length is not divided by the average length", "own.size() / average", "own.size()")
                .bug(
                        "Terms that the question repeats count once",
                        "for (String term : question)",
                        "for (String term : new java.util.LinkedHashSet<>(question))")
                .bug(
                        "The average length is cut to a whole number",
                        "total / documents.size()",
                        "Math.floor(total / documents.size())")
                .bug(
                        "n counts how often the term stands in all documents; it must count the documents that have it",
                        "each.contains(term) ? 1 : 0",
                        "Collections.frequency(each, term)")
                .bug("There is no idf: rare and frequent words count alike", "idf * f / (f", "f / (f")
                .bug(
                        "How often a term stands in the document does not count",
                        "double f = Collections.frequency(own, term);",
                        "double f = own.contains(term) ? 1 : 0;")
                .bug("1 − b is missing: short documents get too much", "(1 - b + b * own", "(b * own")
                .bug("b is not taken off the 1", "(1 - b + b * own", "(1 + b * own")
                .bug(
                        "f does not stand below the fraction too: it counts without end",
                        "(f + k1 * (1 - b",
                        "(1 + k1 * (1 - b")
                .bug(
                        "The logarithm is to the base 2, and should be natural",
                        "+ 0.5) / (having + 0.5));",
                        "+ 0.5) / (having + 0.5)) / Math.log(2);")
                .bug(Bug.of("The document itself is left out of N and n")
                        .replacing("documents.size() - having", "documents.size() - 1 - having")
                        .replacing("int having = 0;", "int having = own.contains(term) ? -1 : 0;"))
                .variant("by counting first", """
                        java.util.Map<String, Integer> having = new java.util.HashMap<>();
                        long all = 0;
                        for (List<String> each : documents) {
                            all += each.size();
                            for (String term : new java.util.HashSet<>(each)) {
                                having.merge(term, 1, Integer::sum);
                            }
                        }
                        int count = documents.size();
                        double relative = documents.get(document).size() * (double) count / all;
                        double result = 0;
                        for (String term : question) {
                            long f = documents.get(document).stream().filter(term::equals).count();
                            if (f > 0) {
                                int n = having.get(term);
                                double idf = Math.log1p((count - n + 0.5) / (n + 0.5));
                                result += idf / (1 + k1 * (1 - b * (1 - relative)) / f);
                            }
                        }
                        return result;
                        """)
                .variant("by streams", """
                        double average = documents.stream().mapToInt(List::size).average().orElse(1);
                        List<String> own = documents.get(document);
                        double slow = k1 * (1 - b) + k1 * b * own.size() / average;
                        return question.stream().mapToDouble(term -> {
                            double n = documents.stream().filter(each -> each.contains(term)).count();
                            double f = own.stream().filter(term::equals).count();
                            return (Math.log(documents.size() + 1) - Math.log(n + 0.5)) * f / (f + slow);
                        }).sum();
                        """)
                .hints(
                        "Three loops: over the question's terms; for each, over the documents, to count n; and, before"
                                + " all, over the documents, to find the average length.",
                        "Collections.frequency(list, term) says how often a term stands in a document, and"
                                + " list.contains(term) whether it does. Take care that no division is one of whole"
                                + " numbers.",
                        "idf = Math.log(1 + (N - n + 0.5) / (n + 0.5)), and score += idf * f / (f + k1 * (1 - b + b *"
                                + " length / average)).")
                .reading("The section \"Words: BM25\" of this lesson; Robertson & Zaragoza 2009, section 3.4");
    }

    private static Object score(Trial t, String question, int document, double k1, double b, String... documents) {
        List<List<String>> terms = new ArrayList<>();
        for (String each : documents) {
            terms.add(List.of(each.split(" ")));
        }
        return t.call(List.of(question.split(" ")), document, terms, k1, b);
    }

    /// The first document has the question's words, some more often than once.
    private static Object drawn(Trial t, int count, double b) {
        Rng rng = t.next();
        String[] documents = new String[count];
        for (int d = 0; d < count; d++) {
            StringBuilder text = new StringBuilder("w0");
            for (int i = rng.index(100 * d, 8); i >= 0; i--) {
                text.append(" w").append(rng.index(100 * d + 1 + i, 5));
            }
            documents[d] = text.toString();
        }
        documents[0] += " w1 w1 w2 w6";
        return score(t, "w0 w1 w2 w1 w6 w9", 0, 1 + rng.uniform(5), b, documents);
    }
}
