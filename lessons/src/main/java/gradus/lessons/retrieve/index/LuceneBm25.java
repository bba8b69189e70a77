package gradus.lessons.retrieve.index;

import static gradus.error.ConfigException.require;

import gradus.lessons.retrieve.search.Bm25Options;
import gradus.lessons.retrieve.search.Filter;
import gradus.lessons.retrieve.search.Hit;
import gradus.lessons.retrieve.search.Retriever;
import gradus.lessons.retrieve.search.Terms;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.util.BytesRef;

/// Lucene's BM25 over an index: what [gradus.lessons.retrieve.search.Bm25] computes, with the length of a
/// document kept in one byte. A document that was replaced or deleted counts in the statistics until its
/// segment is merged.
final class LuceneBm25 implements Retriever {
    /// A question may have so many different terms; Lucene's own limit of 1,024 is there against wildcards.
    private static final int MOST_TERMS = 1 << 16;

    static {
        IndexSearcher.setMaxClauseCount(2 * MOST_TERMS);
    }

    private static final Sort BEST_FIRST =
            new Sort(SortField.FIELD_SCORE, new SortField(Fields.ID, SortField.Type.STRING));

    private final Snapshots snapshots;
    private final Terms terms;
    private final BM25Similarity similarity;

    LuceneBm25(Snapshots snapshots, Terms terms, Bm25Options options) {
        require(!options.exactLengths(), "the index keeps lengths in one byte: exactLengths must be false");
        this.snapshots = snapshots;
        this.terms = terms;
        this.similarity = new BM25Similarity((float) options.k1(), (float) options.b());
    }

    @Override
    public List<Hit> search(String query, int k, Filter filter) {
        require(k >= 1, "k, the number of documents to find, must be at least 1; got %d", k);
        Query words = words(query);
        Query whole = filter instanceof Filter.All
                ? words
                : new BooleanQuery.Builder()
                        .add(words, Occur.MUST)
                        .add(FilterQueries.of(filter), Occur.FILTER)
                        .build();
        return snapshots.with(similarity, searcher -> hits(searcher, whole, k));
    }

    /// A term that is repeated counts repeatedly.
    private Query words(String query) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        terms.of(query).forEach(term -> counts.merge(term, 1, Integer::sum));
        require(
                counts.size() <= MOST_TERMS,
                "a question may have %d different terms; got %d",
                MOST_TERMS,
                counts.size());
        if (counts.isEmpty()) {
            return new MatchNoDocsQuery();
        }
        BooleanQuery.Builder any = new BooleanQuery.Builder();
        counts.forEach((term, count) -> {
            Query one = new TermQuery(new Term(Fields.TEXT, term));
            any.add(count == 1 ? one : new BoostQuery(one, count), Occur.SHOULD);
        });
        return any.build();
    }

    private static List<Hit> hits(IndexSearcher searcher, Query query, int k) throws IOException {
        int most = Math.min(k, Math.max(1, searcher.getIndexReader().maxDoc()));
        List<Hit> hits = new ArrayList<>();
        for (ScoreDoc found : searcher.search(query, most, BEST_FIRST).scoreDocs) {
            Object[] fields = ((FieldDoc) found).fields;
            hits.add(new Hit(((BytesRef) fields[1]).utf8ToString(), (Float) fields[0]));
        }
        return hits;
    }
}
