package gradus.lessons.selfinstruct;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import java.util.Arrays;
import java.util.List;

final class RougeScoreExercise {
    private static final String LONGEST = "int longest = common[a.size()][b.size()];";
    private static final String F = "2.0 * longest / both";

    private RougeScoreExercise() {}

    static Exercise exercise() {
        return Exercise.of(RougeScore.class, "ROUGE-L")
                .forbid("RougeL")
                .tolerance(1e-9)
                .probe("the same", "LCS = 3, F = 6/6", t -> call(t, "write a poem", "write a poem"))
                .probe("nothing in common", "0", t -> call(t, "write a poem", "sing songs"))
                .probe(
                        "one word more",
                        "LCS = 3 of 3 and 4 words: 6/7",
                        t -> call(t, "write a poem", "write a short poem"))
                .probe(
                        "words between",
                        "a … c … e stand in both in this order: LCS = 3, F = 6/8",
                        t -> call(t, "a b c d e", "a c e"))
                .probe(
                        "another order",
                        "the words are the same, but only one can be found in order: 2/6",
                        t -> call(t, "a b c", "c b a"))
                .probe("shifted by one", "b c d: LCS = 3, F = 6/8", t -> call(t, "a b c d", "b c d e"))
                .probe(
                        "a word that is repeated",
                        "one a can be found twice only where both have it twice: LCS = 1, F = 2/4",
                        t -> call(t, "a", "a a a"))
                .probe(
                        "a way that must go round",
                        "a b a and b a b have a b in common, or b a: LCS = 2, F = 4/6",
                        t -> call(t, "a b a", "b a b"))
                .probe("a short text in a long one", "LCS = 1, F = 2/6", t -> call(t, "c", "a b c d e"))
                .probe("a long text and a short one", "F does not mind which is first", t -> call(t, "a b c d e", "c"))
                .probe("one is empty", "0", t -> t.call(List.of(), words("a b")))
                .probe("both are empty", "they are the same: 1", t -> t.call(List.of(), List.of()))
                .probe("few words, often", "", t -> t.call(drawn(t, 3, 12), drawn(t, 3, 9)))
                .probe("more words", "", t -> t.call(drawn(t, 6, 30), drawn(t, 6, 41)))
                .bug(Bug.of("Only words without others between them count: the longest common piece")
                        .replacing("Math.max(common[i - 1][j], common[i][j - 1])", "0")
                        .replacing(
                                LONGEST,
                                "int longest = java.util.Arrays.stream(common)"
                                        + ".flatMapToInt(java.util.Arrays::stream).max().orElse(0);"))
                .bug(
                        "The order of the words does not count",
                        LONGEST,
                        "int longest = 0; List<String> left = new java.util.ArrayList<>(b); for (String word : a) {"
                                + " longest += left.remove(word) ? 1 : 0; }")
                .bug(
                        "Words count only at the same place in both texts",
                        LONGEST,
                        "int longest = 0; for (int i = 0; i < Math.min(a.size(), b.size()); i++) {"
                                + " longest += a.get(i).equals(b.get(i)) ? 1 : 0; }")
                .bug("It is P, the part of the first text, not F", F, "longest / Math.max(1.0, a.size())")
                .bug("It is R, the part of the second text, not F", F, "longest / Math.max(1.0, b.size())")
                .bug("The 2 is missing: equal texts have 1/2", F, "1.0 * longest / both")
                .bug(
                        "LCS is divided by the length of the longer text",
                        F,
                        "1.0 * longest / Math.max(a.size()," + " b.size())")
                .bug(
                        "LCS is divided by the length of the shorter text: a word is like every text that has it",
                        F,
                        "longest / Math.max(1.0, Math.min(a.size(), b.size()))")
                .bug("It is the product of P and R", F, "1.0 * longest * longest / Math.max(1, a.size() * b.size())")
                .bug(
                        "LCS is divided by the words of both, common ones counted once",
                        F,
                        "1.0 * longest / (both - longest)")
                .bug("Two empty texts are not alike at all, and should be the same", "both == 0 ? 1", "both == 0 ? 0")
                .bug(
                        "A word is counted again for every equal word of the other text",
                        "common[i - 1][j - 1] + 1",
                        "Math.max(common[i - 1][j], common[i][j - 1]) + 1")
                .bug("The first word of the first text is left out", "int i = 1", "int i = 2")
                .bug("The first word of the second text is left out", "int j = 1", "int j = 2")
                .bug(
                        "Words are compared with ==, which is only true of one and the same object",
                        "a.get(i - 1).equals(b.get(j - 1))",
                        "a.get(i - 1) == b.get(j - 1)")
                .bug(
                        "Where two words differ, only one of the two ways is looked at",
                        "Math.max(common[i - 1][j], common[i][j - 1])",
                        "common[i - 1][j]")
                .variant("one row", """
                        int[] row = new int[b.size() + 1];
                        for (String word : a) {
                            int diagonal = 0;
                            for (int j = 1; j < row.length; j++) {
                                int above = row[j];
                                row[j] = word.equals(b.get(j - 1)) ? diagonal + 1 : Math.max(above, row[j - 1]);
                                diagonal = above;
                            }
                        }
                        double longest = row[b.size()];
                        if (a.equals(b)) {
                            return 1;
                        }
                        if (longest == 0) {
                            return 0;
                        }
                        double p = longest / a.size();
                        double r = longest / b.size();
                        return 2 * p * r / (p + r);
                        """)
                .variant("from behind", """
                        int n = a.size();
                        int m = b.size();
                        int[][] rest = new int[n + 1][m + 1];
                        for (int i = n - 1; i >= 0; i--) {
                            for (int j = m - 1; j >= 0; j--) {
                                rest[i][j] = Math.max(rest[i + 1][j], rest[i][j + 1]);
                                if (a.get(i).equals(b.get(j))) {
                                    rest[i][j] = Math.max(rest[i][j], 1 + rest[i + 1][j + 1]);
                                }
                            }
                        }
                        return n + m == 0 ? 1 : rest[0][0] / ((n + m) / 2.0);
                        """)
                .hints(
                        "What is LCS of \"a b\" and \"a c b\", if you know it of all shorter beginnings?",
                        "A table with n + 1 rows and m + 1 columns, of which the first ones are 0.",
                        "common[i][j] = equal ? common[i-1][j-1] + 1 : max(common[i-1][j], common[i][j-1]); then 2.0 *"
                                + " common[n][m] / (n + m).")
                .reading("The section \"Not the same again\" of this lesson; Lin 2004, ROUGE");
    }

    /// Texts that are no constants, so that equal words are different objects.
    private static List<String> words(String text) {
        return Arrays.asList(text.split(" "));
    }

    private static Object call(Trial t, String a, String b) {
        return t.call(words(a), words(b));
    }

    private static List<String> drawn(Trial t, int different, int count) {
        return Arrays.stream(t.ints(different, count))
                .mapToObj(each -> "w" + each)
                .toList();
    }
}
