package gradus.lessons.lab.retrieve;

import gradus.lessons.retrieve.search.Filter;
import gradus.lessons.retrieve.search.Hit;
import gradus.lessons.retrieve.search.Retriever;
import java.util.ArrayList;
import java.util.List;

/// The first documents as a reranker orders them, and behind them the others as they were found.
record RerankedTop(Retriever reranked, Retriever first, int depth) implements Retriever {
    @Override
    public List<Hit> search(String query, int k, Filter filter) {
        List<Hit> all = new ArrayList<>(reranked.search(query, depth, filter));
        first.search(query, Math.max(k, depth), filter).stream()
                .skip(all.size())
                .forEach(all::add);
        return all.stream().limit(k).toList();
    }
}
