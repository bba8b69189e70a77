package gradus.lessons.langchain;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import gradus.lessons.retrieve.embed.NamedEmbedder;
import gradus.lessons.retrieve.search.UnitVectors;
import java.util.List;
import java.util.stream.Stream;

/// An embedder of ours behind LangChain4j's `EmbeddingModel`; its vectors have length 1.
public record GradusEmbeddingModel(NamedEmbedder embedder) implements EmbeddingModel {
    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        float[][] vectors = UnitVectors.of(
                embedder, segments.stream().map(TextSegment::text).toList());
        return Response.from(Stream.of(vectors).map(Embedding::from).toList());
    }

    @Override
    public int dimension() {
        return embedder.dim();
    }

    @Override
    public String modelName() {
        return embedder.name();
    }
}
