package gradus.tokenizer.chat.python;

/// Jinja's `namespace(…)`: the one value with attributes that a template can set.
///
/// @param attributes the attributes
public record Namespace(PyDict attributes) {}
