package gradus.lessons.retrieve.chunk;

import java.util.List;

/// Whole sentences, as many as fit: *content-aware* cutting. A sentence that is longer than the size is a chunk
/// of its own. See [Sentences].
public record SentenceChunker(ChunkSize size) implements Chunker {
    @Override
    public List<Chunk> chunk(String document) {
        Units units = size.length().of(document);
        return Chunk.all(document, Packing.pack(document, Sentences.of(document), units, size), List.of());
    }
}
