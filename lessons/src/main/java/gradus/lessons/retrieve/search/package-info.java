/// Finding the documents that a question is about: by words, by meaning, and by both.
///
/// A [Retriever][gradus.lessons.retrieve.search.Retriever] takes a question and gives the ids of documents,
/// best first. [Bm25][gradus.lessons.retrieve.search.Bm25] compares words,
/// [ExactVectors][gradus.lessons.retrieve.search.ExactVectors] compares meanings,
/// [Hybrid][gradus.lessons.retrieve.search.Hybrid] joins several of them. What they find can be ordered anew,
/// by a [Reranker][gradus.lessons.retrieve.search.Reranker], or so that it says different things, by
/// [Mmr][gradus.lessons.retrieve.search.Mmr].
package gradus.lessons.retrieve.search;
