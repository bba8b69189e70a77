package gradus.lessons.retrieve.measure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// A measure over many questions.
///
/// @param values  by question, in the order of the judgements; those without a relevant document are left out
/// @param skipped these questions
public record Evaluation(SequencedMap<String, Double> values, List<String> skipped) {
    public Evaluation {
        values = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
        skipped = List.copyOf(skipped);
    }

    /// @param rankings   what was found, ids best first, by question; none for a question is an empty ranking
    /// @param judgements the grades of documents, by question
    /// @throws gradus.error.ConfigException if a ranking or a judgement is none
    public static Evaluation of(
            Measure measure,
            Map<String, List<String>> rankings,
            SequencedMap<String, Map<String, Integer>> judgements) {
        SequencedMap<String, Double> values = new LinkedHashMap<>();
        List<String> skipped = new ArrayList<>();
        judgements.forEach((question, grades) -> {
            if (Judged.isMeasurable(grades)) {
                values.put(question, measure.of(new Judged(rankings.getOrDefault(question, List.of()), grades)));
            } else {
                skipped.add(question);
            }
        });
        return new Evaluation(values, skipped);
    }

    /// The mean over the questions; NaN if none is left.
    public double mean() {
        return values.values().stream().mapToDouble(value -> value).average().orElse(Double.NaN);
    }

    /// The values alone, for [Bootstrap] and [PairedRandomisation].
    public double[] toArray() {
        return values.values().stream().mapToDouble(value -> value).toArray();
    }
}
