package gradus.lessons.prompt.react.tool;

import static gradus.error.ConfigException.require;

import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.Passage;
import gradus.lessons.retrieve.search.Retriever;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Searches in documents and brings the best passages, numbered.
///
/// @param documents the document of an id
/// @param k         how many passages
public record SearchTool(Retriever retriever, Function<String, Optional<Document>> documents, int k) implements Tool {
    /// @throws gradus.error.ConfigException unless k ≥ 1
    public SearchTool {
        require(k >= 1, "k, the number of passages to find, must be at least 1; got %d", k);
    }

    @Override
    public String name() {
        return "search";
    }

    @Override
    public String description() {
        return "finds passages of the documents that say something about a few words, such as search[large cats]";
    }

    @Override
    public String use(String input) {
        List<Passage> passages = Passage.of(retriever.search(input, k), documents);
        if (passages.isEmpty()) {
            return "nothing was found";
        }
        StringBuilder found = new StringBuilder();
        for (int i = 0; i < passages.size(); i++) {
            found.append('[')
                    .append(i + 1)
                    .append("] ")
                    .append(passages.get(i).text().strip())
                    .append('\n');
        }
        return found.toString().strip();
    }
}
