package gradus.lessons.learn.exercise;

/// Ends an answer that has reached a limit of time or memory. An error, so that an answer's own `catch
/// (Exception e)` lets it through.
public final class Stopped extends Error {
    private static final long serialVersionUID = 1;

    public Stopped(String reason) {
        super(reason, null, false, false);
    }
}
