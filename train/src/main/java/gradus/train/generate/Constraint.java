package gradus.train.generate;

import java.util.BitSet;

/// What a text may consist of: after each token, the tokens that may come next. A constraint of your own is one
/// class; this one lets a model write no token twice in a row:
///
/// ```java
/// Constraint noRepeats = () -> new Constraint.Progress() {
///     private final BitSet allowed = all();
///     private int last = -1;
///
///     public BitSet allowed() {
///         return allowed;
///     }
///
///     public void accept(int token) {
///         if (last >= 0) allowed.set(last);
///         allowed.clear(last = token);
///     }
///
///     public boolean complete() {
///         return true;
///     }
/// };
/// new Generator(model, sampling).constrained(noRepeats).generate(prompt, 20, rng, token -> true);
/// ```
///
/// [gradus.train.generate.constrain.TokenConstraint] is the one of regular expressions and JSON schemas.
@FunctionalInterface
public interface Constraint {
    /// Begins a text.
    Progress begin();

    /// Where a text stands. It belongs to one text and one thread.
    interface Progress {
        /// The tokens that may come next; none where the text ends. Not to be changed by who asks, and valid
        /// until the next [#accept].
        BitSet allowed();

        /// Adds a token, one of those allowed.
        void accept(int token);

        /// Whether the text may end here.
        boolean complete();
    }

    /// Whether these tokens, written from the beginning, make up a complete text: not where a limit ended it in
    /// the middle.
    default boolean complete(int[] tokens) {
        Progress progress = begin();
        for (int token : tokens) {
            if (!progress.allowed().get(token)) {
                return false;
            }
            progress.accept(token);
        }
        return progress.complete();
    }
}
