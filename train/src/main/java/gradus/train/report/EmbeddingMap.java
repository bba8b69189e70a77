package gradus.train.report;

import gradus.layers.Embedding;
import gradus.tensor.Tensor;
import gradus.train.checkpoint.CheckpointJson;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The vectors of tokens on a plane: along the two directions in which they differ most, the first two
/// principal components (Pearson 1901).
final class EmbeddingMap {
    private static final int MOST = 300;
    private static final int PLANE = 2;

    private EmbeddingMap() {}

    /// Of the tokens of a text.
    ///
    /// @return nothing if the model has no table of its tokens, or the text has fewer than three different ones
    static Optional<ObjectNode> of(Subject subject, int... ids) {
        Set<Integer> different = new LinkedHashSet<>();
        Arrays.stream(ids).limit(Integer.MAX_VALUE).forEach(different::add);
        int[] tokens = different.stream().limit(MOST).mapToInt(id -> id).toArray();
        var tables = subject.model().namedLayers(Embedding.class).values();
        if (tokens.length <= PLANE || tables.isEmpty()) {
            return Optional.empty();
        }
        Tensor table = tables.iterator().next().weight(); // (V, C)
        int dim = table.dim(1);
        double[] all = table.toArray();
        double[][] vectors = new double[tokens.length][];
        for (int i = 0; i < tokens.length; i++) {
            vectors[i] = Arrays.copyOfRange(all, tokens[i] * dim, (tokens[i] + 1) * dim);
        }
        double[][] plane = principal(vectors);
        ObjectNode json = CheckpointJson.object();
        json.set("tokens", names(subject, tokens));
        json.set("x", Inside.numbers(Arrays.stream(plane).mapToDouble(p -> p[0]).toArray()));
        json.set("y", Inside.numbers(Arrays.stream(plane).mapToDouble(p -> p[1]).toArray()));
        return Optional.of(json);
    }

    private static ArrayNode names(Subject subject, int... tokens) {
        ArrayNode names = CheckpointJson.object().putArray("names");
        for (int id : tokens) {
            names.add(subject.tokenizer().idToToken(id));
        }
        return names;
    }

    /// **Shapes** vectors (N, C) → (N, 2)
    static double[][] principal(double[][] vectors) {
        int n = vectors.length;
        int dim = vectors[0].length;
        double[] mean = new double[dim];
        for (double[] vector : vectors) {
            for (int c = 0; c < dim; c++) {
                mean[c] += vector[c] / n;
            }
        }
        RealMatrix centred = new Array2DRowRealMatrix(n, dim);
        for (int i = 0; i < n; i++) {
            for (int c = 0; c < dim; c++) {
                centred.setEntry(i, c, vectors[i][c] - mean[c]);
            }
        }
        // The eigenvectors of X·Xᵀ, times the roots of their values, are the coordinates; N is at most some hundred.
        EigenDecomposition eigen = new EigenDecomposition(centred.multiply(centred.transpose()));
        double[][] plane = new double[n][PLANE];
        for (int k = 0; k < PLANE; k++) {
            double length = Math.sqrt(Math.max(0, eigen.getRealEigenvalue(k)));
            for (int i = 0; i < n; i++) {
                plane[i][k] = length * eigen.getV().getEntry(i, k);
            }
        }
        return plane;
    }
}
