package gradus.lessons.mlp;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.List;

final class ContextsExercise {
    private ContextsExercise() {}

    static Exercise exercise() {
        return Exercise.of(Contexts.class, "Contexts and targets")
                .tolerance(1e-9)
                .probe(
                        "one letter",
                        "an edge, then a; then a, and the word ends: [0, 1] and [1, 0]",
                        t -> t.call(List.of("a"), 1))
                .probe(
                        "two letters, a context of two",
                        "[0, 0, 1], [0, 1, 2] and [1, 2, 0]",
                        t -> t.call(List.of("ab"), 2))
                .probe(
                        "a context longer than the word",
                        "[0, 0, 0, 26] and [0, 0, 26, 0]",
                        t -> t.call(List.of("z"), 3))
                .probe(
                        "a word longer than the context",
                        "the oldest symbol drops out",
                        t -> t.call(List.of("abcde"), 3))
                .probe(
                        "two words",
                        "the second begins with edges, not with the end of the first",
                        t -> t.call(List.of("abc", "de"), 2))
                .probe("an empty word", "its end: [0, 0, 0]", t -> t.call(List.of("", "b"), 2))
                .probe("no words", "no rows", t -> t.call(List.of(), 2))
                .probe("random words", "", t -> t.call(random(t.next()), 4))
                .bug(Bug.of("The context is not emptied between words: a word begins with the end of the one before")
                        .replacing(
                                "            int[] window = new int[block + 1]; // the context, and the target\n", "")
                        .replacing("List<int[]> rows", "int[] window = new int[block + 1];\n        List<int[]> rows"))
                .bug(
                        "The end of a word is not a target: the model would never stop",
                        "i <= word.length()",
                        "i < word.length()")
                .bug("All rows are one array, so that they all hold the last example", "window.clone()", "window")
                .bug("a is counted as 0, which is the edge", "- 'a' + 1", "- 'a'")
                .bug("The context stands newest first", "rows.add(window.clone());", """
                        int[] row = window.clone();
                        for (int k = 0; k < block; k++) {
                            row[k] = window[block - 1 - k];
                        }
                        rows.add(row);
                        """)
                .bug(
                        "The context already holds the target, which the model then only has to copy",
                        "rows.add(window.clone());",
                        """
                        int[] row = window.clone();
                        System.arraycopy(window, 1, row, 0, block);
                        rows.add(row);
                        """)
                .bug(
                        "Examples are left out until the context is full, so that the model never sees how"
                                + " a word begins",
                        "rows.add(window.clone());",
                        "if (i >= block) {\n    rows.add(window.clone());\n}")
                .variant("windows of the padded word", """
                        List<int[]> rows = new ArrayList<>();
                        for (String word : words) {
                            int n = word.length();
                            int[] padded = new int[block + n + 1];
                            for (int i = 0; i < n; i++) {
                                padded[block + i] = word.charAt(i) - '`';
                            }
                            for (int start = 0; start <= n; start++) {
                                rows.add(java.util.Arrays.copyOfRange(padded, start, start + block + 1));
                            }
                        }
                        return rows.toArray(int[][]::new);
                        """)
                .variant("counted first, then filled in", """
                        int count = words.stream().mapToInt(word -> word.length() + 1).sum();
                        int[][] all = new int[count][block + 1];
                        int at = 0;
                        for (String word : words) {
                            for (int target = 0; target <= word.length(); target++, at++) {
                                for (int back = 0; back <= block; back++) {
                                    int i = target - back;
                                    all[at][block - back] = i < 0 || i == word.length() ? 0 : word.charAt(i) - 96;
                                }
                            }
                        }
                        return all;
                        """)
                .hints(
                        "Write down all examples of \"ab\" with a context of 2. How many are there?",
                        "Keep a window of block + 1 symbols, all 0 at the start of each word; shift it by"
                                + " one for each symbol.",
                        "System.arraycopy(window, 1, window, 0, block), put the symbol (0 at the end) last,"
                                + " add a copy.")
                .reading("The section \"A window over the word\" of this lesson");
    }

    private static List<String> random(Rng rng) {
        List<String> words = new ArrayList<>();
        for (int w = 0; w < 9; w++) {
            StringBuilder word = new StringBuilder();
            int length = rng.index(100L * w, 8);
            for (int i = 0; i < length; i++) {
                word.append((char) ('a' + rng.index(100L * w + i + 1, 26)));
            }
            words.add(word.toString());
        }
        return words;
    }
}
