package gradus.lessons.retrieve.query;

import static gradus.error.ConfigException.require;

import gradus.lessons.prompt.TextModel;
import java.util.List;

/// Searches for the question and for the same in other words, as a model puts it; the rankings are made one by
/// [TransformedRetriever]. So a document is found that uses other words than the question.
///
/// @param count how many others there may be
public record MultiQuery(TextModel model, int count) implements QueryTransform {
    public MultiQuery {
        require(count >= 1, "MultiQuery: the number of other questions must be at least 1; got %d", count);
    }

    @Override
    public List<String> queries(String question) {
        String task = "Write " + count + " other questions that ask for the same in other words, one a line. Write"
                + " nothing else.";
        return Asked.several(model, task, question, count);
    }
}
