package gradus.lessons.perplexity;

import gradus.lessons.learn.exercise.Exercise;

final class StridedWindowsExercise {
    private StridedWindowsExercise() {}

    static Exercise exercise() {
        return Exercise.of(StridedWindows.class, "Windows over a long text")
                .tolerance(1e-9)
                .probe("a text that fits", "one window, 0 to 3, that scores tokens 1 and 2", t -> t.call(3, 5, 2))
                .probe("a text of exactly the context", "{0, 1, 5}, and no window after it", t -> t.call(5, 5, 2))
                .probe(
                        "one token more",
                        "{0, 1, 5} and {2, 5, 6}: the second scores token 5 alone, after 2, 3 and 4",
                        t -> t.call(6, 5, 2))
                .probe("several windows", "{0, 1, 5}, {2, 5, 7}, {4, 7, 9}, {6, 9, 10}", t -> t.call(10, 5, 2))
                .probe(
                        "the longest stride",
                        "{0, 1, 4}, {3, 4, 7}, {6, 7, 9}: one token of context at least",
                        t -> t.call(9, 4, 3))
                .probe("a stride of one", "after the first window each scores one token", t -> t.call(7, 3, 1))
                .probe("the shortest context", "{0, 1, 2}, {1, 2, 3}, {2, 3, 4}", t -> t.call(4, 2, 1))
                .probe("no token", "no window", t -> t.call(0, 4, 2))
                .probe("one token", "nothing comes before it: no window", t -> t.call(1, 4, 2))
                .probe("two tokens", "{0, 1, 2}", t -> t.call(2, 4, 2))
                .probe("a long text", "", t -> t.call(1000, 64, 24))
                .probe("a long text of whole windows", "", t -> t.call(64 + 24 * 5, 64, 24))
                .bug(
                        "Every window scores all of its tokens, so that many are scored several times",
                        "{begin, from, end}",
                        "{begin, begin + 1, end}")
                .bug(
                        "The windows do not overlap: the first tokens of each have no context",
                        "begin += stride",
                        "begin += context")
                .bug(
                        "The first token is scored, though nothing comes before it",
                        "{begin, from, end}",
                        "{begin, begin == 0 ? 0 : from, end}")
                .bug(
                        "The rest of the text that does not fill a window is left out",
                        "from < n",
                        "from < n && begin + context <= n")
                .bug(
                        "A window goes on where the text has ended, and is not cut there",
                        "int end = Math.min(begin + context, n);",
                        "int end = begin + context;")
                .bug(
                        "The last windows lie wholly inside the one before and score nothing",
                        "from < n",
                        "begin < n && n > 1")
                .bug(
                        "Each window scores as many tokens as the stride, which in the first one leaves tokens out",
                        "{begin, from, end}",
                        "{begin, Math.max(1, end - stride), end}")
                .bug(
                        "The last window is moved back to be full",
                        "{begin, from, end}",
                        "{Math.max(0, end - context), from, end}")
                .bug(
                        "A window skips the first token that the one before did not score",
                        "from = end;",
                        "from = end + 1;")
                .variant("a while loop that looks ahead", """
                        if (n < 2) {
                            return List.of();
                        }
                        List<int[]> all = new ArrayList<>();
                        int begin = 0;
                        int scored = 1;
                        while (true) {
                            int end = begin + context < n ? begin + context : n;
                            all.add(new int[] {begin, scored, end});
                            if (end == n) {
                                return all;
                            }
                            begin += stride;
                            scored = end;
                        }
                        """)
                .variant("the number of windows first", """
                        int further = n <= context ? 0 : (n - context + stride - 1) / stride;
                        return java.util.stream.IntStream.rangeClosed(0, n < 2 ? -1 : further)
                                .mapToObj(k -> new int[] {
                                    k * stride,
                                    k == 0 ? 1 : (k - 1) * stride + context,
                                    Math.min(n, k * stride + context)
                                })
                                .toList();
                        """)
                .hints(
                        "Which tokens are new in the second window? And when is there nothing left to score?",
                        "Keep where the last window ended: from there the next one scores, while that is before n.",
                        "for (int begin = 0; from < n; begin += stride): end = Math.min(begin + context, n), add"
                                + " {begin,"
                                + " from, end}, from = end.")
                .reading("The section \"Windows\" of this lesson");
    }
}
