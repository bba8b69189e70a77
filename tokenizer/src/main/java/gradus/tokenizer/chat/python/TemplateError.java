package gradus.tokenizer.chat.python;

/// A template cannot be read or rendered: what Python or Jinja would raise, with the template's line once it
/// is known.
public final class TemplateError extends RuntimeException {
    private int line;

    /// @param message what is wrong, in Python's words where Python would say it
    public TemplateError(String message) {
        this(message, 0);
    }

    /// @param line the line in the template, from 1; 0 where it is not known yet
    public TemplateError(String message, int line) {
        super(message, null, false, false);
        this.line = line;
    }

    /// The line, or 0.
    public int line() {
        return line;
    }

    /// Sets the line unless a deeper place has set it.
    public TemplateError at(int where) {
        if (line == 0) {
            line = where;
        }
        return this;
    }
}
