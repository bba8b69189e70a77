package gradus.lessons.prompt.demonstration;

import static gradus.error.ConfigException.require;

import gradus.lessons.retrieve.embed.Embedder;
import gradus.lessons.retrieve.search.UnitVectors;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// The K demonstrations whose questions are most like the question, by the cosine of their vectors, the most
/// similar one last, next to the question. Of equally similar ones, the first of the pool counts as more
/// similar. Liu et al. 2021, *What Makes Good In-Context Examples for GPT-3?*, arXiv:2101.06804.
public final class SimilarSelection implements Selection {
    private final Embedder embedder;
    private final List<Demonstration> pool;
    private final float[][] vectors; // (N, C)
    private final int k;

    /// Embeds the pool's questions once.
    ///
    /// @param k how many, K
    /// @throws gradus.error.ConfigException unless 1 ≤ k ≤ the size of the pool
    public SimilarSelection(Embedder embedder, List<Demonstration> pool, int k) {
        this.embedder = embedder;
        this.pool = List.copyOf(pool);
        this.k = k;
        require(
                1 <= k && k <= pool.size(),
                "k, the number of demonstrations, must be 1 to %d, as many as there are; got %d",
                pool.size(),
                k);
        this.vectors = embedder.embed(pool.stream().map(Demonstration::question).toList());
    }

    @Override
    public List<Demonstration> select(String question) {
        float[] asked = embedder.embed(List.of(question))[0];
        double[] cosines = IntStream.range(0, vectors.length)
                .mapToDouble(i -> UnitVectors.cosine(vectors[i], asked))
                .toArray();
        return IntStream.range(0, vectors.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> cosines[i]).reversed())
                .limit(k)
                .map(pool::get)
                .toList()
                .reversed();
    }
}
