package gradus.lessons.retrieve.search;

import gradus.lessons.retrieve.embed.NamedEmbedder;
import gradus.train.pretrained.SentenceEmbedding;
import gradus.train.run.SavedEmbedding;
import java.nio.file.Path;
import java.util.List;

/// A [SentenceEmbedding] as embedder, for one: all-MiniLM-L6-v2.
public final class SentenceEmbedder implements NamedEmbedder {
    /// The name of all-MiniLM-L6-v2.
    public static final String MINI_LM = "minilm";

    private final String name;
    private final SentenceEmbedding embedding;

    public SentenceEmbedder(String name, SentenceEmbedding embedding) {
        this.name = name;
        this.embedding = embedding;
    }

    /// all-MiniLM-L6-v2, from the class path.
    ///
    /// @throws gradus.error.DataException if it is not there
    public static SentenceEmbedder miniLm() {
        return new SentenceEmbedder(MINI_LM, SentenceEmbedding.miniLm());
    }

    /// By name: `minilm`, or else the path of a folder of sentence-transformers, or of a run of
    /// `gradus train --task contrastive`.
    ///
    /// @throws gradus.error.GradusException if it cannot be loaded
    public static SentenceEmbedder named(String name) {
        return name.equals(MINI_LM) ? miniLm() : new SentenceEmbedder(name, SavedEmbedding.open(Path.of(name)));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int dim() {
        return embedding.dim();
    }

    /// The vectors of the tokens of texts, for [gradus.lessons.retrieve.rerank.MaxSim].
    ///
    /// **Shapes** N texts → N times (T, C), not scaled
    public float[][][] tokens(List<String> texts) {
        return embedding.states(texts);
    }

    @Override
    public float[][] embed(List<String> texts) {
        float[][] vectors = embedding.embed(texts);
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = UnitVectors.unit(vectors[i]);
        }
        return vectors;
    }
}
