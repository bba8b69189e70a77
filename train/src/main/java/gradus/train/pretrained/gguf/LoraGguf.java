package gradus.train.pretrained.gguf;

import gradus.error.CheckpointMismatchException;
import gradus.layers.Layer;
import gradus.layers.adapter.Adapters;
import gradus.layers.adapter.Lora;
import gradus.layers.adapter.LoraEmbedding;
import gradus.layers.adapter.Part;
import gradus.layers.model.RmsDecoder;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.train.checkpoint.GgufType;
import gradus.train.checkpoint.GgufWriter;
import gradus.train.pretrained.peft.OriginalBase;
import java.nio.file.Path;
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
/// llama.cpp has no place for DoRA, IA³, trained tokens and layers that are trained as a whole: merge these.
public final class LoraGguf {
    private LoraGguf() {}

    /// Writes an adapter for the original base.
    ///
    /// @throws CheckpointMismatchException    if llama.cpp has no such model or adapter
    /// @throws gradus.error.ResourceException if the disk is full or refuses
    public static void write(Path file, Adapters adapters, String name) {
        Layer model = adapters.model();
        GgufNames names = GgufNames.of(model);
        if (!adapters.modules(name).isEmpty()) {
            throw new CheckpointMismatchException(
                    "llama.cpp cannot replace %s by an adapter's; merge the adapter instead"
                            .formatted(adapters.modules(name).firstEntry().getKey()));
        }
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            SequencedMap<String, Part> parts = OriginalBase.parts(adapters, name);
            double alpha = rank(parts.firstEntry()) * scale(parts.firstEntry());
            GgufWriter out = new GgufWriter()
                    .put("general.type", "adapter")
                    .put("general.architecture", names.architecture)
                    .put("adapter.type", "lora")
                    .put("adapter.lora.alpha", alpha);
            for (Map.Entry<String, Part> each : parts.entrySet()) {
                String own = each.getKey() + ".weight";
                if (GgufNames.expert(own) >= 0) {
                    throw new CheckpointMismatchException(
                            "%s: experts lie in one tensor there; merge the adapter instead".formatted(own));
                }
                double factor = scale(each) * rank(each) / alpha;
                String fileName = names.fileName(own);
                Tensor a = each.getValue() instanceof LoraEmbedding table
                        ? table.a().transpose(0, 1)
                        : ((Lora) each.getValue()).a(); // (r, in), of a table (V, r)
                Tensor b = b(each.getValue());
                Tensor scaled = Math.abs(factor - 1) < 1e-12 ? b : b.mul(factor); // (out, r)
                Tensor ordered = names.exchanged(own) ? GgufNames.toNeighbours(scaled, heads(model, own)) : scaled;
                out.tensor(fileName + ".lora_a", a.shape().dims(), GgufType.F32, () -> a);
                out.tensor(fileName + ".lora_b", ordered.shape().dims(), GgufType.F32, () -> ordered);
            }
            out.write(file);
        }
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
