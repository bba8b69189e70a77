package gradus.train.rl;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/// The completions of one iteration and all that was computed of them before the first step, for as long as
/// steps learn from them.
///
/// All of it lies in tensors of fixed shapes, which checkpoints hold, and whoever needs it reads it from there.
/// The weights that drew the completions are gone after the first step, so a training that is resumed in the
/// middle of an iteration could not draw them again: it finds them here, bit for bit.
public final class Experience {
    private final int rows; // N
    private final int time; // T, the most tokens of a completion
    private final SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    private final Tensor iteration = one("iteration", Shape.of(1), -1);
    private final Tensor lengths;
    private final Tensor ended;
    private final Tensor rewards;
    private final Tensor tokens;

    /// One number for each token of each completion.
    public enum Column {
        /// log p of the token when it was drawn.
        LOG_PROBS,
        /// log p of the token under the reference model.
        REFERENCE_LOG_PROBS,
        /// A.
        ADVANTAGES,
        /// What the critic expected before the token.
        VALUES,
        /// What the critic is to learn.
        RETURNS;

        private String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param rows    N, completions
    /// @param time    T, the most tokens of one
    /// @param columns what is kept of each token, besides [Column#LOG_PROBS]
    Experience(int rows, int time, Column... columns) {
        this.rows = rows;
        this.time = time;
        this.lengths = one("lengths", Shape.of(rows), 0);
        this.ended = one("ended", Shape.of(rows), 0);
        this.rewards = one("rewards", Shape.of(rows), 0);
        this.tokens = one("tokens", Shape.of(rows, time), 0);
        one(Column.LOG_PROBS.key(), Shape.of(rows, time), 0);
        for (Column column : columns) {
            one(column.key(), Shape.of(rows, time), 0);
        }
    }

    /// A further tensor of the state, in float64: what a task must find again after a resume. Made in the
    /// task's constructor.
    public Tensor one(String name, Shape shape, double value) {
        Tensor tensor = Tensor.full(DType.FLOAT64, shape, value).keep();
        tensors.put("rollouts." + name, tensor);
        return tensor;
    }

    /// What checkpoints hold.
    SequencedMap<String, Tensor> state() {
        return tensors;
    }

    /// N.
    int rows() {
        return rows;
    }

    /// Whether it holds the completions of an iteration.
    boolean isOf(int number) {
        return iteration.item() == number;
    }

    /// Replaces the completions. What was computed of them is to follow, and then [#complete].
    void store(List<Completion> completions, double[] paid) {
        iteration.set(-1);
        double[] ids = new double[rows * time];
        double[][] logProbs = new double[rows][];
        double[] sizes = new double[rows];
        double[] ends = new double[rows];
        for (int i = 0; i < rows; i++) {
            Completion each = completions.get(i);
            for (int t = 0; t < each.length(); t++) {
                ids[i * time + t] = each.tokens()[t];
            }
            logProbs[i] = each.logProbabilities();
            sizes[i] = each.length();
            ends[i] = each.ended() ? 1 : 0;
        }
        tokens.set(ids);
        lengths.set(sizes);
        ended.set(ends);
        rewards.set(paid);
        put(Column.LOG_PROBS, logProbs);
    }

    /// From now on it holds all there is of an iteration.
    void complete(int number) {
        iteration.set(number);
    }

    /// The completions.
    public List<Completion> completions() {
        double[] ids = tokens.toArray();
        double[] ends = ended.toArray();
        double[][] logProbs = get(Column.LOG_PROBS);
        List<Completion> completions = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            int[] own = new int[logProbs[i].length];
            for (int t = 0; t < own.length; t++) {
                own[t] = (int) ids[i * time + t];
            }
            completions.add(new Completion(own, logProbs[i], ends[i] == 1));
        }
        return completions;
    }

    /// What each completion is worth.
    public double[] rewards() {
        return rewards.toArray();
    }

    /// Keeps numbers of tokens.
    ///
    /// @param ragged for each completion, one number for each of its tokens
    /// @throws gradus.error.ConfigException if the task keeps no such column, or numbers are too many or too
    ///     few
    public void put(Column column, double[][] ragged) {
        Tensor kept = tensor(column);
        double[] sizes = lengths.toArray();
        require(ragged.length == rows, "%s: there are %d completions; got numbers of %d", column, rows, ragged.length);
        double[] all = new double[rows * time];
        for (int i = 0; i < rows; i++) {
            require(
                    ragged[i].length == sizes[i],
                    "%s: completion %d has %d tokens; got %d numbers",
                    column,
                    i,
                    (int) sizes[i],
                    ragged[i].length);
            System.arraycopy(ragged[i], 0, all, i * time, ragged[i].length);
        }
        kept.set(all);
    }

    /// For each completion the same number for all of its tokens.
    ///
    /// @param each one number for each completion
    public double[][] perToken(double[] each) {
        double[] sizes = lengths.toArray();
        double[][] ragged = new double[rows][];
        for (int i = 0; i < rows; i++) {
            ragged[i] = new double[(int) sizes[i]];
            Arrays.fill(ragged[i], each[i]);
        }
        return ragged;
    }

    /// For each completion, one number for each of its tokens.
    ///
    /// @throws gradus.error.ConfigException if the task keeps no such column
    public double[][] get(Column column) {
        double[] all = tensor(column).toArray();
        double[] sizes = lengths.toArray();
        double[][] ragged = new double[rows][];
        for (int i = 0; i < rows; i++) {
            ragged[i] = Arrays.copyOfRange(all, i * time, i * time + (int) sizes[i]);
        }
        return ragged;
    }

    private Tensor tensor(Column column) {
        Tensor tensor = tensors.get("rollouts." + column.key());
        require(tensor != null, "%s: the task keeps no such numbers; name the column when it is made", column);
        return tensor;
    }

    /// Tells of rewards and lengths under TRL's names.
    ///
    /// @param group how many completions answer the same prompt
    void measure(StepMetrics metrics, int group) {
        double[] rewards = rewards();
        double spread = 0;
        double equal = 0;
        for (int from = 0; from < rewards.length; from += group) {
            double std = GroupAdvantage.std(rewards, from, group);
            spread += std;
            equal += std == 0 ? 1 : 0;
        }
        int groups = rewards.length / group;
        metrics.mean("reward", Arrays.stream(rewards).average().orElseThrow(), 1);
        metrics.mean("reward_std", spread / groups, 1);
        metrics.mean("frac_reward_zero_std", equal / groups, 1);
        for (Completion each : completions()) {
            metrics.mean("completions/mean_length", each.length(), 1);
            metrics.min("completions/min_length", each.length());
            metrics.max("completions/max_length", each.length());
            metrics.mean("completions/clipped_ratio", each.ended() ? 0 : 1, 1);
        }
    }
}
