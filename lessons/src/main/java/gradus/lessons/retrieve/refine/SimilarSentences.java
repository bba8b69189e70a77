package gradus.lessons.retrieve.refine;

import static gradus.error.ConfigException.require;

import gradus.lessons.retrieve.embed.NamedEmbedder;
import gradus.lessons.retrieve.search.Passage;
import gradus.lessons.retrieve.search.UnitVectors;
import java.util.ArrayList;
import java.util.List;

/// Compression without a language model: only sentences whose vector's cosine with the question's is at least
/// the threshold are read. A passage of which none is left goes.
///
/// @param threshold from −1, which keeps all, to 1
public record SimilarSentences(NamedEmbedder embedder, double threshold) implements Refinement {
    /// @throws gradus.error.ConfigException if the threshold is out of its range
    public SimilarSentences {
        require(threshold >= -1 && threshold <= 1, "the threshold of a cosine must be from -1 to 1; got %s", threshold);
    }

    @Override
    public List<Passage> refine(String question, List<Passage> passages) {
        float[] wanted = UnitVectors.of(embedder, List.of(question))[0];
        List<Passage> refined = new ArrayList<>();
        for (Passage passage : passages) {
            Sentenced sentences = Sentenced.of(passage);
            float[][] vectors = UnitVectors.of(embedder, sentences.texts());
            boolean[] kept = new boolean[vectors.length];
            for (int i = 0; i < kept.length; i++) {
                kept[i] = threshold == -1 || UnitVectors.cosine(wanted, vectors[i]) >= threshold;
            }
            refined.addAll(sentences.only(kept));
        }
        return refined;
    }
}
