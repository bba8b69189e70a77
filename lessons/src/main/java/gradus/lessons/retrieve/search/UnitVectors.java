package gradus.lessons.retrieve.search;

import static gradus.error.ConfigException.require;

import gradus.error.NumericException;
import gradus.lessons.retrieve.embed.NamedEmbedder;
import java.util.List;

/// Vectors of length 1, whose cosine is their product.
public final class UnitVectors {
    private UnitVectors() {}

    /// The vector divided by its length; a vector of zeros stays one.
    ///
    /// @throws NumericException if a number is not finite
    public static float[] unit(float[] vector) {
        double squares = 0;
        for (float x : vector) {
            squares += (double) x * x;
        }
        if (!Double.isFinite(squares)) {
            throw new NumericException("the vector of a text has a number that is not finite");
        }
        double length = squares == 0 ? 1 : Math.sqrt(squares);
        float[] unit = new float[vector.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (vector[i] / length);
        }
        return unit;
    }

    /// The cosine of two vectors of length 1: their product. A vector of zeros has the cosine 0 with all.
    public static double cosine(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    /// The vectors of texts, checked: as many as texts, of the size that the embedder says, of length 1.
    ///
    /// @throws NumericException if a number is not finite
    /// @throws gradus.error.ConfigException if the embedder gives others
    public static float[][] of(NamedEmbedder embedder, List<String> texts) {
        float[][] vectors = embedder.embed(texts);
        require(
                vectors.length == texts.size(),
                "%s gave %d vectors for %d texts",
                embedder.name(),
                vectors.length,
                texts.size());
        for (int i = 0; i < vectors.length; i++) {
            require(
                    vectors[i].length == embedder.dim(),
                    "%s gave a vector of %d numbers and says that it has %d",
                    embedder.name(),
                    vectors[i].length,
                    embedder.dim());
            vectors[i] = unit(vectors[i]);
        }
        return vectors;
    }
}
