/// Values with Python's semantics, as far as a chat template can see them: printing, truth, comparison,
/// arithmetic, slices and the methods of `str`, `list` and `dict`.
///
/// A value is `None.NONE`, a `Boolean`, a `BigInteger` (int), a `Double` (float), a `String` or [Markup]
/// (str), a [PyList], [PyTuple], [PyDict], [Range], [DictView], [Generator], [Namespace], [Undefined], or a
/// [Function]. Nothing here uses reflection: a template reaches what this package names, and no Java object.
package gradus.tokenizer.chat.python;
