package gradus.lessons.retrieval;

import java.util.Collections;
import java.util.List;

/// How well a document fits a question, by their words.
public final class Bm25Score {
    private Bm25Score() {}

    /// The BM25 score of one document of a collection:
    ///
    /// `Σ_{t in question} idf(t) · f(t) / (f(t) + k1·(1 − b + b·length / average))`, `idf(t) = ln(1 + (N − n(t)
    /// + ½) / (n(t) + ½))`
    ///
    /// f(t) says how often t stands in the document, length how many terms the document has, average how many
    /// the N documents have on average, and n(t) how many of them have t at all. A term that the question
    /// repeats counts each time.
    ///
    /// @param question  its terms
    /// @param document  the place of the document among the documents
    /// @param documents the terms of each
    public static double score(List<String> question, int document, List<List<String>> documents, double k1, double b) {
        // --- your answer
        double total = 0;
        for (List<String> each : documents) {
            total += each.size();
        }
        double average = total / documents.size();
        List<String> own = documents.get(document);
        double score = 0;
        for (String term : question) {
            int having = 0;
            for (List<String> each : documents) {
                having += each.contains(term) ? 1 : 0;
            }
            double idf = Math.log(1 + (documents.size() - having + 0.5) / (having + 0.5));
            double f = Collections.frequency(own, term);
            score += idf * f / (f + k1 * (1 - b + b * own.size() / average));
        }
        return score;
        // ---
    }
}
