package gradus.tokenizer.chat.python;

import java.util.Iterator;

/// What filters such as `map` and `select` return: always true, without a length, iterated once.
///
/// @param iterator what is still to come
public record Generator(Iterator<Object> iterator) {}
