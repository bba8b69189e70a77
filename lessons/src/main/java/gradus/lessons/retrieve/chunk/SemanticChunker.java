package gradus.lessons.retrieve.chunk;

import static gradus.error.ConfigException.require;

import gradus.lessons.retrieve.embed.Embedder;
import java.util.ArrayList;
import java.util.List;

/// Cuts where the subject changes, as embeddings see it. Each sentence is embedded together with its
/// neighbours, a window that slides over the text:
///
/// `dᵢ = 1 − cos(e(sᵢ₋ᵦ … sᵢ₊ᵦ), e(sᵢ₊₁₋ᵦ … sᵢ₊₁₊ᵦ))`
///
/// and the text is cut behind sentence i where a [BreakRule] finds dᵢ large. As in LangChain's SemanticChunker,
/// from Greg Kamradt's *5 levels of text splitting*; other than there, a window is the text as it stands.
///
/// @param buffer       β, how many sentences on each side; 0 or more
/// @param minChunkSize a cut that would leave a shorter chunk before it is not made, and its text goes on into
///     the next chunk; in the units of `size`. 0 makes all cuts
/// @param size         what is longer is cut between sentences, as full as may be; [ChunkSize#unlimited] as in
///                     the source
public record SemanticChunker(Embedder embedder, BreakRule rule, int buffer, int minChunkSize, ChunkSize size)
        implements Chunker {
    public SemanticChunker {
        require(buffer >= 0, "SemanticChunker: buffer must not be negative; got %d", buffer);
        require(minChunkSize >= 0, "SemanticChunker: minChunkSize must not be negative; got %d", minChunkSize);
    }

    /// With windows of three sentences and cuts above the 95th percentile.
    public SemanticChunker(Embedder embedder) {
        this(embedder, new BreakRule.Percentile(95), 1, 0, ChunkSize.unlimited());
    }

    public SemanticChunker withRule(BreakRule rule) {
        return new SemanticChunker(embedder, rule, buffer, minChunkSize, size);
    }

    public SemanticChunker withBuffer(int buffer) {
        return new SemanticChunker(embedder, rule, buffer, minChunkSize, size);
    }

    public SemanticChunker withMinChunkSize(int minChunkSize) {
        return new SemanticChunker(embedder, rule, buffer, minChunkSize, size);
    }

    public SemanticChunker withSize(ChunkSize size) {
        return new SemanticChunker(embedder, rule, buffer, minChunkSize, size);
    }

    @Override
    public List<Chunk> chunk(String document) {
        List<Span> sentences = Sentences.of(document);
        if (sentences.isEmpty()) {
            return List.of();
        }
        Units units = size.length().of(document);
        boolean[] breaks = sentences.size() == 1 ? new boolean[0] : rule.breaks(distances(document, sentences));
        List<Span> chunks = new ArrayList<>();
        int first = 0;
        for (int i = 0; i < sentences.size(); i++) {
            boolean last = i == sentences.size() - 1;
            int length =
                    units.between(sentences.get(first).start(), sentences.get(i).end());
            if (last || breaks[i] && length >= minChunkSize) {
                chunks.addAll(Packing.pack(document, sentences.subList(first, i + 1), units, size));
                first = i + 1;
            }
        }
        return Chunk.all(document, chunks, List.of());
    }

    /// The distance between each sentence's window and the next one's: one less than sentences.
    public double[] distances(String document, List<Span> sentences) {
        int count = sentences.size();
        List<String> windows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int from = sentences.get(Math.max(i - buffer, 0)).start();
            int to = sentences.get((int) Math.min((long) i + buffer, count - 1)).end();
            windows.add(document.substring(from, to));
        }
        float[][] vectors = Vectors.of(embedder, windows);
        double[] distances = new double[count - 1];
        for (int i = 0; i + 1 < count; i++) {
            distances[i] = 1 - Vectors.product(vectors[i], vectors[i + 1]);
        }
        return distances;
    }
}
