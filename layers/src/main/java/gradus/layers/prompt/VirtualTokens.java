package gradus.layers.prompt;

import static gradus.error.ConfigException.require;

import gradus.layers.Adapter;
import gradus.layers.Embedding;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import java.util.Arrays;

/// Makes the rows of a [SoftPrompt] further tokens of a table: ids V … V+n-1 are the n virtual tokens, wherever
/// they stand in a sequence. All others are looked up as before. A head that shares the table knows only the V.
///
/// The prompt is no part of this adapter; whoever owns it lists its parameters.
public final class VirtualTokens extends Adapter {
    private final SoftPrompt prompt;
    private final int first; // V

    private VirtualTokens(SoftPrompt prompt, int first) {
        this.prompt = prompt;
        this.first = first;
    }

    /// Attaches a prompt to a table.
    ///
    /// @throws gradus.error.ConfigException if the rows have not the table's size, or the table has an adapter
    public static VirtualTokens on(Embedding table, SoftPrompt prompt) {
        require(
                prompt.width() == table.weight().dim(1),
                "soft prompt: its rows must have the size of an embedding, %d; got %d",
                table.weight().dim(1),
                prompt.width());
        require(table.adapter() == null, "soft prompt: the token table already has an adapter; remove it first");
        VirtualTokens tokens = new VirtualTokens(prompt, table.weight().dim(0));
        table.adapt(tokens);
        return tokens;
    }

    /// V, the id of the first virtual token.
    public int first() {
        return first;
    }

    /// **Shapes** ids (...) → (..., C)
    ///
    /// @throws gradus.error.ShapeException if an id is outside 0 … V+n-1
    @Override
    public Tensor forward(Embedding base, Indices ids) {
        int[] own = ids.values().clone();
        int[] rows = new int[own.length];
        double[] virtual = new double[own.length];
        boolean any = false;
        for (int i = 0; i < own.length; i++) {
            if (own[i] >= first && own[i] < first + prompt.count()) {
                rows[i] = own[i] - first;
                own[i] = 0;
                virtual[i] = 1;
                any = true;
            }
        }
        Tensor y = base.base(Indices.of(ids.shape(), own)); // (..., C)
        if (!any) {
            return y;
        }
        int[] dims = Arrays.copyOf(ids.shape().dims(), ids.shape().rank() + 1);
        dims[dims.length - 1] = 1;
        Tensor mask = Tensor.of(virtual, virtual.length).to(y.dtype()).reshape(dims); // (..., 1)
        Tensor mine = prompt.rows().embedding(Indices.of(ids.shape(), rows)); // (..., C)
        return Tensor.where(mask, mine, y); // (..., C)
    }
}
