package gradus.lessons.lab.hallucination;

import static gradus.error.ConfigException.require;

/// The second moments of the keys that a layer reads: `C = mean(k·kᵀ) + r·mean(diag)·I`. Meng et al. 2022
/// (ROME), arXiv:2202.05262, estimate it from a hundred thousand words of Wikipedia. Fewer keys than channels
/// span no whole space; the ridge r makes C invertible then.
public final class KeyCovariance {
    private final double[][] sum;
    private long count;

    /// @param dim F, the size of a key
    /// @throws gradus.error.ConfigException if it is below 1
    public KeyCovariance(int dim) {
        require(dim >= 1, "a key must have at least 1 number; got %s", dim);
        this.sum = new double[dim][dim];
    }

    /// Counts a key.
    ///
    /// **Shapes** key (F)
    ///
    /// @throws gradus.error.ConfigException if it has another size
    public void add(double[] key) {
        require(key.length == sum.length, "a key must have %s numbers; got %s", sum.length, key.length);
        for (int i = 0; i < key.length; i++) {
            for (int j = 0; j < key.length; j++) {
                sum[i][j] += key[i] * key[j];
            }
        }
        count++;
    }

    /// C.
    ///
    /// **Shapes** → (F, F)
    ///
    /// @param ridge r, above 0
    /// @throws gradus.error.ConfigException if r is not above 0, or there is no key
    public double[][] matrix(double ridge) {
        require(ridge > 0 && Double.isFinite(ridge), "the ridge must be above 0; got %s", ridge);
        require(count > 0, "there is no key yet");
        int dim = sum.length;
        double diagonal = 0;
        for (int i = 0; i < dim; i++) {
            diagonal += sum[i][i] / count / dim;
        }
        double[][] matrix = new double[dim][dim];
        for (int i = 0; i < dim; i++) {
            for (int j = 0; j < dim; j++) {
                matrix[i][j] = sum[i][j] / count + (i == j ? ridge * diagonal : 0);
            }
        }
        return matrix;
    }
}
