package gradus.lessons.retrieve.query;

import gradus.lessons.prompt.TextModel;
import java.util.List;

/// HyDE: searches for an answer that a model makes up. It may be wrong, but it is written as documents are, so
/// its vector lies nearer to the right one's than the question's does. Gao et al. 2022, *Precise Zero-Shot
/// Dense Retrieval without Relevance Labels*, arXiv:2212.10496. Other than there, one text is made up and not
/// the mean of several taken.
public record HypotheticalDocument(TextModel model) implements QueryTransform {
    private static final String TASK = "Write a short passage that answers the question.";

    @Override
    public List<String> queries(String question) {
        return List.of(Asked.one(model, TASK, question));
    }
}
