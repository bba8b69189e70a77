package gradus.lessons.langchain;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.scoring.ScoringModel;
import gradus.lessons.retrieve.search.Reranker;
import java.util.Arrays;
import java.util.List;

/// A reranker of ours behind LangChain4j's `ScoringModel`.
public record GradusScoringModel(Reranker reranker) implements ScoringModel {
    @Override
    public Response<List<Double>> scoreAll(List<TextSegment> segments, String query) {
        double[] scores =
                reranker.scores(query, segments.stream().map(TextSegment::text).toList());
        return Response.from(Arrays.stream(scores).boxed().toList());
    }
}
