package gradus.lessons.experts;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class ExpertCapacityExercise {
    private ExpertCapacityExercise() {}

    static Exercise exercise() {
        return Exercise.of(ExpertCapacity.class, "Room for so many tokens")
                .tolerance(1e-9)
                .probe(
                        "three tokens, room for two",
                        "all wish for expert 0: the first two find room, the third is dropped",
                        t -> t.call(new int[][] {{0}, {0}, {0}}, 1, 2))
                .probe(
                        "first wishes before second ones",
                        "Token 0 has expert 0 as its second wish, token 1 as its first: with room for one, token 1 gets"
                                + " it. Token 0 gets expert 1",
                        t -> t.call(new int[][] {{1, 0}, {0, 1}}, 2, 1))
                .probe("no room", "capacity 0", t -> t.call(new int[][] {{1, 0}, {0, 1}}, 2, 0))
                .probe("one token", "", t -> t.call(new int[][] {{2, 0, 1}}, 3, 1))
                .probe(
                        "a token dropped at its first wish",
                        "its second wish is dealt with as anyone's: it is not moved up",
                        t -> t.call(new int[][] {{0, 1}, {0, 1}, {1, 2}, {2, 0}}, 3, 1))
                .probe(
                        "a dropped token that finds room at its second wish",
                        "Expert 0 takes token 0 and drops token 1, which gets expert 1: nobody else wishes for it",
                        t -> t.call(new int[][] {{0, 2}, {0, 1}, {2, 0}}, 3, 1))
                .probe("seven tokens, four experts", "", t -> t.call(wishes(t, 7, 4, 2), 4, 3))
                .probe("many tokens", "", t -> t.call(wishes(t, 40, 5, 2), 5, 11))
                .probe("three wishes each", "", t -> t.call(wishes(t, 23, 6, 3), 6, 9))
                .bug(Bug.of("All wishes of a token are dealt with before the next token: second wishes push"
                                + " first ones out")
                        .replacing("choice = 0; choice < wishes[0].length; choice++", "m = 0; m < wishes.length; m++")
                        .replacing("n = 0; n < wishes.length; n++", "choice = 0; choice < wishes[0].length; choice++")
                        .replacing("int expert = wishes[n][choice]", "int n = m; int expert = wishes[n][choice]"))
                .bug(Bug.of("The last tokens come first")
                        .replacing(
                                "int expert = wishes[n][choice]", "int expert = wishes[wishes.length - 1 - n][choice]")
                        .replacing("admitted[n][choice] = 1", "admitted[wishes.length - 1 - n][choice] = 1"))
                .bug("An expert takes one token too many", "taken[expert] < capacity", "taken[expert] <= capacity")
                .bug("An expert takes one token too few", "taken[expert] < capacity", "taken[expert] + 1 < capacity")
                .bug(
                        "The capacity is that of all experts together",
                        "taken[expert] < capacity",
                        "java.util.Arrays.stream(taken).sum() < capacity")
                .bug(
                        "What first wishes took is forgotten when second ones come: each round begins with empty"
                                + " experts",
                        "choice++) {",
                        "choice++) { taken = new int[experts];")
                .bug(
                        "Second wishes come before first ones",
                        "int expert = wishes[n][choice];",
                        "int expert = wishes[n][wishes[0].length - 1 - choice];")
                .bug("Only first wishes are dealt with", "choice < wishes[0].length", "choice < 1")
                .bug(
                        "A token that was dropped once gets nothing any more",
                        "if (taken[expert] < capacity)",
                        "if (taken[expert] < capacity && (choice == 0 || admitted[n][choice - 1] == 1))")
                .bug(
                        "A token gets a second expert only if its first wish was dropped",
                        "if (taken[expert] < capacity)",
                        "if (taken[expert] < capacity && (choice == 0 ||"
                                + " java.util.Arrays.stream(admitted[n]).sum() == 0))")
                .variant("every wish counts who came before it", """
                        int k = wishes[0].length;
                        int[][] result = new int[wishes.length][k];
                        for (int n = 0; n < wishes.length; n++) {
                            for (int c = 0; c < k; c++) {
                                int before = 0;
                                for (int m = 0; m < wishes.length; m++) {
                                    for (int d = 0; d < k; d++) {
                                        boolean earlier = d < c || d == c && m < n;
                                        before += earlier && wishes[m][d] == wishes[n][c] ? 1 : 0;
                                    }
                                }
                                result[n][c] = before < capacity ? 1 : 0;
                            }
                        }
                        return result;
                        """)
                .variant("expert by expert", """
                        int[][] result = new int[wishes.length][wishes[0].length];
                        for (int e = experts - 1; e >= 0; e--) {
                            int room = capacity;
                            for (int at = 0; at < wishes.length * wishes[0].length; at++) {
                                int n = at % wishes.length;
                                int c = at / wishes.length;
                                if (wishes[n][c] == e && room-- > 0) {
                                    result[n][c]++;
                                }
                            }
                        }
                        return result;
                        """)
                .hints(
                        "In which order are the N·k wishes dealt with? Write it down for two tokens with two wishes.",
                        "The outer loop goes over the choices, the inner one over the tokens; one counter for"
                                + " each expert.",
                        "If taken[expert] < capacity, add 1 to it and set the wish's place to 1.")
                .reading("The section \"Capacity\" of this lesson; Lepikhin et al. 2020");
    }

    private static int[][] wishes(Trial t, int tokens, int experts, int k) {
        int[][] wishes = new int[tokens][k];
        for (int n = 0; n < tokens; n++) {
            int[] drawn = t.ints(experts, k); // the first experts are in demand
            boolean[] used = new boolean[experts];
            for (int c = 0; c < k; c++) {
                int expert = drawn[c] * drawn[c] / experts;
                while (used[expert]) {
                    expert = (expert + 1) % experts;
                }
                used[expert] = true;
                wishes[n][c] = expert;
            }
        }
        return wishes;
    }
}
