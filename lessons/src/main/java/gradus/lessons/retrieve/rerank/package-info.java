/// Models that read a question and a passage together and say how well they fit: each is a
/// [Reranker][gradus.lessons.retrieve.search.Reranker], which orders what a search has found.
package gradus.lessons.retrieve.rerank;
