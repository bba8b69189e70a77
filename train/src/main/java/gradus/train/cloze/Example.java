package gradus.train.cloze;

import static gradus.error.ConfigException.require;

import java.util.List;

/// Something to tell the class of.
///
/// @param texts one or several
/// @param label the number of its class, from 0
public record Example(List<String> texts, int label) {

    /// @throws gradus.error.ConfigException if there is no text or the label is negative
    public Example {
        require(!texts.isEmpty(), "an example must have at least one text");
        require(label >= 0, "an example's label must be at least 0; got %d", label);
        texts = List.copyOf(texts);
    }

    /// Of one text.
    public Example(String text, int label) {
        this(List.of(text), label);
    }
}
