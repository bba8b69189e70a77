package gradus.tokenizer.chat;

import java.util.List;

/// A conversation as text.
///
/// @param text         the text
/// @param assistant    the parts that stand within the template's `generation` blocks; empty where it has none
/// @param spansAreWhole whether `assistant` is all that those blocks put out: a block within a macro has no
///     place in the text that could be told
public record RenderedChat(String text, List<Span> assistant, boolean spansAreWhole) {

    /// A part of the text.
    ///
    /// @param start its first character, as an index of Java's strings
    /// @param end   the character behind it
    public record Span(int start, int end) {}

    /// The spans as transformers counts them, in code points.
    public List<Span> codePointSpans() {
        return assistant.stream()
                .map(span -> new Span(text.codePointCount(0, span.start()), text.codePointCount(0, span.end())))
                .toList();
    }
}
