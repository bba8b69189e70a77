package gradus.lessons.retrieve.chunk;

import static gradus.error.ConfigException.require;

import gradus.lessons.retrieve.embed.Embedder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Clusters the sentences of a text so that those of a cluster are as alike as can be. A cluster is a run of
/// neighbouring sentences that fits the size, or a single sentence. Of all ways to divide the text into such
/// runs it takes the one with the greatest sum over clusters of
///
/// `Σ_{i ≠ j in the cluster} (cos(eᵢ, eⱼ) − m)`
///
/// where m is the mean cosine of all pairs of the text: sentences that are less alike than usual are better
/// apart. The best division is found by dynamic programming, `best(j) = max_i best(i) + gain(i … j)`, in time
/// sentences × sentences of a chunk. Of equally good ones it takes that with the shorter last chunk.
///
/// Smith & Troynikov 2024, *Evaluating chunking strategies for retrieval*, Chroma technical report:
/// ClusterSemanticChunker. There the clustered pieces are of 50 tokens; here they are sentences.
///
/// @param size without overlap
public record ClusterChunker(Embedder embedder, ChunkSize size) implements Chunker {
    public ClusterChunker {
        require(size.overlap() == 0, "ClusterChunker: clusters have no overlap; got %d", size.overlap());
    }

    @Override
    public List<Chunk> chunk(String document) {
        List<Span> sentences = Sentences.of(document);
        if (sentences.isEmpty()) {
            return List.of();
        }
        Units units = size.length().of(document);
        float[][] vectors = Vectors.of(
                embedder,
                sentences.stream()
                        .map(each -> document.substring(each.start(), each.end()))
                        .toList());
        List<Span> chunks = new ArrayList<>();
        int[] begin = best(sentences, units, vectors);
        for (int end = sentences.size(); end > 0; end = begin[end]) {
            chunks.add(new Span(
                    sentences.get(begin[end]).start(), sentences.get(end - 1).end()));
        }
        return Chunk.all(document, chunks.reversed(), List.of());
    }

    /// For each end of a text, counted in sentences, where its last chunk begins.
    private int[] best(List<Span> sentences, Units units, float[][] vectors) {
        int count = sentences.size();
        double mean = meanCosine(vectors);
        double[] best = new double[count + 1];
        int[] begin = new int[count + 1];
        double[] alike = new double[count]; // of each sentence with those behind it, up to the last one that was added
        for (int last = 0; last < count; last++) {
            double gain = 0;
            best[last + 1] = Double.NEGATIVE_INFINITY;
            for (int first = last; first >= 0; first--) {
                int length = units.between(
                        sentences.get(first).start(), sentences.get(last).end());
                if (first < last && length > size.size()) {
                    break;
                }
                if (first < last) {
                    alike[first] += 2 * (Vectors.product(vectors[first], vectors[last]) - mean);
                    gain += alike[first];
                }
                if (best[first] + gain > best[last + 1]) {
                    best[last + 1] = best[first] + gain;
                    begin[last + 1] = first;
                }
            }
        }
        return begin;
    }

    /// `(‖Σ eᵢ‖² − Σ ‖eᵢ‖²) / (n (n − 1))`: the mean over pairs without going over pairs.
    private static double meanCosine(float[]... vectors) {
        int count = vectors.length;
        if (count == 1) {
            return 0;
        }
        double[] sum = new double[vectors[0].length];
        double squares = 0;
        for (float[] vector : vectors) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += vector[i];
            }
            squares += Vectors.product(vector, vector);
        }
        double all = Arrays.stream(sum).map(each -> each * each).sum();
        return (all - squares) / ((double) count * (count - 1));
    }
}
