package gradus.lessons.instructions;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class PackedRowExercise {
    private static final String TARGET = "targets[at] = labels[which][i + 1];";

    private PackedRowExercise() {}

    static Exercise exercise() {
        return Exercise.of(PackedRow.class, "Packing conversations")
                .tolerance(1e-9)
                .probe(
                        "one conversation that fills the row",
                        "in: 5 6 7; each predicts the next: 6 7 and nothing; at 0 1 2",
                        t -> t.call(new int[][] {{5, 6, 7}}, new int[][] {{5, 6, 7}}, 3, 0))
                .probe(
                        "padding",
                        "in: 5 6 9 9; the target 6 and three times -100; at 0 1 0 0",
                        t -> t.call(new int[][] {{5, 6}}, new int[][] {{5, 6}}, 4, 9))
                .probe(
                        "two conversations",
                        "6 ends the first and must not predict 7, which begins the second: 6 -100 8 -100; at 0 1 0 1",
                        t -> t.call(new int[][] {{5, 6}, {7, 8}}, new int[][] {{5, 6}, {7, 8}}, 4, 0))
                .probe(
                        "labels that do not count",
                        "the target of place 0 is the label of token 1, which is -100; that of place 1 is 7",
                        t -> t.call(new int[][] {{5, 6, 7}}, new int[][] {{-100, -100, 7}}, 3, 0))
                .probe(
                        "the first label counts",
                        "nothing comes before the first token, so nothing predicts it",
                        t -> t.call(new int[][] {{5, 6}, {8, 9}}, new int[][] {{-100, 6}, {8, -100}}, 5, 1))
                .probe(
                        "one token",
                        "it predicts nothing",
                        t -> t.call(new int[][] {{5}, {6}}, new int[][] {{5}, {6}}, 3, 0))
                .probe("an empty conversation", "it takes no place", t -> of(t, 9, 3, 0, 4))
                .probe("none", "padding alone", t -> of(t, 4))
                .probe("many", "", t -> of(t, 20, 3, 5, 1, 6, 2))
                .bug(
                        "The last token of a conversation predicts the first one of the next: they are not connected",
                        "if (i + 1 < ids[which].length) {",
                        "if (i + 1 == ids[which].length) { for (int next = which + 1; next < ids.length; next++) { if"
                                + " (ids[next].length > 0) { targets[at] = labels[next][0]; break; } } } else {")
                .bug(
                        "Positions go on over the whole row: they restart in every conversation",
                        "positions[at] = i;",
                        "positions[at] = at;")
                .bug("Positions start from 1", "positions[at] = i;", "positions[at] = i + 1;")
                .bug(
                        "Nothing is shifted: each place predicts its own token",
                        "if (i + 1 < ids[which].length) {\n                    targets[at] = labels[which][i + 1];",
                        "{\n targets[at] = labels[which][i];")
                .bug(Bug.of("Shifted twice: each place predicts the token after the next")
                        .replacing(TARGET, "targets[at] = i + 2 < ids[which].length ? labels[which][i + 2] : -100;"))
                .bug(
                        "The tokens are predicted, not their labels: what the user says is learnt too",
                        TARGET,
                        "targets[at] = ids[which][i + 1];")
                .bug(Bug.of("The last token predicts itself")
                        .replacing(
                                "if (i + 1 < ids[which].length) {",
                                "targets[at] = ids[which][i]; if (i + 1 < ids[which].length) {"))
                .bug(
                        "Padding is to be predicted after a conversation",
                        "if (i + 1 < ids[which].length) {",
                        "targets[at] = padding; if (i + 1 < ids[which].length) {")
                .bug(
                        "The inputs are shifted too",
                        "inputs[at] = ids[which][i];",
                        "inputs[at] = i + 1 < ids[which].length ? ids[which][i + 1] : padding;")
                .bug(Bug.of("Positions go on in the padding")
                        .replacing("int at = 0;", "int at = 0; for (int p = 0; p < width; p++) { positions[p] = p; }"))
                .bug(
                        "The last token of a conversation is dropped",
                        "inputs[at] = ids[which][i];",
                        "inputs[at] = i + 1 < ids[which].length || i == 0 ? ids[which][i] : padding;")
                .variant("copied whole", """
                        int start = 0;
                        for (int c = 0; c < ids.length; c++) {
                            int n = ids[c].length;
                            System.arraycopy(ids[c], 0, inputs, start, n);
                            System.arraycopy(labels[c], Math.min(1, n), targets, start, Math.max(0, n - 1));
                            for (int p = 0; p < n; p++) {
                                positions[start + p] = p;
                            }
                            start += n;
                        }
                        return new int[][] {inputs, targets, positions};
                        """)
                .variant("backwards", """
                        int at = java.util.Arrays.stream(ids).mapToInt(each -> each.length).sum();
                        for (int which = ids.length - 1; which >= 0; which--) {
                            int next = -100;
                            for (int i = ids[which].length - 1; i >= 0; i--) {
                                at--;
                                inputs[at] = ids[which][i];
                                positions[at] = i;
                                targets[at] = next;
                                next = labels[which][i];
                            }
                        }
                        return new int[][] {inputs, targets, positions};
                        """)
                .hints(
                        "Which place predicts the first token of the second conversation?",
                        "Two loops, over the conversations and over their tokens, and one counter of the place in the"
                                + " row.",
                        "targets[at] = labels[which][i + 1] if there is a token i + 1, and positions[at] = i.")
                .reading("The section \"Several in one row\" of this lesson");
    }

    private static Object of(Trial t, int width, int... lengths) {
        int[][] ids = new int[lengths.length][];
        int[][] labels = new int[lengths.length][];
        for (int c = 0; c < lengths.length; c++) {
            ids[c] = t.ints(90, lengths[c]);
            labels[c] = ids[c].clone();
            for (int i = 0; i < lengths[c]; i += 3) {
                labels[c][i] = -100;
            }
        }
        return t.call(ids, labels, width, 95);
    }
}
