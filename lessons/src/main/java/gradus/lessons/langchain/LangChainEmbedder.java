package gradus.lessons.langchain;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import gradus.lessons.retrieve.embed.NamedEmbedder;
import gradus.lessons.retrieve.search.UnitVectors;
import java.util.List;

/// Any embedding model of LangChain4j in place of ours.
///
/// @param name by which an index remembers it
public record LangChainEmbedder(String name, EmbeddingModel model) implements NamedEmbedder {
    @Override
    public int dim() {
        return model.dimension();
    }

    @Override
    public float[][] embed(List<String> texts) {
        if (texts.isEmpty()) {
            return new float[0][];
        }
        return model.embedAll(texts.stream().map(TextSegment::from).toList()).content().stream()
                .map(each -> UnitVectors.unit(each.vector()))
                .toArray(float[][]::new);
    }
}
