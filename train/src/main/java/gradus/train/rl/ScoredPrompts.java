package gradus.train.rl;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;
import gradus.train.task.Packing;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/// Prompts whose completions somebody scores, such as a reward model. In each epoch all prompts come in a
/// random order. Ouyang et al. 2022, arXiv:2203.02155, section 3.5.
///
/// A completion that was cut at the limit may be paid less by a fixed amount, so that the policy learns to come
/// to an end: TRL's `missing_eos_penalty`.
public final class ScoredPrompts implements Environment {
    private final List<Asked> prompts;
    private final List<Asked> heldOut;
    private final int end;
    private final Score score;
    private final double penalty;
    private final String fingerprint;
    private final Packing order;

    /// Says what completions are worth, many at once.
    @FunctionalInterface
    public interface Score {
        /// @param prompts     of each completion, its own
        /// @param completions of them
        /// @return a finite number for each, the larger the better
        double[] of(List<int[]> prompts, List<Completion> completions);
    }

    /// @param prompts           at least one
    /// @param heldOut           prompts to measure with; may be empty
    /// @param end               the token that ends a completion
    /// @param scorer            tells this scorer from any other
    /// @param missingEosPenalty taken from the score of a completion that did not end, at least 0; empty for
    ///     nothing
    /// @param rng               random numbers for the order
    /// @throws gradus.error.ConfigException if there is no prompt, one is empty, or the penalty is out of range
    public ScoredPrompts(
            List<int[]> prompts,
            List<int[]> heldOut,
            int end,
            Score score,
            String scorer,
            OptionalDouble missingEosPenalty,
            Rng rng) {
        require(!prompts.isEmpty(), "scored prompts: at least one prompt must be given");
        this.penalty = missingEosPenalty.orElse(0);
        require(
                penalty >= 0 && Double.isFinite(penalty),
                "missingEosPenalty must be a number of at least 0; got %s",
                penalty);
        this.prompts = prompts.stream().map(Asked::new).toList();
        this.heldOut = heldOut.stream().map(Asked::new).toList();
        this.end = end;
        this.score = score;
        int[] ones = new int[prompts.size()];
        Arrays.fill(ones, 1);
        this.order = new Packing(ones, 1, false, rng);
        this.fingerprint = "%s %s %s %s %s %s"
                .formatted(scorer, end, penalty, sum(prompts), sum(heldOut), Long.toHexString(rng.key()));
    }

    private static String sum(List<int[]> prompts) {
        return prompts.size() + "-" + Integer.toHexString(Arrays.deepHashCode(prompts.toArray(int[][]::new)));
    }

    /// A prompt that is completed.
    private final class Asked implements Problem {
        private final int[] prompt;

        private Asked(int[] prompt) {
            require(prompt.length > 0, "scored prompts: a prompt must have at least 1 token");
            this.prompt = prompt.clone();
        }

        @Override
        public int[] prompt() {
            return prompt.clone();
        }

        @Override
        public double reward(Completion completion) {
            return rewards(List.of(this), List.of(completion))[0];
        }

        @Override
        public String toString() {
            return "of %s tokens".formatted(prompt.length);
        }
    }

    @Override
    public double[] rewards(List<? extends Problem> problems, List<Completion> completions) {
        double[] scores = score.of(problems.stream().map(Problem::prompt).toList(), completions);
        require(
                scores != null && scores.length == completions.size(),
                "scored prompts: there must be a score for each of the %d completions; got %s",
                completions.size(),
                scores == null ? "none" : String.valueOf(scores.length));
        double[] rewards = scores.clone(); // the array is the scorer's
        for (int i = 0; i < rewards.length; i++) {
            rewards[i] -= completions.get(i).ended() ? 0 : penalty;
        }
        return rewards;
    }

    @Override
    public Problem problem(long number) {
        return prompts.get(order.rows(number, 1)[0][0]);
    }

    @Override
    public List<? extends Problem> heldOut() {
        return heldOut;
    }

    @Override
    public int end() {
        return end;
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }
}
