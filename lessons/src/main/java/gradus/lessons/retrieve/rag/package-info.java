/// Answers from documents, by three short programs of the same parts:
/// [NaiveRag][gradus.lessons.retrieve.rag.NaiveRag] searches and reads,
/// [AdvancedRag][gradus.lessons.retrieve.rag.AdvancedRag] does something before, between and after,
/// [ModularRag][gradus.lessons.retrieve.rag.ModularRag] is put together as one likes. An
/// [Answer][gradus.lessons.retrieve.rag.Answer] says where it comes from.
package gradus.lessons.retrieve.rag;
