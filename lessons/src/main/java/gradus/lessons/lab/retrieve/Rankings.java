package gradus.lessons.lab.retrieve;

import gradus.lessons.retrieve.measure.Evaluation;
import gradus.lessons.retrieve.measure.Measure;
import gradus.lessons.retrieve.search.Hit;
import gradus.lessons.retrieve.search.Retriever;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Predicate;

/// What each way of searching found for each question.
final class Rankings {
    private final List<Question> questions = new ArrayList<>();
    private final SequencedMap<String, List<List<String>>> byWay = new LinkedHashMap<>();

    /// Asks all ways.
    ///
    /// @param ways the same names each time
    /// @param k    how many documents are found
    void ask(List<Question> asked, SequencedMap<String, Retriever> ways, int k) {
        questions.addAll(asked);
        ways.forEach((name, way) -> {
            List<List<String>> found = byWay.computeIfAbsent(name, first -> new ArrayList<>());
            asked.forEach(question -> found.add(Hit.ids(way.search(question.text(), k))));
        });
    }

    /// The ways, in their order.
    List<String> ways() {
        return List.copyOf(byWay.keySet());
    }

    /// A measure of one way, by question, over some of the questions in their order.
    double[] values(String way, Measure measure, Predicate<Question> which) {
        Map<String, List<String>> found = new HashMap<>();
        SequencedMap<String, Map<String, Integer>> judged = new LinkedHashMap<>();
        for (int i = 0; i < questions.size(); i++) {
            if (which.test(questions.get(i))) {
                String number = Integer.toString(i);
                Map<String, Integer> grades = new HashMap<>();
                questions.get(i).relevant().forEach(id -> grades.put(id, 1));
                found.put(number, byWay.get(way).get(i));
                judged.put(number, grades);
            }
        }
        return Evaluation.of(measure, found, judged).toArray();
    }
}
