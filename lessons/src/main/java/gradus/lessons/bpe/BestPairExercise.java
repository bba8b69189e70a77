package gradus.lessons.bpe;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

final class BestPairExercise {
    private BestPairExercise() {}

    static Exercise exercise() {
        return Exercise.of(BestPair.class, "Choose the pair to merge")
                .tolerance(1e-9)
                .probe(
                        "the largest in the middle",
                        "5 is more than 2 and 3: (3, 4)",
                        t -> t.call(counts(1, 2, 2, 3, 4, 5, 5, 6, 3)))
                .probe("one pair", "there is no other", t -> t.call(counts(8, 9, 1)))
                .probe(
                        "two equal counts, the smaller left id later",
                        "both occur 4 times; 3 is less than 7: (3, 9)",
                        t -> t.call(counts(7, 1, 4, 3, 9, 4)))
                .probe(
                        "two equal counts, the smaller left id first",
                        "both occur 4 times; 3 is less than 7: (3, 9)",
                        t -> t.call(counts(3, 9, 4, 7, 1, 4)))
                .probe(
                        "equal counts and equal left ids",
                        "of (5, 8), (5, 2) and (5, 6) the smallest right id is 2",
                        t -> t.call(counts(5, 8, 2, 5, 2, 2, 5, 6, 2, 1, 1, 1)))
                .probe(
                        "ids and counts above 127",
                        "Java keeps one Integer object for each number up to 127 only: == on larger ones compares"
                                + " objects, not numbers",
                        t -> t.call(counts(1000, 2000, 500, 1000, 1500, 500, 1000, 1700, 500, 900, 3000, 499)))
                .probe(
                        "a tie among small counts does not matter",
                        "9 is the largest, whatever comes before it",
                        t -> t.call(counts(1, 1, 3, 1, 2, 3, 400, 300, 9)))
                .probe("ids of one digit and of two", "as numbers 9 comes before 10; as text it would not", t -> {
                    t.see("left ids", t.call(counts(10, 1, 3, 9, 1, 3)));
                    t.see("right ids", t.call(counts(1, 100, 3, 1, 20, 3)));
                    return null;
                })
                .probe("many pairs, many ties", "", t -> {
                    int[] numbers = t.ints(6, 300);
                    for (int i = 2; i < numbers.length; i += 3) {
                        numbers[i] = 1 + numbers[i] / 2;
                    }
                    return t.call(counts(numbers));
                })
                .bug(
                        "Of equal counts the one that the map gives first wins: the result depends on the map's order",
                        "count > most || count == most && first",
                        "count > most")
                .bug(
                        "Of equal counts the one that the map gives last wins: the result depends on the map's order",
                        "count > most || count == most && first",
                        "count >= most")
                .bug(
                        "Of equal counts the largest pair wins, not the smallest",
                        "count == most && first",
                        "count == most && !first")
                .bug(
                        "Of equal counts and equal left ids the largest right id wins",
                        "pair.get(1) < best.get(1)",
                        "pair.get(1) > best.get(1)")
                .bug(
                        "Two Integer objects are compared by ==, which fails for numbers above 127",
                        "pair.get(0).equals(best.get(0))",
                        "pair.get(0) == best.get(0)")
                .bug(Bug.of("The pair with the smallest count is chosen")
                        .replacing("int most = 0;", "int most = Integer.MAX_VALUE;")
                        .replacing("count > most", "count < most"))
                .bug(Bug.of("Of equal counts the smallest right id wins, and the left id only after it")
                        .replacing("|| pair.get(0) < best.get(0)", "|| pair.get(1) < best.get(1)")
                        .replacing(
                                "|| pair.get(0).equals(best.get(0)) && pair.get(1) < best.get(1)",
                                "|| pair.get(1).equals(best.get(1)) && pair.get(0) < best.get(0)"))
                .variant("sorted", """
                        return counts.entrySet().stream()
                                .sorted((a, b) -> {
                                    if (!a.getValue().equals(b.getValue())) {
                                        return b.getValue() - a.getValue();
                                    }
                                    int left = a.getKey().get(0).compareTo(b.getKey().get(0));
                                    return left != 0 ? left : a.getKey().get(1).compareTo(b.getKey().get(1));
                                })
                                .findFirst()
                                .orElseThrow()
                                .getKey();
                        """)
                .variant("the largest count first, then the smallest pair that has it", """
                        int most = java.util.Collections.max(counts.values());
                        long smallest = Long.MAX_VALUE;
                        for (List<Integer> pair : counts.keySet()) {
                            if (counts.get(pair) == most) {
                                smallest = Math.min(smallest, pair.get(0) * 1_000_000_000L + pair.get(1));
                            }
                        }
                        return List.of((int) (smallest / 1_000_000_000L), (int) (smallest % 1_000_000_000L));
                        """)
                .hints(
                        "What must be true of a pair for it to replace the best one so far?",
                        "Its count is larger; or its count is the same and its left id is smaller; or both are the"
                                + " same and"
                                + " its right id is smaller. Compare Integer objects by equals, or as int.",
                        "count > most || count == most && (left < bestLeft || left == bestLeft && right <"
                                + " bestRight), all"
                                + " of them int.")
                .reading("The section \"Ties\" of this lesson");
    }

    /// left, right, count, left, right, count, …
    private static Map<List<Integer>, Integer> counts(int... numbers) {
        Map<List<Integer>, Integer> counts = new LinkedHashMap<>();
        for (int i = 0; i < numbers.length; i += 3) {
            counts.put(List.of(numbers[i], numbers[i + 1]), numbers[i + 2]);
        }
        return counts;
    }
}
