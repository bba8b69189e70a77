package gradus.lessons.chunking;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class TextWindowsExercise {
    private TextWindowsExercise() {}

    static Exercise exercise() {
        return Exercise.of(TextWindows.class, "Windows with overlap")
                .probe("no overlap", "abcd, efgh, and the rest ij: 4 + 4 + 2 chars", t -> t.call("abcdefghij", 4, 0))
                .probe(
                        "an overlap of 2",
                        "windows begin 4 − 2 = 2 chars after each other: abcd, cdef, efgh, ghij. The last one ends"
                                + " with the text; ij alone would be inside it",
                        t -> t.call("abcdefghij", 4, 2))
                .probe("a last window that is shorter", "steps of 3: abcd, defg, gh", t -> t.call("abcdefgh", 4, 1))
                .probe("a text shorter than a window", "one window holds it all", t -> t.call("abc", 7, 3))
                .probe("a text as long as a window", "one window, and no other", t -> t.call("abcd", 4, 3))
                .probe("one char at a time", "a, b, c", t -> t.call("abc", 1, 0))
                .probe("a text of one char", "one window holds it", t -> t.call("a", 3, 1))
                .probe("an empty text", "it has no windows", t -> t.call("", 4, 2))
                .probe("an overlap as large as the size", "the next window would begin where this one does", t -> {
                    t.refuses("overlap 4 of 4", () -> t.call("abcdefghij", 4, 4));
                    t.refuses("overlap 6 of 4", () -> t.call("abcdefghij", 4, 6));
                    return null;
                })
                .probe("a longer text", "", t -> t.call(text(t, 57), 9, 4))
                .probe("a step of one", "", t -> t.call(text(t, 12), 5, 4))
                .bug(
                        "The windows follow each other without overlap: the step is the size",
                        "int step = size - overlap;",
                        "int step = size;")
                .bug(
                        "The step is the overlap, not what remains of the size without it",
                        "int step = size - overlap;",
                        "int step = Math.max(overlap, 1);")
                .bug(
                        "A last window lies wholly inside the one before: stop when a window ends with the text, not"
                                + " when one would begin behind it",
                        "end < text.length(); start += step",
                        "start < text.length(); start += step")
                .bug(
                        "Each window is one char short: substring's end is the char after the last",
                        "Math.min(start + size, text.length())",
                        "Math.min(start + size - 1 > start ? start + size - 1 : start + size, text.length())")
                .bug(Bug.of("An overlap that equals the size is let through, and windows would never get on")
                        .replacing("if (overlap >= size)", "if (overlap > size)")
                        .replacing("int step = size - overlap;", "int step = Math.max(size - overlap, 1);"))
                .bug(
                        "What is left at the end and does not fill a window is lost",
                        "windows.add(text.substring(start, end));",
                        "if (end - start == size) { windows.add(text.substring(start, end)); }")
                .bug(
                        "The last window is moved back so that it is full: it repeats more than the overlap",
                        "windows.add(text.substring(start, end));",
                        "windows.add(text.substring(Math.max(0, Math.min(start, end - size)), end));")
                .bug(
                        "An empty text gets a window with nothing in it",
                        "return windows;",
                        "if (windows.isEmpty()) { windows.add(\"\"); } return windows;")
                .bug(
                        "The overlap is one char too large",
                        "int step = size - overlap;",
                        "int step = Math.max(size - overlap - 1, 1);")
                .variant("as many as the length says", """
                        if (size <= overlap) {
                            throw new IllegalArgumentException("no window would bring anything new");
                        }
                        int step = size - overlap;
                        int more = Math.max(0, text.length() - size + step - 1) / step; // behind the first
                        List<String> windows = new ArrayList<>();
                        for (int k = 0; k <= more && !text.isEmpty(); k++) {
                            windows.add(text.substring(k * step, Math.min(k * step + size, text.length())));
                        }
                        return windows;
                        """)
                .variant("a loop that is left in the middle", """
                        if (overlap >= size) {
                            throw new IllegalArgumentException();
                        }
                        List<String> windows = new ArrayList<>();
                        if (text.isEmpty()) {
                            return windows;
                        }
                        int start = 0;
                        while (true) {
                            int end = start + size;
                            if (end >= text.length()) {
                                windows.add(text.substring(start));
                                return windows;
                            }
                            windows.add(text.substring(start, end));
                            start = end - overlap;
                        }
                        """)
                .hints(
                        "How many new chars does each window after the first bring?",
                        "Windows begin size − overlap after each other. The one that ends with the text is the last.",
                        "for (start = 0, end = 0; end < length; start += size - overlap) { end = min(start + size,"
                                + " length); … } behind a check of the overlap.")
                .reading("The section \"Windows\" of this lesson");
    }

    private static String text(Trial t, int length) {
        StringBuilder text = new StringBuilder();
        for (int letter : t.ints(26, length)) {
            text.append((char) ('a' + letter));
        }
        return text.toString();
    }
}
