package gradus.lessons.lab.knowledge;

import gradus.lessons.retrieve.rag.Answer;
import gradus.lessons.retrieve.rag.Rag;
import gradus.lessons.retrieve.rag.Reading;
import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.Passage;
import gradus.lessons.retrieve.search.Retriever;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Answers, searches once more with the words of its answer besides those of the question, and answers again
/// from all that was found. So a second fact is found that the question has no word of. Trivedi et al. 2022
/// (IRCoT), arXiv:2212.10509, whose chain of thoughts has one thought here.
///
/// @param documents the document of an id
/// @param k         how many passages each search adds, at most
record SearchTwice(Retriever retriever, Function<String, Optional<Document>> documents, int k, Reading reading)
        implements Rag {
    @Override
    public Answer ask(String question) {
        Map<String, Passage> passages = new LinkedHashMap<>();
        search(question, passages);
        Answer first = reading.answer(question, passages.values().stream().toList());
        search(question + " " + first.plain(), passages);
        return reading.answer(question, passages.values().stream().toList());
    }

    private void search(String words, Map<String, Passage> passages) {
        for (Passage passage : Passage.of(retriever.search(words, k), documents)) {
            passages.putIfAbsent(passage.document().id(), passage);
        }
    }
}
