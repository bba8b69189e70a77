package gradus.lessons.retrieve.rag;

import static gradus.error.ConfigException.require;

import gradus.lessons.retrieve.query.QueryTransform;
import gradus.lessons.retrieve.query.TransformedRetriever;
import gradus.lessons.retrieve.refine.Refinement;
import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.Filter;
import gradus.lessons.retrieve.search.Fusion;
import gradus.lessons.retrieve.search.Hit;
import gradus.lessons.retrieve.search.Passage;
import gradus.lessons.retrieve.search.ReciprocalRankFusion;
import gradus.lessons.retrieve.search.Reranker;
import gradus.lessons.retrieve.search.Retriever;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Better before, between and after: makes queries of the question, joins what they find, orders it anew by a
/// model that reads question and passage together, and refines what is read.
///
/// @param documents  the document of an id
/// @param reranker   null for the order of the search
/// @param candidates how many documents are found for it
/// @param k          how many of them are kept
public record AdvancedRag(
        QueryTransform transform,
        Retriever retriever,
        Function<String, Optional<Document>> documents,
        Reranker reranker,
        int candidates,
        int k,
        Refinement refinement,
        Reading reading)
        implements Rag {
    private static final Fusion FUSION = new ReciprocalRankFusion();

    public AdvancedRag {
        require(k >= 1 && candidates >= k, "it must be 1 <= k <= candidates; got %d and %d", k, candidates);
    }

    @Override
    public Answer ask(String question) {
        List<Hit> hits = new TransformedRetriever(retriever, transform, FUSION)
                .search(transform.queries(question), reranker == null ? k : candidates, Filter.all());
        if (reranker != null) {
            hits = reranker.rerank(
                    question,
                    hits,
                    id -> documents.apply(id).map(Document::text).orElse(""));
        }
        List<Passage> passages = Passage.of(hits.stream().limit(k).toList(), documents);
        List<Passage> refined = refinement.refine(question, passages);
        return refined.isEmpty() ? Answer.nothingFound() : reading.answer(question, refined);
    }
}
