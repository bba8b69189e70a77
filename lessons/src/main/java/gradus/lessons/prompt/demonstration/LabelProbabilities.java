package gradus.lessons.prompt.demonstration;

import static gradus.error.ConfigException.require;

import gradus.error.NumericException;
import gradus.lessons.prompt.Scorer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/// Classifies by asking a model how likely each label is as the answer.
///
/// `p(y | x) = e^{s(y)} / Σ_y' e^{s(y')}`, with s(y) the log-probability of the label y behind the prompt for
/// x.
///
/// A model that has read demonstrations likes some labels better than others, whatever the question: those that
/// came often, those that came last, and words that are frequent anyway. [#calibration] measures this with
/// questions that mean nothing, and divides it out.
///
/// @param labels at least two, different; before each stands [Scorer#gap]
public record LabelProbabilities(
        Scorer scorer, TaskForm form, List<Demonstration> demonstrations, List<String> labels) {
    /// Questions that mean nothing, as in the paper.
    public static final List<String> CONTENT_FREE = List.of("N/A", "[MASK]", "");

    /// @throws gradus.error.ConfigException if labels are fewer than two, empty or equal
    public LabelProbabilities {
        demonstrations = List.copyOf(demonstrations);
        labels = List.copyOf(labels);
        check(labels);
    }

    /// Refuses labels that are none.
    ///
    /// @throws gradus.error.ConfigException if labels are fewer than two, empty or equal
    public static void check(List<String> labels) {
        require(
                labels.size() >= 2
                        && new HashSet<>(labels).size() == labels.size()
                        && labels.stream().noneMatch(String::isBlank),
                "labels must be at least two different texts; got %s",
                labels);
    }

    /// p(y | x) of each label.
    ///
    /// **Shapes** → (Y), sum 1
    ///
    /// @throws NumericException if a score is no number
    public double[] of(String question) {
        String prompt = form.prompt(demonstrations, question);
        double[] scores = labels.stream()
                .mapToDouble(label -> scorer.logProbability(prompt, scorer.gap() + label))
                .toArray();
        if (Arrays.stream(scores).anyMatch(Double::isNaN)
                || !Double.isFinite(Arrays.stream(scores).max().orElseThrow())) {
            throw new NumericException("the likelihoods of the labels are not finite: " + Arrays.toString(scores));
        }
        return softmax(scores);
    }

    /// Contextual calibration: the mean of p(y | x) over questions that mean nothing.
    ///
    /// Zhao et al. 2021, *Calibrate Before Use: Improving Few-Shot Performance of Language Models*,
    /// arXiv:2102.09690.
    ///
    /// **Shapes** → (Y), sum 1
    ///
    /// @throws gradus.error.ConfigException if there are no questions
    public double[] calibration(List<String> contentFree) {
        require(!contentFree.isEmpty(), "calibration needs a question that means nothing, such as N/A");
        double[] mean = new double[labels.size()];
        for (String question : contentFree) {
            double[] each = of(question);
            for (int y = 0; y < mean.length; y++) {
                mean[y] += each[y] / contentFree.size();
            }
        }
        return mean;
    }

    /// `q(y | x) ∝ p(y | x) / p_cf(y)`: the paper's `W p` with `W = diag(p_cf)⁻¹`, scaled to the sum 1 where
    /// the paper takes a softmax; the order of the labels is the same.
    ///
    /// **Shapes** calibration (Y) → (Y), sum 1
    public double[] calibrated(String question, double... calibration) {
        requireOneForEach(calibration);
        return calibrated(of(question), calibration);
    }

    /// The same of probabilities that are known, which asks no model.
    ///
    /// **Shapes** p (Y), calibration (Y) → (Y), sum 1
    public double[] calibrated(double[] p, double... calibration) {
        requireOneForEach(calibration);
        double[] logs = new double[p.length];
        for (int y = 0; y < p.length; y++) {
            logs[y] = Math.log(p[y]) - Math.log(Math.max(calibration[y], Double.MIN_NORMAL));
        }
        return softmax(logs);
    }

    private void requireOneForEach(double... calibration) {
        require(
                calibration.length == labels.size(),
                "the calibration has %d numbers for %d labels",
                calibration.length,
                labels.size());
    }

    /// The label with the greatest number, the first of equal ones.
    public String best(double... probabilities) {
        int best = 0;
        for (int y = 1; y < probabilities.length; y++) {
            best = probabilities[y] > probabilities[best] ? y : best;
        }
        return labels.get(best);
    }

    private static double[] softmax(double... scores) {
        double most = Arrays.stream(scores).max().orElseThrow();
        double[] powers = Arrays.stream(scores).map(s -> Math.exp(s - most)).toArray();
        double sum = Arrays.stream(powers).sum();
        return Arrays.stream(powers).map(each -> each / sum).toArray();
    }
}
