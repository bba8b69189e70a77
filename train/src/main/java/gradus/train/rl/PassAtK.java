package gradus.train.rl;

import static gradus.error.ConfigException.require;

/// The probability that at least one of k answers is right, estimated from n answers of which c are right: `1 -
/// C(n-c, k)/C(n, k) = 1 - Π_{i=n-c+1}^{n} (1 - k/i)`. It is unbiased, which `1 - (1 - c/n)^k` is not. Chen et
/// al. 2021, arXiv:2107.03374, section 2.1.
public final class PassAtK {
    private PassAtK() {}

    /// @param n answers, at least k
    /// @param c of them right
    /// @throws gradus.error.ConfigException if the numbers do not fit together
    public static double of(int n, int c, int k) {
        require(
                k >= 1 && n >= k && c >= 0 && c <= n,
                "pass@k: k must be from 1 to n and c from 0 to n; got n=%d, c=%d, k=%d",
                n,
                c,
                k);
        double none = 1;
        for (int i = n - c + 1; i <= n; i++) {
            none *= Math.max(0, 1 - (double) k / i);
        }
        return 1 - none;
    }
}
