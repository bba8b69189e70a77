package gradus.lessons.retrieve.chunk.structure;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// The headings that one is under, while a document is read from top to bottom.
public final class Headings {
    private record Heading(int level, String title) {}

    private final Deque<Heading> open = new ArrayDeque<>();

    /// A heading ends those of its own level and of finer ones (greater numbers).
    public List<String> enter(int level, String title) {
        leave(level);
        open.addLast(new Heading(level, title));
        return path();
    }

    void leave(int level) {
        while (!open.isEmpty() && open.getLast().level >= level) {
            open.removeLast();
        }
    }

    /// The titles, from the outermost.
    public List<String> path() {
        return open.stream().map(Heading::title).toList();
    }
}
