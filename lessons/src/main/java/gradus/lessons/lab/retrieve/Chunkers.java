package gradus.lessons.lab.retrieve;

import gradus.lessons.retrieve.chunk.BoundaryChunker;
import gradus.lessons.retrieve.chunk.BoundaryScorer;
import gradus.lessons.retrieve.chunk.ChunkSize;
import gradus.lessons.retrieve.chunk.Chunker;
import gradus.lessons.retrieve.chunk.ClusterChunker;
import gradus.lessons.retrieve.chunk.FixedSizeChunker;
import gradus.lessons.retrieve.chunk.RecursiveChunker;
import gradus.lessons.retrieve.chunk.SemanticChunker;
import gradus.lessons.retrieve.chunk.SentenceChunker;
import gradus.lessons.retrieve.chunk.structure.StructureChunker;
import gradus.lessons.retrieve.embed.Embedder;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// The ways of cutting that are compared, all with the same size. The one that asks a language model is
/// missing: no model that could answer is trained here.
final class Chunkers {
    private static final double THRESHOLD = 0.5;

    private Chunkers() {}

    static SequencedMap<String, Chunker> of(int size, Embedder embedder, BoundaryScorer boundaries) {
        ChunkSize most = ChunkSize.of(size);
        SequencedMap<String, Chunker> all = new LinkedHashMap<>();
        all.put("fixed", new FixedSizeChunker(most));
        all.put("fixed, overlap of a fifth", new FixedSizeChunker(most.withOverlap(size / 5)));
        all.put("sentences", new SentenceChunker(most));
        all.put("recursive", new RecursiveChunker(most));
        all.put("markdown", StructureChunker.markdown(most));
        all.put("semantic", new SemanticChunker(embedder).withSize(most));
        all.put("clusters", new ClusterChunker(embedder, most));
        all.put("boundaries", new BoundaryChunker(boundaries, THRESHOLD, most));
        return all;
    }
}
