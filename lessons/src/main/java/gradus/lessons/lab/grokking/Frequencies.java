package gradus.lessons.lab.grokking;

import java.util.Arrays;

/// How the energy of a table of p vectors is spread over frequencies. With `E[n]` the vector of the number
/// n, the
/// energy of frequency k is `|Σₙ E[n]·cos(2πkn/p)|² + |Σₙ E[n]·sin(2πkn/p)|²`, k = 1 to (p - 1)/2. What
/// all vectors
/// have in common, k = 0, is left out. Nanda et al. 2023, arXiv:2301.05217: a model that has understood
/// addition
/// mod p keeps few of them, and adds angles.
final class Frequencies {
    private Frequencies() {}

    /// The energy of each frequency, from 1, as a share of all.
    ///
    /// @param table (p, C), row after row
    /// @param p     odd
    static double[] shares(double[] table, int p) {
        int channels = table.length / p;
        double[] energy = new double[(p - 1) / 2];
        for (int k = 1; k <= energy.length; k++) {
            for (int c = 0; c < channels; c++) {
                double cos = 0;
                double sin = 0;
                for (int n = 0; n < p; n++) {
                    double angle = 2 * Math.PI * ((long) k * n % p) / p;
                    cos += table[n * channels + c] * Math.cos(angle);
                    sin += table[n * channels + c] * Math.sin(angle);
                }
                energy[k - 1] += cos * cos + sin * sin;
            }
        }
        double all = Arrays.stream(energy).sum();
        return Arrays.stream(energy).map(each -> each / all).toArray();
    }

    /// The share of the strongest frequencies together.
    static double strongest(double[] table, int p, int count) {
        double[] ascending = shares(table, p);
        Arrays.sort(ascending);
        return Arrays.stream(ascending)
                .skip(Math.max(0, ascending.length - count))
                .sum();
    }
}
