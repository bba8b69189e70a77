package gradus.lessons.langchain;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.scoring.ScoringModel;
import gradus.lessons.retrieve.search.Reranker;
import java.util.List;

/// Any scoring model of LangChain4j in place of our rerankers.
public record LangChainReranker(ScoringModel model) implements Reranker {
    @Override
    public double[] scores(String query, List<String> texts) {
        if (texts.isEmpty()) {
            return new double[0];
        }
        return model.scoreAll(texts.stream().map(TextSegment::from).toList(), query).content().stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
    }
}
