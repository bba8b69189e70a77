package gradus.train.pretrained.gguf;

import gradus.error.CheckpointMismatchException;
import gradus.error.Printable;
import gradus.layers.Layer;
import gradus.layers.model.BertEncoder;
import gradus.layers.model.Gpt;
import gradus.layers.model.Llama;
import gradus.layers.model.Mixtral;
import gradus.layers.model.Qwen2;
import gradus.tensor.Tensor;
import gradus.tokenizer.json.KnownKeys;
import gradus.train.checkpoint.Gguf;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What llama.cpp calls a model's architecture and tensors: `blk.N.` and a part of the table below.
///
/// Its `llama` rotates neighbouring channels where Hugging Face rotates halves of a head. Exchanging the rows of
/// W_Q and W_K within each head, `[half, i] ↔ [i, half]`, makes the two the same product; other architectures
/// keep halves. A Mixtral is a `llama` whose experts lie in one tensor (E, F, C) for each of their matrices.
enum GgufNames {
    GPT2(
            "gpt2",
            "h.",
            Map.of(
                    "wte", "token_embd",
                    "wpe", "position_embd",
                    "ln_f", "output_norm",
                    "lm_head", "output"),
            Map.of(
                    "ln_1", "attn_norm",
                    "attn.c_attn", "attn_qkv",
                    "attn.c_proj", "attn_output",
                    "ln_2", "ffn_norm",
                    "mlp.c_fc", "ffn_up",
                    "mlp.c_proj", "ffn_down")),
    LLAMA("llama", "model.layers.", Decoder.OUTER, Decoder.block(Decoder.FEED_FORWARD)),
    MIXTRAL("llama", "model.layers.", Decoder.OUTER, Decoder.block(Decoder.EXPERTS)),
    QWEN2("qwen2", "model.layers.", Decoder.OUTER, Decoder.block(Decoder.FEED_FORWARD)),
    BERT(
            "bert",
            "encoder.layer.",
            Map.of(
                    "embeddings.word_embeddings", "token_embd",
                    "embeddings.position_embeddings", "position_embd",
                    "embeddings.token_type_embeddings", "token_types",
                    "embeddings.LayerNorm", "token_embd_norm",
                    "pooler.dense", "cls"),
            Map.of(
                    "attention.self.query", "attn_q",
                    "attention.self.key", "attn_k",
                    "attention.self.value", "attn_v",
                    "attention.output.dense", "attn_output",
                    "attention.output.LayerNorm", "attn_output_norm",
                    "intermediate.dense", "ffn_up",
                    "output.dense", "ffn_down",
                    "output.LayerNorm", "layer_output_norm"));

    /// What Llama, Mixtral and Qwen2 have in common.
    private static final class Decoder {
        static final Map<String, String> OUTER = Map.of(
                "model.embed_tokens", "token_embd",
                "model.norm", "output_norm",
                "lm_head", "output");
        static final Map<String, String> ATTENTION = Map.of(
                "input_layernorm", "attn_norm",
                "self_attn.q_proj", "attn_q",
                "self_attn.k_proj", "attn_k",
                "self_attn.v_proj", "attn_v",
                "self_attn.o_proj", "attn_output",
                "post_attention_layernorm", "ffn_norm");
        static final Map<String, String> FEED_FORWARD = Map.of(
                "mlp.gate_proj", "ffn_gate",
                "mlp.up_proj", "ffn_up",
                "mlp.down_proj", "ffn_down");
        static final Map<String, String> EXPERTS = Map.of(
                "block_sparse_moe.gate", "ffn_gate_inp",
                "block_sparse_moe.experts.w1", "ffn_gate_exps",
                "block_sparse_moe.experts.w2", "ffn_down_exps",
                "block_sparse_moe.experts.w3", "ffn_up_exps");

        static Map<String, String> block(Map<String, String> feedForward) {
            Map<String, String> block = new HashMap<>(ATTENTION);
            block.putAll(feedForward);
            return block;
        }
    }

    private static final Pattern EXPERT = Pattern.compile("\\.experts\\.(\\d+)\\.");

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
    static GgufNames of(Layer model) {
        return switch (model) {
            case Gpt gpt -> GPT2;
            case Llama llama -> LLAMA;
            case Mixtral mixtral -> MIXTRAL;
            case Qwen2 qwen -> QWEN2;
            case BertEncoder bert -> BERT;
            default ->
                throw new CheckpointMismatchException(model.getClass().getSimpleName()
                        + ": cannot be written as GGUF; Gpt, Llama, Qwen2, Mixtral and an encoder like Bert can");
        };
    }

    /// The names of a file's kind.
    static GgufNames of(Gguf file) {
        String architecture = file.text("general.architecture");
        return switch (architecture) {
            case "gpt2" -> GPT2;
            case "llama" -> new GgufFields(file, "llama.").count("expert_count", 0) > 0 ? MIXTRAL : LLAMA;
            case "qwen2" -> QWEN2;
            case "bert" -> BERT;
            default ->
                throw new CheckpointMismatchException(
                        "%s: the architecture \"%s\" is not supported; gpt2, llama, qwen2 and bert are"
                                .formatted(file.origin(), Printable.value(architecture)));
        };
    }

    /// The keys that a file of it may have.
    KnownKeys keys() {
        return switch (this) {
            case GPT2 -> GgufKeys.GPT2;
            case LLAMA, MIXTRAL -> GgufKeys.LLAMA;
            case QWEN2 -> GgufKeys.QWEN2;
            case BERT -> GgufKeys.BERT;
        };
    }

    /// Whether files of it may divide the frequencies of the rotary embedding by a tensor.
    boolean dividesFrequencies() {
        return this == LLAMA || this == MIXTRAL;
    }

    /// The file's name for a tensor: `model.layers.3.mlp.up_proj.weight` is `blk.3.ffn_up.weight`. All
    /// experts of a block have the same, see [#expert].
    String fileName(String own) {
        int dot = own.lastIndexOf('.');
        String layer = EXPERT.matcher(own.substring(0, dot)).replaceFirst(".experts.");
        String kind = own.substring(dot);
        if (!layer.startsWith(blockPrefix)) {
            return known(outer.get(layer), own) + kind;
        }
        String[] path = layer.substring(blockPrefix.length()).split("\\.", 2);
        return "blk." + path[0] + "." + known(block.get(path[1]), own) + kind;
    }

    private static String known(String fileName, String own) {
        if (fileName == null) {
            throw new CheckpointMismatchException("llama.cpp has no tensor for " + own);
        }
        return fileName;
    }

    /// Which expert's a tensor is, or -1.
    static int expert(String own) {
        Matcher matcher = EXPERT.matcher(own);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : -1;
    }

    /// What files older than merged experts call the tensor of one: `blk.3.ffn_gate.7.weight`.
    static String unmerged(String fileName, int expert) {
        return fileName.replace("_exps.", "." + expert + ".");
    }

    /// Whether the rows of a tensor are exchanged within each head.
    boolean exchanged(String own) {
        return dividesFrequencies() && (own.contains(".q_proj.") || own.contains(".k_proj."));
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
