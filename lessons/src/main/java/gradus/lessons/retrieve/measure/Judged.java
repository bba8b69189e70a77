package gradus.lessons.retrieve.measure;

import static gradus.error.ConfigException.require;

import gradus.error.Printable;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// What a retriever found for one question, and which documents are relevant to it.
///
/// @param ranking the ids that were found, best first, none twice
/// @param grades  how relevant documents are, by id: 0 is not relevant, as are those that are not named
public record Judged(List<String> ranking, Map<String, Integer> grades) {
    /// @throws gradus.error.ConfigException if an id stands in the ranking twice, a grade is negative, or no
    ///                                      document is relevant: such a question measures nothing
    public Judged {
        ranking = List.copyOf(ranking);
        grades = Map.copyOf(grades);
        HashSet<String> seen = new HashSet<>();
        for (String id : ranking) {
            require(seen.add(id), "%s stands in the ranking twice", Printable.value(id));
        }
        grades.forEach(
                (id, grade) -> require(grade >= 0, "the grade of %s is negative: %d", Printable.value(id), grade));
        require(isMeasurable(grades), "no document is relevant to the question");
    }

    /// Whether any document is relevant.
    public static boolean isMeasurable(Map<String, Integer> grades) {
        return grades.values().stream().anyMatch(grade -> grade > 0);
    }

    /// The grade of the document at a place of the ranking, counted from 0.
    int grade(int place) {
        return grades.getOrDefault(ranking.get(place), 0);
    }

    /// How many of the first k are relevant.
    int hits(int k) {
        int hits = 0;
        for (int i = 0; i < Math.min(k, ranking.size()); i++) {
            hits += grade(i) > 0 ? 1 : 0;
        }
        return hits;
    }

    /// R, how many documents are relevant in all.
    int relevant() {
        return (int) grades.values().stream().filter(grade -> grade > 0).count();
    }

    static int cut(int k) {
        require(k >= 1, "a measure must look at the first 1 or more documents; got %d", k);
        return k;
    }
}
