package gradus.lessons.bigram;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.List;

final class BigramCountsExercise {
    private BigramCountsExercise() {}

    static Exercise exercise() {
        return Exercise.of(BigramCounts.class, "Counting pairs of letters")
                .tolerance(1e-9)
                .probe("a word of one letter", "(edge, a) and (a, edge): [0][1] and [1][0]", t -> t.call(List.of("a")))
                .probe("two letters", "[0][1], [1][2] and [2][0]", t -> t.call(List.of("ab")))
                .probe("the last letter", "z is 26: [0][26] and [26][0]", t -> t.call(List.of("z")))
                .probe("the same letter three times", "[1][1] counts 2", t -> t.call(List.of("aaa")))
                .probe(
                        "two words",
                        "(b, c) is no pair: a word ends before the next begins",
                        t -> t.call(List.of("ab", "cd")))
                .probe("the same word twice", "every count is 2", t -> t.call(List.of("cab", "cab")))
                .probe("no words", "all zero", t -> t.call(List.of()))
                .probe("an empty word", "[0][0] counts 1", t -> t.call(List.of("", "b")))
                .probe("forty random words", "", t -> t.call(random(t.next())))
                .bug(
                        "Rows and columns are exchanged: the row is the letter before",
                        "counts[before][letter]++",
                        "counts[letter][before]++")
                .bug(
                        "The pair of the last letter and the edge is missing: the model would never end a word",
                        "counts[before][0]++;",
                        "")
                .bug(
                        "The pair of the edge and the first letter is missing: the model would not know how to begin",
                        "counts[before][letter]++;",
                        "if (i > 0) {\n    counts[before][letter]++;\n}")
                .bug(Bug.of("A word does not begin at the edge, but after the last letter of the word before")
                        .replacing("            int before = 0;\n", "")
                        .replacing("double[][] counts", "int before = 0;\n        double[][] counts"))
                .bug("a is counted as 0, which is the edge", "- 'a' + 1", "- 'a'")
                .bug(
                        "Only whether a pair occurs is kept, not how often",
                        "counts[before][letter]++",
                        "counts[before][letter] = 1")
                .bug(
                        "The letter before stays the first one",
                        "before = letter;",
                        "before = before == 0 ? letter : before;")
                .variant("with an edge on both sides of the word", """
                        double[][] n = new double[27][27];
                        for (String each : words) {
                            String word = "`" + each + "`"; // the character before a
                            for (int i = 1; i < word.length(); i++) {
                                n[word.charAt(i - 1) - '`'][word.charAt(i) - '`'] += 1;
                            }
                        }
                        return n;
                        """)
                .variant("all words in one text", """
                        double[][] n = new double[27][];
                        for (int i = 0; i < 27; i++) {
                            n[i] = new double[27];
                        }
                        String text = "." + String.join(".", words) + (words.isEmpty() ? "" : ".");
                        int[] ids = text.chars().map(c -> c == '.' ? 0 : c - 'a' + 1).toArray();
                        for (int i = 0; i + 1 < ids.length; i++) {
                            n[ids[i]][ids[i + 1]] += 1.0;
                        }
                        return n;
                        """)
                .hints(
                        "How many pairs has the word \"ab\", edges included?",
                        "Remember the symbol before, which is 0 at the start of every word.",
                        "For each letter counts[before][letter]++ and before = letter; after the word"
                                + " counts[before][0]++.")
                .reading("The section \"Counting\" of this lesson");
    }

    private static List<String> random(Rng rng) {
        List<String> words = new ArrayList<>();
        for (int w = 0; w < 40; w++) {
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
