package gradus.lessons.retrieve.chunk;

import static gradus.error.ShapeException.require;

import gradus.error.NumericException;
import gradus.lessons.retrieve.embed.Embedder;
import java.util.List;

/// The vectors of some texts, checked.
final class Vectors {
    private Vectors() {}

    /// @throws gradus.error.ShapeException if there are not as many as texts, or they differ in length
    /// @throws NumericException if a number is not finite
    static float[][] of(Embedder embedder, List<String> texts) {
        float[][] vectors = embedder.embed(texts);
        require(
                vectors.length == texts.size(),
                "the embedder gave %d vectors for %d texts",
                vectors.length,
                texts.size());
        for (float[] vector : vectors) {
            require(
                    vector.length == vectors[0].length,
                    "the embedder gave vectors of %d and of %d numbers",
                    vectors[0].length,
                    vector.length);
            for (float number : vector) {
                if (!Float.isFinite(number)) {
                    throw new NumericException("the embedder gave a vector that is not finite: it holds " + number);
                }
            }
        }
        return vectors;
    }

    /// The cosine, as both have length 1.
    static double product(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
