package gradus.lessons.perplexity;

import java.util.ArrayList;
import java.util.List;

/// How a text longer than the context is evaluated.
public final class StridedWindows {
    private StridedWindows() {}

    /// The windows of a text of n tokens, for a model that sees T of them at a time. A window covers the
    /// tokens from `begin` to before `end`, at most T of them, and scores those from `from` to before `end`;
    /// the ones before only serve as context.
    /// - The first window begins at 0 and scores from token 1, since nothing comes before token 0.
    /// - Each further window begins S tokens after the one before it and scores from where that one ended.
    /// - The window that ends with the text, at n, is the last one; it may be shorter than T.
    ///
    /// So every token but the first is scored exactly once. A text of fewer than two tokens has no window.
    ///
    /// @param n       how many tokens the text has
    /// @param context T, at least 2
    /// @param stride  S, from 1 to T - 1
    /// @return rows {begin, from, end}
    public static List<int[]> windows(int n, int context, int stride) {
        // --- your answer
        List<int[]> windows = new ArrayList<>();
        int from = 1;
        for (int begin = 0; from < n; begin += stride) {
            int end = Math.min(begin + context, n);
            windows.add(new int[] {begin, from, end});
            from = end;
        }
        return windows;
        // ---
    }
}
