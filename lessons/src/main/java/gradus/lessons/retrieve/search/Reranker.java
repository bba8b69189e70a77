package gradus.lessons.retrieve.search;

import static gradus.error.ConfigException.require;

import gradus.error.NumericException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// Reads question and text together and says how well they fit: slower and better than comparing vectors that
/// were made apart, so it orders only what a [Retriever] has found.
@FunctionalInterface
public interface Reranker {
    /// A score for each text, in their order; more is better.
    double[] scores(String query, List<String> texts);

    /// The same candidates with their new scores, best first: none is lost and none is added.
    ///
    /// @param texts the text of the document of an id
    /// @throws gradus.error.ConfigException if the scores are not as many as the texts
    /// @throws NumericException if a score is NaN
    default List<Hit> rerank(String query, List<Hit> candidates, UnaryOperator<String> texts) {
        double[] scores = scores(
                query, candidates.stream().map(hit -> texts.apply(hit.id())).toList());
        require(
                scores.length == candidates.size(),
                "the reranker gave %d scores for %d texts",
                scores.length,
                candidates.size());
        List<Hit> reranked = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            String id = candidates.get(i).id();
            if (Double.isNaN(scores[i])) {
                throw new NumericException("the reranker gave " + id + " a score that is no number");
            }
            reranked.add(new Hit(id, scores[i]));
        }
        reranked.sort(Hit.BEST_FIRST);
        return reranked;
    }
}
