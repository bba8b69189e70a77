package gradus.lessons.retrieve.rerank;

import gradus.lessons.retrieve.search.Reranker;
import gradus.lessons.retrieve.search.UnitVectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Late interaction: every token of the question looks for the token of the passage that is nearest to it.
///
/// `score(q, d) = Σ_i max_j cos(q_i, d_j)`
///
/// Question and passage are read apart, as for one vector, but no token's meaning is lost in a mean before they
/// meet. Khattab & Zaharia 2020, *ColBERT*, arXiv:2004.12832. Two things of the paper are left out: its encoder
/// is trained with this score, where any encoder does here; and the marks `[Q]` and `[D]`, with masks that
/// lengthen a question.
///
/// **Cost** for a question of S tokens: S·T·C products for a passage of T tokens, and its embedding.
public final class MaxSim implements Reranker {
    private final TokenEmbedder embedder;

    public MaxSim(TokenEmbedder embedder) {
        this.embedder = embedder;
    }

    /// A passage without a token scores 0.
    ///
    /// @throws gradus.error.NumericException if a number of a vector is not finite
    @Override
    public double[] scores(String query, List<String> texts) {
        List<String> all = new ArrayList<>(texts);
        all.add(query);
        float[][][] tokens = embedder.tokens(all);
        float[][] question = unit(tokens[texts.size()]);
        return Arrays.stream(tokens, 0, texts.size())
                .mapToDouble(passage -> score(question, unit(passage)))
                .toArray();
    }

    private static float[][] unit(float[][] tokens) {
        return Arrays.stream(tokens).map(UnitVectors::unit).toArray(float[][]::new);
    }

    private static double score(float[][] question, float[][] passage) {
        double sum = 0;
        for (float[] asked : question) {
            double most = Arrays.stream(passage)
                    .mapToDouble(token -> UnitVectors.cosine(asked, token))
                    .max()
                    .orElse(0);
            sum += most;
        }
        return sum;
    }
}
