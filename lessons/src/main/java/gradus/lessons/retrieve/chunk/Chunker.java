package gradus.lessons.retrieve.chunk;

import java.util.List;

/// A way of cutting documents into chunks. Every one in this package keeps to these laws:
///
/// - each character that is no space appears in a chunk, in the order of the document;
/// - chunks begin and end with a character that is no space, and no chunk lies wholly inside the one before;
/// - a chunk is no longer than asked, unless it is one unit that the chunker does not cut, such as a sentence;
/// - two neighbours share no more than the overlap that was asked for;
/// - no chunk begins or ends inside a surrogate pair;
/// - the same document gives the same chunks, as long as the same models are asked.
@FunctionalInterface
public interface Chunker {
    /// The chunks in the order of the document. A document without any character but spaces has none.
    List<Chunk> chunk(String document);
}
