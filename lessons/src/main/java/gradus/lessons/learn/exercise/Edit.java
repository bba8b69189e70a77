package gradus.lessons.learn.exercise;

/// One text replaced by another.
public record Edit(String find, String replace) {
    /// @throws IllegalStateException unless the text to find stands exactly once in the body
    String in(String body) {
        int at = body.indexOf(find);
        if (at < 0 || body.indexOf(find, at + 1) >= 0) {
            throw new IllegalStateException("must stand once in the answer, and stands %s: %s"
                    .formatted(at < 0 ? "nowhere" : "more than once", find));
        }
        return body.substring(0, at) + replace + body.substring(at + find.length());
    }
}
