package gradus.lessons.chunking;

import java.util.ArrayList;
import java.util.List;

/// A text in pieces of a fixed size.
public final class TextWindows {
    private TextWindows() {}

    /// Cuts a text into windows of `size` chars, each of which repeats the last `overlap` chars of the one
    /// before. The last window ends with the text, and may be shorter. There is no further window behind it,
    /// which would repeat its end and bring nothing new. An empty text has no windows.
    ///
    /// @param overlap 0 or more. A window must bring something new: an overlap of the size or more is refused
    /// @throws IllegalArgumentException if the overlap is not less than the size
    public static List<String> windows(String text, int size, int overlap) {
        // --- your answer
        if (overlap >= size) {
            throw new IllegalArgumentException("overlap " + overlap + " must be less than size " + size);
        }
        List<String> windows = new ArrayList<>();
        int step = size - overlap;
        int end = 0;
        for (int start = 0; end < text.length(); start += step) {
            end = Math.min(start + size, text.length());
            windows.add(text.substring(start, end));
        }
        return windows;
        // ---
    }
}
