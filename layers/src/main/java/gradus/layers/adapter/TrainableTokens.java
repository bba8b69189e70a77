package gradus.layers.adapter;

import static gradus.error.ConfigException.require;

import gradus.layers.Linear;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Some rows of an Embedding that are trained while the others are frozen: for tokens that were added to a
/// vocabulary. The rows replace the table's own, exactly: nothing is added to them, so they stay what they
/// are if the table is replaced. Where the table is the head too (tied weights), the head has the new rows as
/// well, as in peft's `trainable_token_indices`; a head with a matrix of its own has rows of its own, if asked.
public final class TrainableTokens extends Part {
    private final Tensor rows; // (n, C)
    private final int[] tokens; // n, rising
    private final Map<Integer, Integer> rowOf = new HashMap<>();

    /// @param weight (V, C), whose rows are the first values
    TrainableTokens(Tensor weight, List<Integer> tokens, String name) {
        require(!tokens.isEmpty(), "trainable tokens of %s: at least one token must be given", name);
        this.tokens = tokens.stream().mapToInt(Integer::intValue).toArray();
        for (int i = 0; i < this.tokens.length; i++) {
            int token = this.tokens[i];
            require(
                    token >= 0 && token < weight.dim(0),
                    "trainable tokens of %s: a token must be from 0 to %d; got %d",
                    name,
                    weight.dim(0) - 1,
                    token);
            require(rowOf.put(token, i) == null, "trainable tokens of %s: token %d is there twice", name, token);
        }
        this.rows = param(
                "trainable_tokens_delta",
                weight.detach().embedding(Indices.of(this.tokens)).clone());
    }

    /// (n, C), in the order of [#tokens]
    public Tensor rows() {
        return rows;
    }

    /// The tokens' numbers.
    public int[] tokens() {
        return tokens.clone();
    }

    /// The rows for these tokens in place of the table's.
    ///
    /// **Shapes** ids (...), y (..., C) → (..., C)
    Tensor replace(Indices ids, Tensor y) {
        int[] which = new int[ids.size()];
        double[] own = new double[ids.size()];
        boolean any = false;
        for (int i = 0; i < which.length; i++) {
            Integer row = rowOf.get(ids.get(i));
            which[i] = row == null ? 0 : row;
            own[i] = row == null ? 0 : 1;
            any |= row != null;
        }
        if (!any) {
            return y;
        }
        int[] dims = ids.shape().dims();
        Tensor mask = Tensor.of(own, own.length).to(y.dtype()).reshape(with(dims, 1)); // (..., 1)
        Tensor mine = rows.embedding(Indices.of(ids.shape(), which)); // (..., C)
        return Tensor.where(mask, mine, y); // (..., C)
    }

    /// The scores of these tokens, `y[token] = x·rowᵀ`, in place of the head's.
    ///
    /// **Shapes** x (..., C), y (..., V) → (..., V)
    @Override
    Tensor addTo(Tensor y, Linear head, Tensor x, double weight) {
        int[] which = new int[head.out()];
        double[] own = new double[head.out()];
        rowOf.forEach((token, row) -> {
            which[token] = row;
            own[token] = 1;
        });
        Tensor mask = Tensor.of(own, own.length).to(y.dtype()); // (V)
        Tensor mine = x.linear(rows, null).indexSelect(-1, Indices.of(which)); // (..., V)
        return Tensor.where(mask, mine, y); // (..., V)
    }

    private static int[] with(int[] dims, int last) {
        int[] more = Arrays.copyOf(dims, dims.length + 1);
        more[dims.length] = last;
        return more;
    }

    /// The table with these rows.
    ///
    /// **Shapes** weight (V, C) → (V, C)
    Tensor table(Tensor weight) {
        int[] all = new int[weight.dim(0)];
        for (int i = 0; i < all.length; i++) {
            all[i] = i;
        }
        return replace(Indices.of(all), weight); // (V, C)
    }

    @Override
    public Tensor deltaWeight(Tensor weight) {
        return table(weight).sub(weight); // (V, C)
    }
}
