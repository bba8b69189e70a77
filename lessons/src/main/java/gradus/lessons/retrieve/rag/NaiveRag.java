package gradus.lessons.retrieve.rag;

import static gradus.error.ConfigException.require;

import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.Passage;
import gradus.lessons.retrieve.search.Retriever;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Searches for the question as it is, and reads what was found.
///
/// @param documents the document of an id
/// @param k         how many passages are read
public record NaiveRag(Retriever retriever, Function<String, Optional<Document>> documents, int k, Reading reading)
        implements Rag {
    public NaiveRag {
        require(k >= 1, "k, the number of passages to read, must be at least 1; got %d", k);
    }

    @Override
    public Answer ask(String question) {
        List<Passage> passages = Passage.of(retriever.search(question, k), documents);
        return passages.isEmpty() ? Answer.nothingFound() : reading.answer(question, passages);
    }
}
