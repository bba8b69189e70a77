package gradus.train.pretrained;

import gradus.error.CheckpointMismatchException;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.Qwen2;
import gradus.tensor.Tensor;
import java.util.Map;

/// What llama.cpp calls a model's tensors: `blk.N.` and a part of the table below.
///
/// Its `llama` turns neighbouring channels where Hugging Face turns halves of a head. Exchanging the rows of
/// W_Q and W_K within each head, `[half, i] ↔ [i, half]`, makes the two the same product; other architectures
/// keep halves.
enum GgufNames {
    GPT2(
            "gpt2",
            "h.",
            Map.of(
                    "wte", "token_embd",
                    "wpe", "position_embd",
                    "ln_f", "output_norm"),
            Map.of(
                    "ln_1", "attn_norm",
                    "attn.c_attn", "attn_qkv",
                    "attn.c_proj", "attn_output",
                    "ln_2", "ffn_norm",
                    "mlp.c_fc", "ffn_up",
                    "mlp.c_proj", "ffn_down")),
    LLAMA("llama", "model.layers.", Shared.OUTER, Shared.BLOCK),
    QWEN2("qwen2", "model.layers.", Shared.OUTER, Shared.BLOCK);

    /// What Llama and Qwen2 have in common.
    private static final class Shared {
        static final Map<String, String> OUTER = Map.of(
                "model.embed_tokens", "token_embd",
                "model.norm", "output_norm",
                "lm_head", "output");
        static final Map<String, String> BLOCK = Map.of(
                "input_layernorm", "attn_norm",
                "self_attn.q_proj", "attn_q",
                "self_attn.k_proj", "attn_k",
                "self_attn.v_proj", "attn_v",
                "self_attn.o_proj", "attn_output",
                "post_attention_layernorm", "ffn_norm",
                "mlp.gate_proj", "ffn_gate",
                "mlp.up_proj", "ffn_up",
                "mlp.down_proj", "ffn_down");
    }

    final String architecture;
    private final String blockPrefix;
    private final Map<String, String> outer;
    private final Map<String, String> block;

    GgufNames(String architecture, String blockPrefix, Map<String, String> outer, Map<String, String> block) {
        this.architecture = architecture;
        this.blockPrefix = blockPrefix;
        this.outer = outer;
        this.block = block;
    }

    /// The names of a model's kind.
    static GgufNames of(LanguageModel model) {
        return switch (model) {
            case Gpt gpt -> GPT2;
            case Llama llama -> LLAMA;
            case Qwen2 qwen -> QWEN2;
            default ->
                throw new CheckpointMismatchException(
                        model.getClass().getSimpleName() + ": cannot be written as GGUF; Gpt, Llama and Qwen2 can");
        };
    }

    /// The file's name for a tensor: `model.layers.3.mlp.up_proj.weight` is `blk.3.ffn_up.weight`.
    String fileName(String own) {
        int dot = own.lastIndexOf('.');
        String layer = own.substring(0, dot);
        String kind = own.substring(dot);
        if (!layer.startsWith(blockPrefix)) {
            return outer.get(layer) + kind;
        }
        String[] path = layer.substring(blockPrefix.length()).split("\\.", 2);
        return "blk." + path[0] + "." + block.get(path[1]) + kind;
    }

    /// Whether the rows of a tensor are exchanged within each head.
    boolean exchanged(String own) {
        return this == LLAMA && (own.contains(".q_proj.") || own.contains(".k_proj."));
    }

    /// Rows of each head from halves to neighbours: row `half·D/2 + i` comes to stand at `2·i + half`.
    ///
    /// **Shapes** weight (H·D, C) → (H·D, C)
    static Tensor toNeighbours(Tensor weight, int heads) {
        return weight.reshape(heads, 2, weight.dim(0) / heads / 2, weight.dim(1)) // (H, 2, D/2, C)
                .transpose(1, 2) // (H, D/2, 2, C)
                .reshape(weight.shape().dims()); // (H·D, C)
    }

    /// The way back.
    ///
    /// **Shapes** weight (H·D, C) → (H·D, C)
    static Tensor toHalves(Tensor weight, int heads) {
        return weight.reshape(heads, weight.dim(0) / heads / 2, 2, weight.dim(1)) // (H, D/2, 2, C)
                .transpose(1, 2) // (H, 2, D/2, C)
                .reshape(weight.shape().dims()); // (H·D, C)
    }
}
