package gradus.lessons.instructions;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;

final class ConversationIdsExercise {

    private ConversationIdsExercise() {}

    static Exercise exercise() {
        return Exercise.of(ConversationIds.class, "A conversation as a row of tokens")
                .tolerance(1e-9)
                .probe(
                        "one question",
                        "begin is 1, user 2, assistant 3, end 4: the text 1 50 becomes 1 2 50 4",
                        t -> t.call(new int[][] {{1, 50}}, 1, 2, 3, 4))
                .probe(
                        "question and answer",
                        "1, then 2 50 4, then 3 60 70 4: the 1 of the second text must not be in the row",
                        t -> t.call(new int[][] {{1, 50}, {1, 60, 70}}, 1, 2, 3, 4))
                .probe(
                        "three turns, an empty one",
                        "the empty answer is 3 4",
                        t -> t.call(new int[][] {{1, 50}, {1}, {1, 60}}, 1, 2, 3, 4))
                .probe("no turns", "begin alone", t -> t.call(new int[0][], 1, 2, 3, 4))
                .probe(
                        "other numbers of the special tokens",
                        "",
                        t -> t.call(new int[][] {{9, 1, 2}, {9, 3, 4}, {9, 5}, {9, 6, 8}}, 9, 100, 101, 0))
                .probe("many turns", "", t -> {
                    int[][] turns = new int[7][];
                    for (int i = 0; i < turns.length; i++) {
                        turns[i] = t.ints(50, 2 + i % 3);
                        for (int j = 0; j < turns[i].length; j++) {
                            turns[i][j] += 10;
                        }
                        turns[i][0] = 5;
                    }
                    return t.call(turns, 5, 6, 7, 8);
                })
                .bug(Bug.of("Two begin tokens: the one of the tokenizer stays in the first text")
                        .replacing("int length = 1;", "int length = turns.length == 0 ? 1 : 2;")
                        .replacing("int j = 1; j <", "int j = i == 0 ? 0 : 1; j <"))
                .bug(Bug.of("A begin token in every turn: those of the tokenizer must go")
                        .replacing("turn.length + 1;", "turn.length + 2;")
                        .replacing("int j = 1; j <", "int j = 0; j <"))
                .bug(Bug.of("No begin token at all")
                        .replacing("int length = 1;", "int length = 0;")
                        .replacing("row[0] = begin;", "")
                        .replacing("int at = 1;", "int at = 0;"))
                .bug(Bug.of("The last turn is left open: it has no end token")
                        .replacing(
                                "int[] row = new int[length];",
                                "int[] row = new int[length + (turns.length == 0 ? 1 :" + " 0)];")
                        .replacing("return row;", "return java.util.Arrays.copyOf(row, row.length - 1);"))
                .bug(Bug.of("Only the last turn has an end token")
                        .replacing("row[at++] = end;", "if (i == turns.length - 1) { row[at++] = end; }")
                        .replacing("return row;", "return java.util.Arrays.copyOf(row, at);"))
                .bug("The speakers are exchanged: the user begins", "i % 2 == 0", "i % 2 != 0")
                .bug("All turns are the user's", "i % 2 == 0 ? user : assistant", "user")
                .bug("Turns end with the begin token", "row[at++] = end;", "row[at++] = begin;")
                .bug(
                        "The markers stand behind the texts",
                        "return row;",
                        "at = 1; for (int i = 0; i < turns.length; i++) { for (int j = 1; j < turns[i].length; j++) {"
                                + " row[at++] = turns[i][j]; } row[at++] = i % 2 == 0 ? user : assistant; row[at++] ="
                                + " end; } return row;")
                .variant("a growing list", """
                        java.util.List<Integer> all = new java.util.ArrayList<>(java.util.List.of(begin));
                        boolean asks = true;
                        for (int[] turn : turns) {
                            all.add(asks ? user : assistant);
                            java.util.Arrays.stream(turn).skip(1).forEach(all::add);
                            all.add(end);
                            asks = !asks;
                        }
                        return all.stream().mapToInt(Integer::intValue).toArray();
                        """)
                .variant("streams joined", """
                        java.util.stream.IntStream all = java.util.stream.IntStream.of(begin);
                        for (int i = 0; i < turns.length; i++) {
                            int[] turn = turns[i].clone();
                            turn[0] = new int[] {user, assistant}[i & 1]; // in the place of the begin token
                            all = java.util.stream.IntStream.concat(all, java.util.Arrays.stream(turn));
                            all = java.util.stream.IntStream.concat(all, java.util.stream.IntStream.of(end));
                        }
                        return all.toArray();
                        """)
                .hints(
                        "How many begin tokens do the texts hold together, and how many may be in the row?",
                        "Each turn takes turn.length + 1 places: marker and end come, begin goes.",
                        "begin; then for turn i the marker i % 2 == 0 ? user : assistant, turns[i] from 1, and end.")
                .reading("The section \"From turns to tokens\" of this lesson");
    }
}
