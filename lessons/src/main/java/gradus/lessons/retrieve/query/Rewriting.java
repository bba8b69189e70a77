package gradus.lessons.retrieve.query;

import gradus.lessons.prompt.TextModel;
import java.util.List;

/// Searches for what a model makes of the question: without "please tell me", and with what it leaves out. Ma
/// et al. 2023, *Query Rewriting for Retrieval-Augmented Large Language Models*, arXiv:2305.14283, there with a
/// model that is trained for it.
public record Rewriting(TextModel model) implements QueryTransform {
    private static final String TASK = "Rewrite the question as a query for a search engine. Write the query alone.";

    @Override
    public List<String> queries(String question) {
        return List.of(Asked.one(model, TASK, question));
    }
}
