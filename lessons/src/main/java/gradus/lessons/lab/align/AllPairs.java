package gradus.lessons.lab.align;

import gradus.layers.loss.alignment.PairLogProbs;
import gradus.layers.loss.alignment.PreferenceLoss;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import java.util.Arrays;

/// DPO on all ordered pairs of different answers, each as often as the Bradley-Terry model prefers its first
/// to its second: with probability `σ(r_w - r_l)`.
public final class AllPairs implements ExactMethod {
    @Override
    public String title() {
        return "DPO on all pairs";
    }

    @Override
    public Tensor loss(EnumerableProblem problem, Tensor logits, boolean tokens) {
        int n = problem.outcomes().count();
        int[] winners = new int[n * (n - 1)];
        int[] losers = new int[winners.length];
        double[] shares = new double[winners.length];
        int pair = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                if (i != j) {
                    winners[pair] = i;
                    losers[pair] = j;
                    double ahead = problem.rewards()[i] - problem.rewards()[j];
                    shares[pair] = 2 / (1 + Math.exp(-ahead)) / winners.length;
                    pair++;
                }
            }
        }
        Indices better = Indices.of(winners);
        Indices worse = Indices.of(losers);
        Tensor own = problem.outcomes().logProbs(logits).sum(-1); // (N)
        Tensor reference = problem.outcomes().logProbs(problem.reference()).sum(-1); // (N)
        PairLogProbs pairs = PairLogProbs.of(
                own.indexSelect(0, better),
                own.indexSelect(0, worse),
                reference.indexSelect(0, better),
                reference.indexSelect(0, worse));
        Tensor each = PreferenceLoss.SIGMOID.each(pairs, problem.beta(), 0); // (N·(N-1))
        return each.mul(Tensor.of(shares, shares.length)).sum(); // ()
    }

    /// Log-probabilities of answers are sums over tokens anyway.
    @Override
    public double[] closedForm(EnumerableProblem problem, boolean tokens) {
        return ClosedForm.ofAnswers(problem, ClosedForm::gibbs);
    }

    /// The loss is a convex function of the log-probabilities of answers, curved by at most β²/(N - 1), and
    /// each cell of the table is in at most N/V of them.
    @Override
    public double[] step(EnumerableProblem problem, double[] gradient, double[] probs) {
        int n = problem.outcomes().count();
        int shared = n / problem.outcomes().vocabulary();
        double rate = (n - 1) / (problem.beta() * problem.beta() * shared);
        return Arrays.stream(gradient).map(g -> g * rate).toArray();
    }
}
