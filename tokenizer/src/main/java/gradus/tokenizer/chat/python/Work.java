package gradus.tokenizer.chat.python;

import java.util.Locale;

/// Counts what one rendering has spent of its [Limits]. Everything that could run long or grow large asks
/// here first.
public final class Work {
    private static final int CHARS_A_STEP = 32;

    private final Limits limits;
    private long steps;
    private int depth;

    public Work(Limits limits) {
        this.limits = limits;
        this.steps = limits.steps();
    }

    public Limits limits() {
        return limits;
    }

    public void step() {
        spend(1);
    }

    public void spend(long cost) {
        steps -= cost;
        if (steps < 0) {
            throw exceeded(limits.steps(), "steps");
        }
    }

    /// One level deeper; [#leave] must follow.
    public void enter() {
        spend(1);
        if (++depth > limits.recursion()) {
            throw exceeded(limits.recursion(), "levels of recursion");
        }
    }

    public void leave() {
        depth--;
    }

    /// Pays for reading or making so many characters.
    public void chars(long count) {
        spend(1 + count / CHARS_A_STEP);
    }

    /// Pays for a search for `part` in `text`. Java's search is naive, so a long part costs by the product.
    public void search(String text, String part) {
        long n = text.length();
        chars(part.length() <= 2 * CHARS_A_STEP ? n : n * part.length() / 2);
    }

    /// Pays for a string of this length before it is made.
    public void newString(long length) {
        if (length > limits.stringLength()) {
            throw exceeded(limits.stringLength(), "characters in a string");
        }
        chars(length);
    }

    /// Pays for a list of this size before it is made.
    public void newList(long size) {
        if (size > limits.listSize()) {
            throw exceeded(limits.listSize(), "elements in a list");
        }
        spend(1 + size);
    }

    public String made(String text) {
        newString(text.length());
        return text;
    }

    /// Pays for text that goes into a buffer which has this length already.
    public void output(long before, String text) {
        if (before + text.length() > limits.outputLength()) {
            throw exceeded(limits.outputLength(), "characters of output");
        }
        chars(text.length());
    }

    public static TemplateError exceeded(long limit, String what) {
        return new TemplateError(String.format(
                Locale.ROOT, "the limit of %,d %s is exceeded: is the template meant to do harm?", limit, what));
    }
}
