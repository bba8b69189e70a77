package gradus.lessons.instructions;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;

final class AssistantLabelsExercise {
    private static final String LINE = "labels[i] = ids[i];";

    private AssistantLabelsExercise() {}

    static Exercise exercise() {
        return Exercise.of(AssistantLabels.class, "Loss on the assistant's tokens")
                .tolerance(1e-9)
                .probe(
                        "question and answer",
                        "user 2, assistant 3, end 4: of 2 50 4 3 60 70 4 the last three are learnt, the 4 too",
                        t -> call(t, 7, 2, 50, 4, 3, 60, 70, 4))
                .probe(
                        "with padding, which is the same token as the end",
                        "the first 4 after 60 closes the turn and is learnt; the 4s behind it are padding",
                        t -> call(t, 6, 2, 50, 4, 3, 60, 4, 4, 4, 4))
                .probe(
                        "two answers",
                        "both are learnt: -100 × 4, 60, 4, -100 × 4, 80, 81, 4",
                        t -> call(t, 13, 2, 50, 4, 3, 60, 4, 2, 70, 4, 3, 80, 81, 4))
                .probe(
                        "the answer was cut",
                        "it has no end: what follows is padding, and none of it is learnt",
                        t -> call(t, 6, 2, 50, 4, 3, 60, 61, 4, 4))
                .probe(
                        "an empty answer",
                        "its end is learnt: the model is to say nothing",
                        t -> call(t, 5, 2, 50, 4, 3, 4))
                .probe(
                        "a line break between the turns",
                        "9 stands behind the end and nobody says it",
                        t -> call(t, 11, 2, 50, 4, 9, 3, 60, 4, 9, 3, 70, 4))
                .probe("only a question", "nothing is learnt", t -> call(t, 3, 2, 50, 4, 4, 4))
                .probe(
                        "an answer first, and a turn that is not closed",
                        "the user's marker ends the open answer: 60 and 70 are learnt, 50 is not",
                        t -> call(t, 7, 3, 60, 2, 50, 4, 3, 70))
                .probe("all padding", "nothing is learnt", t -> call(t, 0, 4, 4, 4))
                .probe(
                        "the padding looks like an answer",
                        "it is behind the length",
                        t -> call(t, 4, 2, 50, 4, 3, 60, 4))
                .probe("many tokens", "", t -> {
                    int[] ids = t.ints(7, 60);
                    for (int i = 0; i < ids.length; i++) {
                        ids[i] += ids[i] > 2 ? 20 : 2;
                    }
                    return t.call(ids, 53, 2, 3, 4);
                })
                .bug(
                        "The end token is masked because padding is the same token: the model never learns to stop",
                        LINE,
                        "labels[i] = ids[i] == end ? -100 : ids[i];")
                .bug(
                        "The end of the assistant's turn is not learnt if it is the last token before the padding",
                        LINE,
                        "labels[i] = ids[i] == end && i == length - 1 && length < ids.length ? -100 : ids[i];")
                .bug("Padding is learnt where the last answer was cut", "i < length", "i < ids.length")
                .bug("The user's turns are learnt too", "speaking = ids[i] == assistant;", "speaking = true;")
                .bug(
                        "The user's turns are learnt, and the assistant's not",
                        "speaking = ids[i] == assistant;",
                        "speaking = ids[i] == user;")
                .bug(
                        "The assistant's marker is learnt: it is given to the model, not said by it",
                        "speaking = ids[i] == assistant;",
                        "speaking = ids[i] == assistant; labels[i] = speaking ? ids[i] : -100;")
                .bug(
                        "What stands between the turns is learnt too: the turn is over with its end",
                        "speaking = ids[i] != end;",
                        "speaking = true;")
                .bug("Only the first token of each answer is learnt", "speaking = ids[i] != end;", "speaking = false;")
                .bug(Bug.of("Only the last answer is learnt")
                        .replacing(
                                "speaking = ids[i] == assistant;",
                                "speaking = ids[i] == assistant; if (speaking) { Arrays.fill(labels, -100); }"))
                .bug(Bug.of("Labels are shifted already: the loss will shift them a second time")
                        .replacing(LINE, "if (i > 0) { labels[i - 1] = ids[i]; }"))
                .bug(
                        "The whole conversation is learnt",
                        "boolean speaking = false;",
                        "boolean speaking = false; for (int i = 0; i < length; i++) { labels[i] = ids[i]; }")
                .bug(
                        "The end of the user's turns is learnt too",
                        "} else if (speaking) {",
                        "} else if (!speaking && ids[i] == end) { labels[i] = end; } else if (speaking) {")
                .variant("from marker to end", """
                        for (int from = 0; from < length; from++) {
                            if (ids[from] != assistant) {
                                continue;
                            }
                            int to = from + 1;
                            while (to < length && ids[to] != end && ids[to] != user && ids[to] != assistant) {
                                to++;
                            }
                            if (to < length && ids[to] == end) {
                                to++;
                            }
                            System.arraycopy(ids, from + 1, labels, from + 1, to - from - 1);
                        }
                        return labels;
                        """)
                .variant("each place by itself, looking back", """
                        for (int i = length - 1; i > 0; i--) {
                            int back = i - 1;
                            while (back >= 0 && ids[back] != user && ids[back] != assistant && ids[back] != end) {
                                back--;
                            }
                            boolean marker = ids[i] == user || ids[i] == assistant;
                            if (back >= 0 && ids[back] == assistant && !marker) {
                                labels[i] = ids[i];
                            }
                        }
                        return labels;
                        """)
                .hints(
                        "Who must teach the model to stop, if the end token is never learnt?",
                        "Go along the row and remember whether the assistant is speaking: from its marker to its end.",
                        "At a marker: speaking = it is the assistant's. Otherwise, if speaking: label the token, and"
                                + " stop speaking if it is end.")
                .reading("The section \"Only what the assistant says\" of this lesson");
    }

    private static Object call(gradus.lessons.learn.exercise.Trial t, int length, int... ids) {
        return t.call(ids, length, 2, 3, 4);
    }
}
