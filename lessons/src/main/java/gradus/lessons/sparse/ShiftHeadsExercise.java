package gradus.lessons.sparse;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;

final class ShiftHeadsExercise {
    private ShiftHeadsExercise() {}

    static Exercise exercise() {
        return Exercise.of(ShiftHeads.class, "Shift half of the heads")
                .probe(
                        "two heads, four tokens, groups of two",
                        "head 0: (1, 2) (3, 4); head 1, moved by one: 5 6 7 8 becomes 6 7 8 5, (6, 7) (8, 5)",
                        t -> t.call(t.tensor(new double[] {1, 2, 3, 4, 5, 6, 7, 8}, 1, 2, 4, 1), 2))
                .probe(
                        "two heads, eight tokens, groups of four",
                        "head 1 is moved by two: 2 3 4 5 and 6 7 0 1",
                        t -> t.call(
                                t.tensor(new double[] {0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7}, 1, 2, 8, 1), 4))
                .probe("one group", "the second head is moved all the same", t -> t.call(t.normal(1, 2, 4, 2), 4))
                .probe("two sequences, four heads", "heads 2 and 3 are moved", t -> t.call(t.normal(2, 4, 12, 3), 4))
                .probe("six heads, groups of six", "", t -> t.call(t.normal(3, 6, 12, 2), 6))
                .probe("as many heads as tokens", "", t -> t.call(t.normal(2, 4, 4, 4), 2))
                .probe("gradients", "", t -> t.callWithGradients(t.normal(2, 2, 8, 3), 4))
                .bug(
                        "The tokens are moved towards the end, not the beginning",
                        "roll(-group / 2, 2)",
                        "roll(group / 2, 2)")
                .bug(
                        "The tokens are moved by a whole group: the groups stay the same ones",
                        "roll(-group / 2, 2)",
                        "roll(-group, 2)")
                .bug("No head is moved", ".roll(-group / 2, 2)", "")
                .bug("Tokens are moved by one place, not by half a group", "roll(-group / 2, 2)", "roll(-1, 2)")
                .bug("All heads are moved", "x.slice(1, 0, half)", "x.slice(1, 0, half).roll(-group / 2, 2)")
                .bug(Bug.of("The first half of the heads is moved, not the second")
                        .replacing("x.slice(1, 0, half)", "x.slice(1, 0, half).roll(-group / 2, 2)")
                        .replacing("x.slice(1, half).roll(-group / 2, 2)", "x.slice(1, half)"))
                .bug(
                        "The moved heads come first in the result",
                        "Tensor.concat(1, straight, shifted)",
                        "Tensor.concat(1, shifted, straight)")
                .bug(
                        "What is pushed out at the beginning is lost: zeros come in at the end",
                        "x.slice(1, half).roll(-group / 2, 2)",
                        "x.slice(1, half).slice(2, group / 2).pad(new int[] {0, 0, 0, group / 2}, 0)")
                .bug("Numbers of a token are moved, not tokens", "roll(-group / 2, 2)", "roll(-group / 2, 3)")
                .bug(
                        "Groups are made of every (T/G)-th token, not of neighbours",
                        ".reshape(x.dim(0), x.dim(1), x.dim(2) / group, group, x.dim(3))",
                        ".reshape(x.dim(0), x.dim(1), group, x.dim(2) / group, x.dim(3)).transpose(2, 3)")
                .variant("slices put together", """
                        Tensor[] heads = new Tensor[x.dim(1)];
                        for (int h = 0; h < heads.length; h++) {
                            Tensor head = x.select(1, h); // (B, T, D)
                            if (h >= heads.length / 2) {
                                head = Tensor.concat(1, head.slice(1, group / 2), head.slice(1, 0, group / 2));
                            }
                            heads[h] = head.reshape(x.dim(0), x.dim(2) / group, group, x.dim(3));
                        }
                        return Tensor.stack(1, heads);
                        """)
                .variant("by the place that each comes from", """
                        int time = x.dim(2);
                        int[] from = new int[time];
                        for (int i = 0; i < time; i++) {
                            from[i] = (i + group / 2) % time;
                        }
                        var halves = x.chunk(2, 1);
                        Tensor moved = halves.get(1).indexSelect(2, gradus.tensor.type.Indices.of(from));
                        Tensor both = Tensor.concat(1, halves.get(0), moved);
                        return both.reshape(x.dim(0), x.dim(1), time / group, group, x.dim(3));
                        """)
                .hints(
                        "Which heads are moved, along which axis, and in which direction does roll(1, axis) move?",
                        "x.slice(1, H / 2) is the second half of the heads; roll(shift, 2) moves tokens towards the"
                                + " end for a"
                                + " positive shift.",
                        "Tensor.concat(1, x.slice(1, 0, H / 2), x.slice(1, H / 2).roll(-group / 2, 2)), then reshape.")
                .reading(
                        "The section \"Shifted groups\" of this lesson; Chen et al. 2023, section 3.2 and algorithm 1");
    }
}
