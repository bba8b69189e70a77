package gradus.lessons.prompt.autocot;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Divides vectors into k clusters so that they lie near the centres of theirs.
///
/// It lowers `Σᵢ ‖xᵢ − c(i)‖²` by turns: each vector goes to the nearest centre, each centre to the mean of its
/// vectors (Lloyd 1982), until nothing changes. The first centres are vectors drawn far from each other: each
/// with a probability in proportion to its squared distance from those before (k-means++, Arthur &
/// Vassilvitskii 2007). Of ten such beginnings the best end is taken. A cluster that loses all its vectors gets
/// the one that is farthest from its centre.
///
/// @param centres (k, C)
/// @param cluster of each vector, 0 … k-1
/// @param inertia the sum that is lowered
record KMeans(double[][] centres, int[] cluster, double inertia) {
    private static final int BEGINNINGS = 10;
    private static final int ROUNDS = 300;

    /// **Shapes** vectors (N, C), N ≥ k
    ///
    /// @throws gradus.error.ConfigException unless 1 ≤ k ≤ N
    static KMeans of(float[][] vectors, int k, Rng rng) {
        require(
                1 <= k && k <= vectors.length,
                "the number of clusters must be 1 to %d, as many as there are vectors; got %d",
                vectors.length,
                k);
        KMeans best = null;
        for (int i = 0; i < BEGINNINGS; i++) {
            KMeans next = from(vectors, begin(vectors, k, rng.at(i)));
            best = best == null || next.inertia < best.inertia ? next : best;
        }
        return best;
    }

    private static double[][] begin(float[][] vectors, int k, Rng rng) {
        double[][] centres = new double[k][];
        centres[0] = copy(vectors[rng.index(0, vectors.length)]);
        double[] nearest = new double[vectors.length];
        Arrays.fill(nearest, Double.POSITIVE_INFINITY);
        for (int c = 1; c < k; c++) {
            double sum = 0;
            for (int i = 0; i < vectors.length; i++) {
                nearest[i] = Math.min(nearest[i], distance(vectors[i], centres[c - 1]));
                sum += nearest[i];
            }
            centres[c] = copy(vectors[draw(nearest, rng.uniform(c) * sum)]);
        }
        return centres;
    }

    private static int draw(double[] weights, double at) {
        double rest = at;
        int last = 0;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                last = i;
                if (rest < weights[i]) {
                    return i;
                }
                rest -= weights[i];
            }
        }
        return last;
    }

    private static KMeans from(float[][] vectors, double[]... centres) {
        int[] cluster = new int[vectors.length];
        Arrays.fill(cluster, -1);
        for (int round = 0; round < ROUNDS; round++) {
            int[] next = nearest(vectors, centres);
            fillEmpty(vectors, centres, next);
            if (Arrays.equals(next, cluster)) {
                break;
            }
            cluster = next;
            moveToMeans(vectors, cluster, centres);
        }
        double inertia = 0;
        for (int i = 0; i < vectors.length; i++) {
            inertia += distance(vectors[i], centres[cluster[i]]);
        }
        return new KMeans(centres, cluster, inertia);
    }

    private static int[] nearest(float[][] vectors, double[]... centres) {
        int[] nearest = new int[vectors.length];
        for (int i = 0; i < vectors.length; i++) {
            for (int c = 1; c < centres.length; c++) {
                if (distance(vectors[i], centres[c]) < distance(vectors[i], centres[nearest[i]])) {
                    nearest[i] = c;
                }
            }
        }
        return nearest;
    }

    private static void fillEmpty(float[][] vectors, double[][] centres, int... cluster) {
        int[] sizes = new int[centres.length];
        for (int c : cluster) {
            sizes[c]++;
        }
        for (int c = 0; c < centres.length; c++) {
            if (sizes[c] == 0) {
                int farthest = -1;
                for (int i = 0; i < vectors.length; i++) {
                    boolean canGo = sizes[cluster[i]] > 1;
                    if (canGo
                            && (farthest < 0
                                    || distance(vectors[i], centres[cluster[i]])
                                            > distance(vectors[farthest], centres[cluster[farthest]]))) {
                        farthest = i;
                    }
                }
                sizes[cluster[farthest]]--;
                cluster[farthest] = c;
                sizes[c] = 1;
                centres[c] = copy(vectors[farthest]);
            }
        }
    }

    private static void moveToMeans(float[][] vectors, int[] cluster, double[]... centres) {
        int[] sizes = new int[centres.length];
        for (double[] centre : centres) {
            Arrays.fill(centre, 0);
        }
        for (int i = 0; i < vectors.length; i++) {
            sizes[cluster[i]]++;
            for (int d = 0; d < vectors[i].length; d++) {
                centres[cluster[i]][d] += vectors[i][d];
            }
        }
        for (int c = 0; c < centres.length; c++) {
            for (int d = 0; d < centres[c].length; d++) {
                centres[c][d] /= sizes[c];
            }
        }
    }

    /// The numbers of a cluster's vectors, the nearest to its centre first, of equally near ones the first.
    int[] nearestFirst(int which, float[]... vectors) {
        return IntStream.range(0, cluster.length)
                .filter(i -> cluster[i] == which)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> distance(vectors[i], centres[which])))
                .mapToInt(i -> i)
                .toArray();
    }

    private static double distance(float[] a, double... b) {
        double sum = 0;
        for (int d = 0; d < a.length; d++) {
            sum += (a[d] - b[d]) * (a[d] - b[d]);
        }
        return sum;
    }

    private static double[] copy(float... vector) {
        double[] copy = new double[vector.length];
        for (int d = 0; d < copy.length; d++) {
            copy[d] = vector[d];
        }
        return copy;
    }
}
