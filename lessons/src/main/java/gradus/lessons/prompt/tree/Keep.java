package gradus.lessons.prompt.tree;

import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Chooses which states are followed.
@FunctionalInterface
public interface Keep {
    /// Up to `most` different ones of the numbers 0 … N-1, the one to follow first in front.
    ///
    /// @param scores (N), each at least 0
    /// @param rng    for this step alone
    List<Integer> of(double[] scores, int most, Rng rng);

    /// The best, of equal ones the first.
    static Keep greedy() {
        return (scores, most, rng) -> IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).reversed())
                .limit(most)
                .toList();
    }

    /// Draws them one after the other without putting back, each with a probability in proportion to its score:
    /// `p(i) = scoreᵢ / Σ score` of those that are left; evenly where that sum is 0. Other than in the
    /// published program, which puts back, no place is wasted on a state that is followed already.
    static Keep proportional() {
        return (scores, most, rng) -> {
            List<Integer> left =
                    new ArrayList<>(IntStream.range(0, scores.length).boxed().toList());
            List<Integer> drawn = new ArrayList<>();
            while (drawn.size() < most && !left.isEmpty()) {
                drawn.add(left.remove(draw(scores, left, rng.uniform(drawn.size()))));
            }
            return drawn;
        };
    }

    private static int draw(double[] scores, List<Integer> left, double uniform) {
        double sum = left.stream().mapToDouble(i -> scores[i]).sum();
        if (sum <= 0) {
            return (int) (uniform * left.size());
        }
        double rest = uniform * sum;
        int last = 0;
        for (int i = 0; i < left.size(); i++) {
            double score = scores[left.get(i)];
            if (score > 0) {
                last = i;
                if (rest < score) {
                    return i;
                }
                rest -= score;
            }
        }
        return last; // after roundings
    }
}
