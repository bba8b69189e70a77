package gradus.lessons.retrieve.search;

import java.util.List;

/// What of a text is compared: its words in lower case, say. Documents and questions must be taken apart alike.
@FunctionalInterface
public interface Terms {
    /// The terms of a text in their order, repeated ones repeatedly.
    List<String> of(String text);
}
