package gradus.lessons.retrieve.rag;

import static gradus.error.ConfigException.require;

import gradus.lessons.retrieve.query.QueryTransform;
import gradus.lessons.retrieve.query.TransformedRetriever;
import gradus.lessons.retrieve.refine.Refinement;
import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.Filter;
import gradus.lessons.retrieve.search.Hit;
import gradus.lessons.retrieve.search.Passage;
import gradus.lessons.retrieve.search.ReciprocalRankFusion;
import gradus.lessons.retrieve.search.Reranker;
import gradus.lessons.retrieve.search.Retriever;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// A part of a [ModularRag]: takes what is known so far and adds to it. Modules are put into any order, left
/// out, chosen by a condition, or repeated.
@FunctionalInterface
public interface RagModule {
    State apply(State state);

    /// Makes queries of the question.
    static RagModule queries(QueryTransform transform) {
        return state -> state.withQueries(transform.queries(state.question())).traced("queries");
    }

    /// Searches for the queries.
    static RagModule search(Retriever retriever, Function<String, Optional<Document>> documents, int k) {
        require(k >= 1, "k, the number of passages to find, must be at least 1; got %d", k);
        var all = new TransformedRetriever(retriever, QueryTransform.asIs(), new ReciprocalRankFusion());
        return state -> state.withPassages(Passage.of(all.search(state.queries(), k, Filter.all()), documents))
                .traced("search");
    }

    /// Orders the passages anew and keeps the best k.
    static RagModule rerank(Reranker reranker, int k) {
        require(k >= 1, "k, the number of passages to keep, must be at least 1; got %d", k);
        return state -> {
            List<Passage> before = state.passages();
            List<Hit> hits = before.stream()
                    .map(each -> new Hit(each.document().id(), each.score()))
                    .toList();
            Function<String, Optional<Document>> documents = id -> before.stream()
                    .map(Passage::document)
                    .filter(each -> each.id().equals(id))
                    .findFirst();
            List<Hit> order = reranker.rerank(
                    state.question(),
                    hits,
                    id -> documents.apply(id).orElseThrow().text());
            return state.withPassages(Passage.of(order.stream().limit(k).toList(), documents))
                    .traced("rerank");
        };
    }

    /// Refines the passages.
    static RagModule refine(Refinement refinement) {
        return state -> state.withPassages(refinement.refine(state.question(), state.passages()))
                .traced("refine");
    }

    /// Reads the passages and answers.
    static RagModule read(Reading reading) {
        return state -> state.withAnswer(
                        state.passages().isEmpty()
                                ? Answer.nothingFound()
                                : reading.answer(state.question(), state.passages()))
                .traced("read");
    }

    /// One of two modules.
    static RagModule when(Predicate<State> condition, RagModule then, RagModule otherwise) {
        return state -> condition.test(state) ? then.apply(state) : otherwise.apply(state);
    }

    /// A module again and again, until a condition holds after it, at most so many times.
    static RagModule repeat(RagModule module, Predicate<State> until, int most) {
        require(most >= 1, "a module must be repeated at most 1 or more times; got %d", most);
        return state -> {
            State now = state;
            for (int i = 0; i < most; i++) {
                now = module.apply(now);
                if (until.test(now)) {
                    break;
                }
            }
            return now;
        };
    }

    /// This module, and then another.
    default RagModule then(RagModule next) {
        return state -> next.apply(apply(state));
    }
}
