package gradus.train.pretrained.gguf;

import gradus.error.CheckpointMismatchException;
import gradus.layers.Layer;
import gradus.layers.adapter.Adapters;
import gradus.layers.adapter.Lora;
import gradus.layers.adapter.LoraEmbedding;
import gradus.layers.adapter.Part;
import gradus.layers.model.Mixtral;
import gradus.layers.model.RmsDecoder;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.train.checkpoint.GgufType;
import gradus.train.checkpoint.GgufWriter;
import gradus.train.pretrained.peft.OriginalBase;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// A LoRA as a GGUF file that llama.cpp adds to a base (`--lora`), and Ollama by `ADAPTER` in a Modelfile:
/// for each matrix `blk.N.attn_q.weight` a pair `….lora_a` (r, in) and `….lora_b` (out, r).
///
/// The file has one α for all layers, and llama.cpp takes α/r for the scale. Where a layer's scale is
/// another, as with rsLoRA or patterns of ranks and α, B is multiplied by the difference. Where llama.cpp has
/// the rows of a matrix in another order (queries and keys of a `llama`), the rows of B are put in this
/// order, and A stays as it is.
///
/// The experts of a Mixtral lie in one tensor (E, out, in) there, and so do their LoRAs: `….lora_a` (E, r,
/// in) and `….lora_b` (E, out, r). An expert without one, or with one of a smaller rank, gets zeros.
///
/// llama.cpp has no place for DoRA, IA³, trained tokens and layers that are trained as a whole: merge these.
public final class LoraGguf {
    private static final String WEIGHT = ".weight";

    private LoraGguf() {}

    /// Makes sure that llama.cpp knows a model and an adapter of this kind.
    ///
    /// @throws CheckpointMismatchException if it does not
    public static void requireKnown(Adapters adapters, String name) {
        GgufNames names = GgufNames.of(adapters.model());
        if (!adapters.modules(name).isEmpty()) {
            throw new CheckpointMismatchException(
                    "llama.cpp cannot replace %s by an adapter's; merge the adapter instead"
                            .formatted(adapters.modules(name).firstEntry().getKey()));
        }
        for (Map.Entry<String, Part> each : adapters.parts(name).entrySet()) {
            requireLora(each);
            names.fileName(each.getKey() + WEIGHT);
        }
    }

    /// Writes an adapter for the original base.
    ///
    /// @throws CheckpointMismatchException    if llama.cpp has no such model or adapter
    /// @throws gradus.error.ResourceException if the disk is full or refuses
    public static void write(Path file, Adapters adapters, String name) {
        requireKnown(adapters, name);
        Layer model = adapters.model();
        GgufNames names = GgufNames.of(model);
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            SequencedMap<String, Part> parts = OriginalBase.parts(adapters, name);
            double alpha = rank(parts.firstEntry()) * scale(parts.firstEntry());
            GgufWriter out = new GgufWriter()
                    .put("general.type", "adapter")
                    .put("general.architecture", names.architecture)
                    .put("adapter.type", "lora")
                    .put("adapter.lora.alpha", alpha);
            SequencedMap<String, SequencedMap<Integer, Map.Entry<String, Part>>> experts = new LinkedHashMap<>();
            for (Map.Entry<String, Part> each : parts.entrySet()) {
                String own = each.getKey() + WEIGHT;
                String fileName = names.fileName(own);
                int expert = GgufNames.expert(own);
                if (expert >= 0) {
                    experts.computeIfAbsent(fileName, key -> new LinkedHashMap<>())
                            .put(expert, each);
                    continue;
                }
                Tensor b = scaled(each, rank(each), alpha); // (out, r)
                put(out, fileName, a(each.getValue()), names.exchanged(own) ? exchanged(b, model, own) : b);
            }
            experts.forEach((fileName, all) -> stack(out, fileName, all, ((Mixtral) model).experts(), alpha));
            out.write(file);
        }
    }

    private static void put(GgufWriter out, String fileName, Tensor a, Tensor b) {
        out.tensor(fileName + ".lora_a", a.shape().dims(), GgufType.F32, () -> a);
        out.tensor(fileName + ".lora_b", b.shape().dims(), GgufType.F32, () -> b);
    }

    /// The LoRAs of a matrix of all experts.
    private static void stack(
            GgufWriter out, String fileName, Map<Integer, Map.Entry<String, Part>> given, int experts, double alpha) {
        int r = given.values().stream().mapToInt(LoraGguf::rank).max().orElseThrow();
        Part first = given.values().iterator().next().getValue();
        int in = a(first).dim(1);
        int rows = b(first).dim(0);
        Tensor[] as = new Tensor[experts];
        Tensor[] bs = new Tensor[experts];
        for (int e = 0; e < experts; e++) {
            Map.Entry<String, Part> each = given.get(e);
            as[e] = each == null ? Tensor.zeros(r, in) : padded(0, a(each.getValue()), r);
            bs[e] = each == null ? Tensor.zeros(rows, r) : padded(1, scaled(each, r, alpha), r);
        }
        put(
                out,
                fileName,
                Tensor.concat(0, as).reshape(experts, r, in), // (E, r, in)
                Tensor.concat(0, bs).reshape(experts, rows, r)); // (E, out, r)
    }

    /// The same with zeros behind it, for a size of r along an axis.
    private static Tensor padded(int axis, Tensor matrix, int r) {
        int[] dims = matrix.shape().dims();
        dims[axis] = r - dims[axis];
        return dims[axis] == 0 ? matrix : Tensor.concat(axis, matrix, Tensor.zeros(dims));
    }

    /// **Shapes** → (r, in), of a table (V, r)
    private static Tensor a(Part part) {
        return part instanceof LoraEmbedding table ? table.a().transpose(0, 1) : ((Lora) part).a();
    }

    /// B for a file that says α and r.
    private static Tensor scaled(Map.Entry<String, Part> part, int r, double alpha) {
        double factor = scale(part) * r / alpha;
        Tensor b = b(part.getValue());
        return Math.abs(factor - 1) < 1e-12 ? b : b.mul(factor); // (out, r)
    }

    private static Tensor exchanged(Tensor b, Layer model, String own) {
        return GgufNames.toNeighbours(b, heads(model, own));
    }

    private static int heads(Layer model, String own) {
        LlamaConfig config = ((RmsDecoder) model).config();
        return own.contains(".q_proj.") ? config.heads() : config.kvHeads();
    }

    private static Tensor b(Part part) {
        return part instanceof LoraEmbedding table ? table.b() : ((Lora) part).b();
    }

    private static int rank(Map.Entry<String, Part> part) {
        return requireLora(part).dim(1);
    }

    private static double scale(Map.Entry<String, Part> part) {
        requireLora(part);
        return part.getValue() instanceof LoraEmbedding table ? table.scale() : ((Lora) part.getValue()).scale();
    }

    private static Tensor requireLora(Map.Entry<String, Part> part) {
        if (part.getValue() instanceof Lora || part.getValue() instanceof LoraEmbedding) {
            return b(part.getValue());
        }
        throw new CheckpointMismatchException("%s has a %s, which llama.cpp does not know; merge the adapter instead"
                .formatted(part.getKey(), part.getValue().getClass().getSimpleName()));
    }
}
