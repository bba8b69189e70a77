package gradus.lessons.retrieve.chunk;

import java.util.List;

/// Windows of n units that begin n − overlap after each other. The last one ends with the document: there is no
/// further one that would lie wholly inside it.
///
/// Cuts anywhere, through words too, and needs to know nothing of the text. Units that share a character, such
/// as the tokens of an emoji's bytes, stay together; a window may be shorter then.
public record FixedSizeChunker(ChunkSize size) implements Chunker {
    @Override
    public List<Chunk> chunk(String document) {
        Units units = size.length().of(document);
        List<Span> single = units.pieces(new Span(0, document.length()));
        return Chunk.all(document, Packing.pack(document, single, units, size), List.of());
    }
}
