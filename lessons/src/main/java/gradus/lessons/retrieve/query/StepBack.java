package gradus.lessons.retrieve.query;

import gradus.lessons.prompt.TextModel;
import java.util.List;

/// Searches for the question and for a more general one, whose answer holds what is needed. Zheng et al. 2023,
/// *Take a Step Back*, arXiv:2310.06117.
public record StepBack(TextModel model) implements QueryTransform {
    private static final String TASK =
            "Write one more general question, whose answer helps to answer the question. Write it alone.";

    @Override
    public List<String> queries(String question) {
        return Asked.several(model, TASK, question, 1);
    }
}
