package gradus.lessons.retrieve.search;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.util.SmallFloat;

/// BM25: documents are scored by the terms that they share with the question.
///
/// `score(q, d) = Σ_{t in q} idf(t) · f(t,d) / (f(t,d) + k1·(1 − b + b·|d| / avg))`, `idf(t) = ln(1 + (N − n(t)
/// + ½) / (n(t) + ½))`
///
/// f(t,d) says how often t stands in d, |d| how many terms d has, avg how many the N documents have on average,
/// n(t) how many documents have t. So a rare term counts more than a frequent one, a second occurrence less
/// than the first, and one in a long document less than one in a short document. A term that the question
/// repeats counts repeatedly. Documents without any term count neither in N nor in avg.
///
/// Robertson & Zaragoza 2009, *The Probabilistic Relevance Framework: BM25 and Beyond*. Two changes, both
/// Lucene's: the 1 inside the logarithm, without which terms of more than half of the documents would count
/// negatively; and the factor k1 + 1 above the fraction is left out, which is the same for all documents and
/// orders nothing.
///
/// **Cost** of a search: the lengths of the lists of the question's terms.
public final class Bm25 implements Retriever {
    private final List<Document> documents;
    private final Terms terms;
    private final Map<String, Postings> inverted = new HashMap<>();
    private final double[] saturation; // k1·(1 − b + b·|d|/avg), by document
    private final int counted; // N

    /// Of one term: the documents that have it, in ascending order, and how often each does.
    private static final class Postings {
        private int[] documents = new int[2];
        private int[] frequencies = new int[2];
        private int size;

        private void add(int document) {
            if (size > 0 && documents[size - 1] == document) {
                frequencies[size - 1]++;
                return;
            }
            if (size == documents.length) {
                documents = Arrays.copyOf(documents, 2 * size);
                frequencies = Arrays.copyOf(frequencies, 2 * size);
            }
            documents[size] = document;
            frequencies[size++] = 1;
        }
    }

    /// With [Bm25Options#defaults].
    public Bm25(List<Document> documents, Terms terms) {
        this(documents, terms, Bm25Options.defaults());
    }

    /// @param terms takes documents and questions apart
    /// @throws gradus.error.ConfigException if two documents have the same id
    public Bm25(List<Document> documents, Terms terms, Bm25Options options) {
        Document.requireDifferent(documents);
        this.documents = List.copyOf(documents);
        this.terms = terms;
        int[] lengths = new int[documents.size()];
        for (int d = 0; d < lengths.length; d++) {
            for (String term : terms.of(documents.get(d).text())) {
                inverted.computeIfAbsent(term, t -> new Postings()).add(d);
                lengths[d]++;
            }
        }
        this.counted = (int) Arrays.stream(lengths).filter(length -> length > 0).count();
        double average = Arrays.stream(lengths).asLongStream().sum() / (double) Math.max(1, counted);
        this.saturation = Arrays.stream(lengths)
                .mapToDouble(length -> options.exactLengths() ? length : inOneByte(length))
                .map(length -> options.k1() * (1 - options.b() + options.b() * length / average))
                .toArray();
    }

    @Override
    public List<Hit> search(String query, int k, Filter filter) {
        TopHits top = new TopHits(k);
        double[] scores = scores(query);
        for (int d = 0; d < scores.length; d++) {
            if (scores[d] > 0 && filter.accepts(documents.get(d).metadata())) {
                top.offer(documents.get(d).id(), scores[d]);
            }
        }
        return top.bestFirst();
    }

    /// The scores of all documents, in their order; 0 for one that shares no term with the question.
    public double[] scores(String query) {
        double[] scores = new double[documents.size()];
        for (String term : terms.of(query)) {
            Postings postings = inverted.get(term);
            if (postings == null) {
                continue;
            }
            double idf = Math.log(1 + (counted - postings.size + 0.5) / (postings.size + 0.5));
            for (int i = 0; i < postings.size; i++) {
                int d = postings.documents[i];
                double f = postings.frequencies[i];
                scores[d] += idf * f / (f + saturation[d]);
            }
        }
        return scores;
    }

    /// A length as Lucene keeps it, with 4 significant bits: exact up to 40, then rounded down.
    private static int inOneByte(int length) {
        return SmallFloat.byte4ToInt(SmallFloat.intToByte4(length));
    }
}
