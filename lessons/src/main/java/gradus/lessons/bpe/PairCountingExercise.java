package gradus.lessons.bpe;

import gradus.lessons.learn.exercise.Exercise;
import java.util.ArrayList;
import java.util.List;

final class PairCountingExercise {
    private PairCountingExercise() {}

    static Exercise exercise() {
        return Exercise.of(PairCounting.class, "Count the pairs of neighbours")
                .probe(
                        "one word of three ids",
                        "1 2 3 holds (1, 2) and (2, 3), once each",
                        t -> t.call(List.of(List.of(1, 2, 3)), new int[] {1}))
                .probe(
                        "both orders, and a pair that comes again",
                        "1 2 1 2 holds (1, 2) twice and (2, 1) once",
                        t -> t.call(List.of(List.of(1, 2, 1, 2)), new int[] {1}))
                .probe(
                        "one word that stands three times",
                        "(4, 5) occurs once in the word, and the word three times: 3",
                        t -> t.call(List.of(List.of(4, 5)), new int[] {3}))
                .probe(
                        "four equal ids",
                        "7 7 7 7 has neighbours at places 0-1, 1-2 and 2-3: (7, 7) three times",
                        t -> t.call(List.of(List.of(7, 7, 7, 7)), new int[] {1}))
                .probe(
                        "two words",
                        "(1, 2) from the first word, (3, 4) from the second; (2, 3) would reach over the border",
                        t -> t.call(List.of(List.of(1, 2), List.of(3, 4)), new int[] {1, 1}))
                .probe(
                        "the same pair in two words",
                        "(1, 2) twice from the first word, five times from the second: 7",
                        t -> t.call(List.of(List.of(1, 2), List.of(9, 1, 2)), new int[] {2, 5}))
                .probe(
                        "an empty word and words of one id",
                        "none of these has a neighbour",
                        t -> t.call(List.of(List.of(), List.of(8), List.of(), List.of(8)), new int[] {4, 2, 1, 3}))
                .probe("no words", "no pair at all", t -> t.call(List.of(), new int[0]))
                .probe("many words of few ids", "", t -> {
                    List<List<Integer>> words = new ArrayList<>();
                    int[] times = t.ints(9, 30);
                    for (int w = 0; w < times.length; w++) {
                        words.add(t.next().index(0, 5) == 0 ? List.of(3) : numbers(t.ints(4, 2 + w % 7)));
                        times[w]++;
                    }
                    return t.call(words, times);
                })
                .probe("ids above a byte", "ids may be as large as the vocabulary", t -> {
                    List<Integer> word = List.of(300, 50_000, 300, 50_000, 50_000, 50_000);
                    return t.call(List.of(word, List.of(50_000, 300)), new int[] {1000, 1});
                })
                .bug(
                        "A pair that overlaps the equal pair before it is left out: 7 7 7 7 must count (7, 7) three"
                                + " times",
                        "for (int i = 0; i + 1 < word.size(); i++) {",
                        "for (int i = 0; i + 1 < word.size(); i++) {"
                                + " if (i > 0 && word.get(i - 1).equals(word.get(i))"
                                + " && word.get(i).equals(word.get(i + 1))) { continue; }")
                .bug(
                        "How often a word stands in the corpus is not counted: each word counts once",
                        "times[w], Integer::sum",
                        "1, Integer::sum")
                .bug("The last pair of each word is missing", "i + 1 < word.size()", "i + 2 < word.size()")
                .bug(
                        "Pairs reach over the border of words: the last id of one and the first of the next are"
                                + " counted",
                        "List<Integer> word = words.get(w);",
                        "List<Integer> word = new java.util.ArrayList<>(words.get(w));"
                                + " if (!word.isEmpty() && w + 1 < words.size() && !words.get(w + 1).isEmpty())"
                                + " { word.add(words.get(w + 1).get(0)); }")
                .bug(
                        "The order within a pair is lost: (1, 2) and (2, 1) are counted as one",
                        "List.of(word.get(i), word.get(i + 1))",
                        "List.of(Math.min(word.get(i), word.get(i + 1)), Math.max(word.get(i), word.get(i + 1)))")
                .bug(
                        "A count is overwritten, not added to: only the last word that holds a pair counts",
                        "counts.merge(List.of(word.get(i), word.get(i + 1)), times[w], Integer::sum);",
                        "counts.put(List.of(word.get(i), word.get(i + 1)), times[w]);")
                .bug(
                        "The walk steps over two ids at once: 1 2 3 must give (2, 3) too",
                        "i + 1 < word.size(); i++",
                        "i + 1 < word.size(); i += 2")
                .variant("from the right side, with getOrDefault", """
                        Map<List<Integer>, Integer> counts = new HashMap<>();
                        for (int w = words.size() - 1; w >= 0; w--) {
                            for (int i = words.get(w).size() - 1; i > 0; i--) {
                                List<Integer> pair = List.of(words.get(w).get(i - 1), words.get(w).get(i));
                                counts.put(pair, counts.getOrDefault(pair, 0) + times[w]);
                            }
                        }
                        return counts;
                        """)
                .variant("one place at a time, as a tree map by text", """
                        Map<List<Integer>, Integer> counts =
                                new java.util.TreeMap<>(java.util.Comparator.comparing(List::toString));
                        for (int w = 0; w < times.length; w++) {
                            Integer left = null;
                            for (Integer right : words.get(w)) {
                                if (left != null) {
                                    List<Integer> pair = java.util.Arrays.asList(left, right);
                                    for (int n = 0; n < times[w]; n++) {
                                        counts.compute(pair, (p, c) -> c == null ? 1 : c + 1);
                                    }
                                }
                                left = right;
                            }
                        }
                        return counts;
                        """)
                .hints(
                        "How many pairs has a word of n ids? Where does the last one begin?",
                        "Two loops: over the words, and in each word over every place that has a right neighbour.",
                        "For each i with i + 1 < word.size(): counts.merge(List.of(word.get(i), word.get(i + 1)),"
                                + " times[w],"
                                + " Integer::sum).")
                .reading("The section \"Training\" of this lesson; Sennrich, Haddow & Birch 2016, algorithm 1");
    }

    private static List<Integer> numbers(int[] ids) {
        return java.util.Arrays.stream(ids).boxed().toList();
    }
}
