package gradus.lessons.retrieve.search;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// A document that was found.
///
/// @param id    the document's
/// @param score how well it fits: more is better; scores of different retrievers are not comparable
public record Hit(String id, double score) {
    /// The higher score first; of equal ones the id that comes first by code points, which is the order of
    /// UTF-8.
    public static final Comparator<Hit> BEST_FIRST =
            Comparator.comparingDouble(Hit::score).reversed().thenComparing(Hit::id, Hit::byCodePoints);

    /// The ids alone.
    public static List<String> ids(List<Hit> hits) {
        return hits.stream().map(Hit::id).toList();
    }

    private static int byCodePoints(String a, String b) {
        return Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }
}
