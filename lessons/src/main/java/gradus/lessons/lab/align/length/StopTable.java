package gradus.lessons.lab.align.length;

import static gradus.error.ConfigException.require;

import gradus.layers.attention.cache.KvCaches;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;

/// A policy that is known in full, with three numbers: it answers rightly with probability p, repeats its answer
/// for as long as it likes, and ends with a probability s of its own behind a right and behind a wrong answer.
/// p stays as it is; the two s are learned, through their logits.
///
/// The next token depends on the last one alone: behind [Talk#ASKED] stands [Talk#RIGHT] or [Talk#WRONG], behind
/// each of these itself or [Talk#END].
public final class StopTable extends LanguageModel {
    private static final int V = 4;
    private static final double NEVER = -1e9;

    private final Tensor fixed; // (V·V)
    private final Tensor stop; // (2): the logit of s behind a right and behind a wrong answer

    /// @param p       the probability of a right answer
    /// @param s       the probability of ending, behind either, to begin with
    /// @param context the most tokens, with the question
    /// @throws gradus.error.ConfigException if a probability is not between 0 and 1
    public StopTable(double p, double s, int context) {
        super(V, context);
        require(p > 0 && p < 1 && s > 0 && s < 1, "p and s must be between 0 and 1; got %s and %s", p, s);
        double[] table = new double[V * V];
        for (int from = 0; from < V; from++) {
            for (int to = 0; to < V; to++) {
                boolean first = from == Talk.ASKED && (to == Talk.RIGHT || to == Talk.WRONG);
                boolean more = from != Talk.ASKED && (to == from || to == Talk.END);
                table[from * V + to] = first || more ? 0 : NEVER;
            }
        }
        table[Talk.ASKED * V + Talk.RIGHT] = Math.log(p / (1 - p));
        this.fixed = buffer("fixed", Tensor.of(table, V * V).to(DType.FLOAT32));
        double logit = Math.log(s / (1 - s));
        this.stop = param("stop", Tensor.of(new float[] {(float) logit, (float) logit}, 2));
    }

    /// The logits of s behind a right and behind a wrong answer.
    ///
    /// **Shapes** → (2)
    public Tensor stop() {
        return stop;
    }

    @Override
    public Tensor embed(Indices ids, KvCaches caches) {
        Indices stops = Indices.of(Talk.RIGHT * V + Talk.END, Talk.WRONG * V + Talk.END);
        Tensor table = fixed.indexAdd(0, stops, stop).reshape(V, V); // (V, V)
        int rows = ids.shape().dim(0);
        return table.indexSelect(0, ids.reshape(ids.size()))
                .reshape(rows, ids.shape().dim(1), V); // (B, T, V)
    }

    @Override
    public Tensor states(Tensor x, KvCaches caches) {
        return x; // (B, T, V)
    }

    @Override
    public Tensor logits(Tensor states) {
        return states; // (..., V)
    }

    @Override
    public boolean cacheable() {
        return true; // nothing need be cached
    }

    @Override
    protected KvCaches newCaches(int... paddings) {
        return new KvCaches(1, context(), paddings); // and stays empty
    }
}
