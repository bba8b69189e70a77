package gradus.lessons.cloze;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class FitPatternExercise {
    private FitPatternExercise() {}

    static Exercise exercise() {
        return Exercise.of(FitPattern.class, "Shortening that keeps the pattern")
                .tolerance(1e-9)
                .probe(
                        "it fits",
                        "1, 7 8 9 and 4 2 are six tokens, as many as there is room for: joined",
                        t -> t.call(parts(a(1), a(7, 8, 9), a(4, 2)), may(false, true, false), 6))
                .probe(
                        "one token too long",
                        "the text loses its last token: 1 7 8 4 2. The pattern behind it stays",
                        t -> t.call(parts(a(1), a(7, 8, 9), a(4, 2)), may(false, true, false), 5))
                .probe(
                        "the pattern is the longest part",
                        "it stays whole: 1 2 3 4 5, and of the text only 7",
                        t -> t.call(parts(a(1, 2, 3, 4, 5), a(7, 8)), may(false, true), 6))
                .probe(
                        "two texts",
                        "the longer one loses tokens: 1 2 3 4 becomes 1 2 3",
                        t -> t.call(parts(a(1, 2, 3, 4), a(9), a(5, 6)), may(true, false, true), 6))
                .probe(
                        "two texts, and more to lose",
                        "first the longer one, down to two; then the last one of the two, as they are equally long",
                        t -> t.call(parts(a(1, 2, 3, 4), a(9), a(5, 6)), may(true, false, true), 4))
                .probe(
                        "nothing is left of the text",
                        "the pattern alone: 1 4 2",
                        t -> t.call(parts(a(1), a(7, 8, 9), a(4, 2)), may(false, true, false), 3))
                .probe("the pattern alone is too long", "refused", t -> {
                    t.refuses("too little room", () -> t.call(parts(a(1), a(7), a(4, 2)), may(false, true, false), 2));
                    t.refuses("nothing may be shortened", () -> t.call(parts(a(1, 2), a(3)), may(false, false), 2));
                    return null;
                })
                .probe("empty parts", "", t -> t.call(parts(a(), a(5, 6, 7), a()), may(true, true, false), 2))
                .probe("no room and no pattern", "nothing is left", t -> t.call(parts(a(5, 6)), may(true), 0))
                .probe("three texts", "", t -> many(t, 17, 5, 3, 8, 2, 6))
                .probe("three texts of one length", "", t -> many(t, 11, 4, 3, 4, 1, 4))
                .probe("much room", "", t -> many(t, 100, 5, 3, 8, 2, 6))
                .bug(Bug.of("All is joined and cut at the end: the pattern and its mask are cut off")
                        .replacing(
                                "return Arrays.stream(kept).flatMapToInt(Arrays::stream).toArray();",
                                "return Arrays.stream(parts).flatMapToInt(Arrays::stream).limit(room).toArray();"))
                .bug("The longest part is cut even if it belongs to the pattern", "if (shorten[i] && (", "if ((")
                .bug(
                        "The parts of the pattern are cut, and the texts stay",
                        "if (shorten[i] && (",
                        "if (!shorten[i] && (")
                .bug(
                        "The first token of a part is taken away, not the last",
                        "Arrays.copyOf(kept[longest], kept[longest].length - 1)",
                        "Arrays.copyOfRange(kept[longest], 1, kept[longest].length)")
                .bug(
                        "Of equally long parts the first is cut: it must be the last",
                        "kept[i].length >= kept[longest].length",
                        "kept[i].length > kept[longest].length")
                .bug(
                        "Always the last text is cut as long as there is something left of it, not the longest",
                        "kept[i].length >= kept[longest].length",
                        "kept[i].length > 0")
                .bug(
                        "Always the first text is cut as long as there is something left of it, not the longest",
                        "kept[i].length >= kept[longest].length",
                        "kept[longest].length == 0")
                .bug(
                        "The part that was the longest at the start is cut all the time",
                        "kept[i].length >= kept[longest].length",
                        "(kept[longest].length == 0 || kept[i].length > 0 && parts[i].length >= parts[longest].length)")
                .bug("One token too much is cut", ".sum() > room", ".sum() >= Math.max(1, room)")
                .bug("One token too much is left", ".sum() > room", ".sum() > room + 1")
                .bug(
                        "A pattern that does not fit is not refused",
                        "throw new IllegalArgumentException(\"the pattern alone is longer than \" + room);",
                        "break;")
                .bug(
                        "The shortest text is cut instead of the longest",
                        "kept[i].length >= kept[longest].length",
                        "kept[longest].length == 0 || kept[i].length > 0 && kept[i].length <= kept[longest].length")
                .variant("lengths first", """
                        int[] lengths = Arrays.stream(parts).mapToInt(p -> p.length).toArray();
                        int surplus = Arrays.stream(lengths).sum() - room;
                        for (; surplus > 0; surplus--) {
                            int most = 0;
                            for (int i = 0; i < lengths.length; i++) {
                                most = shorten[i] ? Math.max(most, lengths[i]) : most;
                            }
                            if (most == 0) {
                                throw new IllegalArgumentException("too little room");
                            }
                            int at = lengths.length - 1;
                            while (!shorten[at] || lengths[at] != most) {
                                at--;
                            }
                            lengths[at]--;
                        }
                        int[] all = new int[Arrays.stream(lengths).sum()];
                        int at = 0;
                        for (int i = 0; i < parts.length; i++) {
                            System.arraycopy(parts[i], 0, all, at, lengths[i]);
                            at += lengths[i];
                        }
                        return all;
                        """)
                .variant("lists that lose their last", """
                        java.util.List<java.util.List<Integer>> lists = new java.util.ArrayList<>();
                        int size = 0;
                        for (int[] part : parts) {
                            java.util.List<Integer> list = new java.util.ArrayList<>();
                            for (int id : part) {
                                list.add(id);
                            }
                            size += part.length;
                            lists.add(list);
                        }
                        while (size > room) {
                            java.util.List<Integer> longest = new java.util.ArrayList<>();
                            for (int i = lists.size() - 1; i >= 0; i--) {
                                longest = shorten[i] && lists.get(i).size() > longest.size() ? lists.get(i) : longest;
                            }
                            if (longest.isEmpty()) {
                                throw new IllegalArgumentException("does not fit");
                            }
                            longest.removeLast();
                            size--;
                        }
                        return lists.stream()
                                .flatMapToInt(list -> list.stream().mapToInt(Integer::intValue))
                                .toArray();
                        """)
                .hints(
                        "What is lost if the whole is cut at its end, and the mask stands there?",
                        "One token at a time: look for the longest part that may be shortened, and copy it without its"
                                + " last token.",
                        "while the lengths add up to more than room: among the parts with shorten[i] the last of the"
                                + " longest, Arrays.copyOf(part, part.length - 1); if there is none, or it is empty,"
                                + " throw.")
                .reading("The section \"Shortening\" of this lesson");
    }

    private static int[] a(int... ids) {
        return ids;
    }

    private static int[][] parts(int[]... parts) {
        return parts;
    }

    private static boolean[] may(boolean... may) {
        return may;
    }

    /// Parts of these lengths; every second one belongs to the pattern.
    private static Object many(Trial t, int room, int... lengths) {
        int[][] parts = new int[lengths.length][];
        boolean[] shorten = new boolean[lengths.length];
        for (int i = 0; i < lengths.length; i++) {
            parts[i] = t.ints(90, lengths[i]);
            shorten[i] = i % 2 == 0;
        }
        return t.call(parts, shorten, room);
    }
}
