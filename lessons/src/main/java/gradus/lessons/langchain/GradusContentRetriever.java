package gradus.lessons.langchain;

import static gradus.error.ConfigException.require;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.query.Query;
import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.Passage;
import gradus.lessons.retrieve.search.Retriever;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// A retriever of ours behind LangChain4j's `ContentRetriever`. The metadata of a segment are the document's,
/// with its `id` and where it stands: `path`, `start`, `end`.
///
/// @param documents the document of an id
/// @param k         how many are found for a query
public record GradusContentRetriever(Retriever retriever, Function<String, Optional<Document>> documents, int k)
        implements ContentRetriever {
    public GradusContentRetriever {
        require(k >= 1, "k, the number of documents to find, must be at least 1; got %d", k);
    }

    @Override
    public List<Content> retrieve(Query query) {
        return Passage.of(retriever.search(query.text(), k), documents).stream()
                .map(GradusContentRetriever::content)
                .toList();
    }

    private static Content content(Passage passage) {
        Metadata metadata = new Metadata(passage.document().metadata())
                .put("id", passage.document().id())
                .put("path", passage.source().path())
                .put("start", passage.source().start())
                .put("end", passage.source().end());
        return Content.from(TextSegment.from(passage.text(), metadata), Map.of(ContentMetadata.SCORE, passage.score()));
    }
}
