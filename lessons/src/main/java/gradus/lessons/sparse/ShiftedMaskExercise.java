package gradus.lessons.sparse;

import gradus.lessons.learn.exercise.Exercise;

final class ShiftedMaskExercise {
    private ShiftedMaskExercise() {}

    static Exercise exercise() {
        return Exercise.of(ShiftedMask.class, "Shifted groups without a leak")
                .probe(
                        "four tokens, groups of two",
                        "the groups are 0, then 1 2, then 3: only token 2 sees another, token 1",
                        t -> t.call(4, 2))
                .probe(
                        "eight tokens, groups of four",
                        "the groups are 0 1, then 2 3 4 5, then 6 7; token 7 sees 6 and 7, token 1 sees 0 and 1",
                        t -> t.call(8, 4))
                .probe("one token", "it sees itself", t -> t.call(1, 4))
                .probe("fewer tokens than half a group", "all in one group: the causal mask", t -> t.call(3, 8))
                .probe("a length that the group does not divide", "", t -> t.call(7, 4))
                .probe("fifteen tokens, groups of six", "", t -> t.call(15, 6))
                .bug(
                        "The groups are not shifted",
                        "(i + group / 2) / group == (j + group / 2) / group",
                        "i / group == j / group")
                .bug(
                        "The first tokens belong to the group of the last, as rolling has it: the last ones see the"
                                + " first",
                        "(i + group / 2) / group == (j + group / 2) / group",
                        "(i + group / 2) % time / group == (j + group / 2) % time / group")
                .bug("A token sees what follows in its group", "j <= i;", "j < time;")
                .bug("A token does not see itself", "j <= i;", "j < i;")
                .bug(
                        "There are no groups: a token sees all of the last G tokens",
                        "(i + group / 2) / group == (j + group / 2) / group",
                        "i - j < group")
                .bug(
                        "Groups are half as long as they should be",
                        "(i + group / 2) / group == (j + group / 2) / group",
                        "2 * i / group == 2 * j / group")
                .bug("Rows are keys and columns are queries", "seen[i * time + j]", "seen[j * time + i]")
                .variant("group by group", """
                        float[] seen = new float[time * time];
                        for (int from = -group / 2; from < time; from += group) {
                            for (int i = Math.max(0, from); i < Math.min(time, from + group); i++) {
                                for (int j = Math.max(0, from); j <= i; j++) {
                                    seen[i * time + j] = 1;
                                }
                            }
                        }
                        return Tensor.of(seen, time, time);
                        """)
                .variant("the group's number as a tensor", """
                        float[] groups = new float[time];
                        for (int i = 0; i < time; i++) {
                            groups[i] = Math.floorDiv(i - group / 2, group);
                        }
                        Tensor numbers = Tensor.of(groups, time);
                        return numbers.reshape(time, 1).eq(numbers.reshape(1, time)).tril();
                        """)
                .hints(
                        "Which number do all tokens of one group share, and no others?",
                        "Without a shift it is i / group. With groups that begin half a group early it is (i + group"
                                + " / 2) /"
                                + " group.",
                        "j <= i && (i + group / 2) / group == (j + group / 2) / group.")
                .reading("The section \"Shifted groups\" of this lesson");
    }
}
