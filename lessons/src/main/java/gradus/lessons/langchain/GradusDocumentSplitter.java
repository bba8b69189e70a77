package gradus.lessons.langchain;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.DocumentSplitter;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import gradus.lessons.retrieve.chunk.Chunk;
import gradus.lessons.retrieve.chunk.Chunker;
import java.util.ArrayList;
import java.util.List;

/// A chunker of ours behind LangChain4j's `DocumentSplitter`. The metadata of a segment are the document's,
/// with its `index`, counted from 0 as theirs is, where it stands, `start` and `end`, and its `section` if it
/// has one.
public record GradusDocumentSplitter(Chunker chunker) implements DocumentSplitter {
    @Override
    public List<TextSegment> split(Document document) {
        List<TextSegment> segments = new ArrayList<>();
        for (Chunk chunk : chunker.chunk(document.text())) {
            Metadata metadata = document.metadata()
                    .copy()
                    .put("index", Integer.toString(segments.size()))
                    .put("start", chunk.start())
                    .put("end", chunk.end());
            if (!chunk.path().isEmpty()) {
                metadata.put("section", String.join(" > ", chunk.path()));
            }
            segments.add(TextSegment.from(chunk.text(), metadata));
        }
        return segments;
    }
}
