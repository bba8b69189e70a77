package gradus.lessons.retrieve.index;

import static gradus.error.ConfigException.require;

import gradus.lessons.retrieve.embed.NamedEmbedder;
import gradus.lessons.retrieve.search.Filter;
import gradus.lessons.retrieve.search.Hit;
import gradus.lessons.retrieve.search.Retriever;
import gradus.lessons.retrieve.search.TopHits;
import gradus.lessons.retrieve.search.UnitVectors;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;

/// Search by meaning over an index, by a graph: each document is linked to near ones, on several levels that
/// grow sparser; a search walks from far to near, and looks at a few thousand documents instead of all. Malkov
/// & Yashunin 2016, *Efficient and robust approximate nearest neighbor search using Hierarchical Navigable
/// Small World graphs*, arXiv:1603.09320.
///
/// It may miss a document now and then: the more candidates, the fewer.
final class LuceneVectors implements Retriever {
    private final Snapshots snapshots;
    private final NamedEmbedder embedder;
    private final int candidates;

    LuceneVectors(Snapshots snapshots, NamedEmbedder embedder, int candidates) {
        require(candidates >= 1, "the number of candidates must be at least 1; got %d", candidates);
        this.snapshots = snapshots;
        this.embedder = embedder;
        this.candidates = candidates;
    }

    @Override
    public List<Hit> search(String query, int k, Filter filter) {
        TopHits top = new TopHits(k);
        float[] wanted = UnitVectors.of(embedder, List.of(query))[0];
        return snapshots.with(null, searcher -> {
            collect(searcher, wanted, Math.max(k, candidates), filter, top);
            return top.bestFirst();
        });
    }

    /// Lucene's score of two vectors of length 1 is (1 + cosine) / 2.
    private static void collect(IndexSearcher searcher, float[] wanted, int most, Filter filter, TopHits top)
            throws IOException {
        int count = Math.min(most, searcher.getIndexReader().maxDoc());
        if (count == 0) {
            return;
        }
        Query among = filter instanceof Filter.All ? null : FilterQueries.of(filter);
        Query near = new KnnFloatVectorQuery(Fields.VECTOR, wanted, count, among);
        StoredFields stored = searcher.storedFields();
        for (ScoreDoc found : searcher.search(near, count).scoreDocs) {
            top.offer(stored.document(found.doc, Set.of(Fields.ID)).get(Fields.ID), 2.0 * found.score - 1);
        }
    }
}
