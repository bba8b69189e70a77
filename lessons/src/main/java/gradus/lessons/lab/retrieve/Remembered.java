package gradus.lessons.lab.retrieve;

import gradus.lessons.retrieve.search.Filter;
import gradus.lessons.retrieve.search.Hit;
import gradus.lessons.retrieve.search.Retriever;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A retriever that keeps what it found: several hybrids ask the same. Without filters.
final class Remembered implements Retriever {
    /// How many documents it finds.
    static final int DEPTH = 100;

    private final Retriever retriever;
    private final Map<String, List<Hit>> found = new HashMap<>();

    Remembered(Retriever retriever) {
        this.retriever = retriever;
    }

    @Override
    public List<Hit> search(String query, int k, Filter filter) {
        return found.computeIfAbsent(query, asked -> retriever.search(asked, DEPTH)).stream()
                .limit(k)
                .toList();
    }
}
