package gradus.lessons.bpe;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

final class MergePairExercise {
    private MergePairExercise() {}

    static Exercise exercise() {
        return Exercise.of(MergePair.class, "Merge a pair without overlap")
                .tolerance(1e-9)
                .probe("a pair at the start", "1 2 becomes 9, the 3 stays: 9 3", t -> merge(t, 1, 2, 9, 1, 2, 3))
                .probe("a pair at the end", "3 stays, 1 2 becomes 9: 3 9", t -> merge(t, 1, 2, 9, 3, 1, 2))
                .probe("two pairs", "9 5 9", t -> merge(t, 1, 2, 9, 1, 2, 5, 1, 2))
                .probe(
                        "three equal ids",
                        "the first two become 9, the third has no partner left: 9 1",
                        t -> merge(t, 1, 1, 9, 1, 1, 1))
                .probe("four equal ids, then five", "9 9; then 9 9 1", t -> {
                    merge(t, 1, 1, 9, 1, 1, 1, 1);
                    return merge(t, 1, 1, 9, 1, 1, 1, 1, 1);
                })
                .probe("the other order", "2 1 is not 1 2: nothing changes but the middle", t -> {
                    merge(t, 1, 2, 9, 2, 1);
                    return merge(t, 1, 2, 9, 2, 1, 2, 1);
                })
                .probe("ids that look like half of the pair", "1 1 2 2: only the two in the middle merge: 1 9 2", t -> {
                    merge(t, 1, 2, 9, 1, 1, 2, 2);
                    return merge(t, 1, 2, 9, 1, 3, 2, 1);
                })
                .probe("one id, and none", "no neighbours, nothing to do", t -> {
                    merge(t, 1, 1, 9, 1);
                    return merge(t, 1, 1, 9);
                })
                .probe(
                        "ids above a byte",
                        "merged ids are merged again: 300 300 becomes 301",
                        t -> merge(t, 300, 300, 301, 300, 300, 40_000, 300, 300, 300, 40_000))
                .probe(
                        "a merge whose result is one of the pair",
                        "what this merge made is not looked at again: 1 2 2 becomes 1 2, not 1",
                        t -> merge(t, 1, 2, 1, 1, 2, 2, 1, 2))
                .probe("forty ids of three kinds", "", t -> {
                    int[] ids = t.ints(3, 40);
                    merge(t, 0, 0, 7, ids);
                    merge(t, 2, 1, 7, ids);
                    return merge(t, 1, 2, 7, ids);
                })
                .bug("The right id stays in the list beside the merged one", "i++;\n", "\n")
                .bug(
                        "Only the first pair is merged",
                        "result.add(merged);",
                        "result.add(merged); result.addAll(ids.subList(i + 2, ids.size()));"
                                + " if (!result.isEmpty()) { return result; }")
                .bug(
                        "The pair is merged in either order: 2 1 too becomes the merged id",
                        "&& ids.get(i) == left && ids.get(i + 1) == right",
                        "&& (ids.get(i) == left && ids.get(i + 1) == right"
                                + " || ids.get(i) == right && ids.get(i + 1) == left)")
                .bug(Bug.of("Merging goes from right to left: of 1 1 1 the last two merge, not the first two")
                        .replacing(
                                "List<Integer> result = new ArrayList<>();",
                                "List<Integer> result = new ArrayList<>(); ids = ids.reversed();"
                                        + " int kept = left; left = right; right = kept;")
                        .replacing("return result;", "return new ArrayList<>(result.reversed());"))
                .bug(
                        "The last id is lost where it is not part of a merge",
                        "i < ids.size(); i++",
                        "i < ids.size() - 1; i++")
                .bug(
                        "The list that was given is changed",
                        "return result;",
                        "ids.clear(); ids.addAll(result); return result;")
                .bug(
                        "What a merge made is merged again with what follows",
                        "result.add(merged);",
                        "int end = i + 1; while (merged == left && end + 1 < ids.size() && ids.get(end + 1) == right)"
                                + " { end++; } result.add(merged); i = end - 1;")
                .variant("on a copy, taking away the right one", """
                        List<Integer> result = new ArrayList<>(ids);
                        for (int i = 0; i + 1 < result.size(); i++) {
                            if (result.get(i) == left && result.get(i + 1) == right) {
                                result.set(i, merged);
                                result.remove(i + 1);
                            }
                        }
                        return result;
                        """)
                .variant("remembering an open left id", """
                        List<Integer> result = new ArrayList<>();
                        boolean open = false; // the last id in the result is a left one and not yet used
                        for (int id : ids) {
                            if (open && id == right) {
                                result.set(result.size() - 1, merged);
                                open = false;
                            } else {
                                result.add(id);
                                open = id == left;
                            }
                        }
                        return result;
                        """)
                .hints(
                        "After a merge at place i, which place must be looked at next?",
                        "Walk with an index into a new list; where the pair stands, add the merged id and step over"
                                + " two.",
                        "if (i + 1 < ids.size() && ids.get(i) == left && ids.get(i + 1) == right) {"
                                + " result.add(merged); i++;"
                                + " } else { result.add(ids.get(i)); }")
                .reading("The section \"Training\" of this lesson");
    }

    private static Object merge(Trial t, int left, int right, int merged, int... ids) {
        List<Integer> given = new ArrayList<>(Arrays.stream(ids).boxed().toList());
        t.see("result", t.call(given, left, right, merged));
        t.see("the list that was given", given);
        return null;
    }
}
