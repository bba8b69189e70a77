package gradus.train.cloze;

import static gradus.error.ConfigException.require;

import java.util.List;

/// The mean of the probabilities of several classifiers, say of one for each pattern: a soft ensemble. Schick &
/// Schütze 2021, arXiv:2001.07676, section 3.3, with equal weights.
public final class Ensemble {
    private Ensemble() {}

    /// @param probabilities of each classifier, (N, K) all of them
    /// @return (N, K)
    /// @throws gradus.error.ConfigException if there are none, or they differ in size
    public static double[][] mean(List<double[][]> probabilities) {
        require(!probabilities.isEmpty(), "an ensemble must have at least one classifier");
        double[][] first = probabilities.getFirst();
        double[][] mean = new double[first.length][];
        for (int n = 0; n < first.length; n++) {
            mean[n] = new double[first[n].length];
            for (double[][] each : probabilities) {
                require(
                        each.length == first.length && each[n].length == first[n].length,
                        "classifiers of an ensemble must tell the same classes of the same examples");
                for (int k = 0; k < mean[n].length; k++) {
                    mean[n][k] += each[n][k] / probabilities.size();
                }
            }
        }
        return mean;
    }
}
