package gradus.tokenizer.chat.python;

/// How much a template may ask for. A template comes with a model that somebody published, so it is treated
/// like any other foreign file: each limit has a name, and a template that passes one is refused by that
/// name.
///
/// The limits that are given here end a hostile template within a second; the longest published templates
/// need less than a hundredth of the steps for a conversation of a hundred messages.
///
/// @param steps            evaluated nodes, list elements touched, and one for every 32 characters worked on
/// @param outputLength     characters of the rendered text
/// @param stringLength     characters of one string
/// @param listSize         elements of one list, tuple, dict or range
/// @param recursion        nested evaluations: macros within macros, lists within lists
/// @param nesting          brackets or blocks within each other in the source
/// @param expressionLength operators in one expression
/// @param templateLength   characters of the source
public record Limits(
        long steps,
        int outputLength,
        int stringLength,
        int listSize,
        int recursion,
        int nesting,
        int expressionLength,
        int templateLength) {

    /// What a template may ask for unless the caller says otherwise.
    public static final Limits DEFAULT = new Limits(1_000_000, 1 << 23, 1 << 22, 100_000, 400, 60, 400, 1 << 18);

    public Limits withSteps(long value) {
        return new Limits(
                value, outputLength, stringLength, listSize, recursion, nesting, expressionLength, templateLength);
    }

    /// @param value the most characters of the output; a single string may have as many
    public Limits withOutputLength(int value) {
        return new Limits(steps, value, value, listSize, recursion, nesting, expressionLength, templateLength);
    }
}
