package gradus.bench.retrieve;

import gradus.lessons.retrieve.measure.Judged;
import gradus.lessons.retrieve.measure.Recall;
import gradus.lessons.retrieve.search.Hit;
import gradus.lessons.retrieve.search.Retriever;
import java.util.List;
import java.util.stream.Collectors;

/// How much of what an exact search finds an approximate one finds too.
final class Found {
    private Found() {}

    /// recall@k with the first k of the exact search as the relevant ones, the mean over questions.
    static double recall(Retriever exact, Retriever approximate, List<String> questions, int k) {
        Recall recall = new Recall(k);
        return questions.stream()
                .mapToDouble(question -> {
                    var relevant = exact.search(question, k).stream().collect(Collectors.toMap(Hit::id, hit -> 1));
                    return recall.of(new Judged(Hit.ids(approximate.search(question, k)), relevant));
                })
                .average()
                .orElseThrow();
    }
}
