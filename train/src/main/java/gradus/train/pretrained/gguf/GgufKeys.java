package gradus.train.pretrained.gguf;

import gradus.error.CheckpointMismatchException;
import gradus.error.Printable;
import gradus.tokenizer.json.KnownKeys;
import gradus.train.checkpoint.Gguf;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// What is done with every key of a GGUF file: those about the file, those of each architecture, and those of each
/// kind of tokenizer. Names are llama.cpp's, `gguf-py/gguf/constants.py` and `src/llama-arch.cpp`; those of an
/// architecture stand without its prefix.
final class GgufKeys {
    private static final String NOT_OURS = "the layer that it describes is not part of this architecture here";
    private static final String WINDOW = "attention within a window is not read from a GGUF file";
    private static final String PARTIAL = "heads that are rotated in part, or by several bases, are not supported";
    private static final String SOFT_CAP = "logits are not capped here";
    private static final String SCALED = "embeddings, branches and logits are not scaled here";

    /// `general.` and whatever has no prefix of its own.
    static final KnownKeys GENERAL = KnownKeys.of("a GGUF file")
            .obeyed("general.architecture", "general.alignment")
            .only("general.type", "this file holds something else than a model", "model")
            .only("general.quantization_version", "blocks of the first version were laid out otherwise", 2L)
            .harmless("tells what most tensors are stored in; each tensor says its own", "general.file_type")
            .harmless(
                    "tells who made the model, of what, and under which licence",
                    "general.name",
                    "general.author",
                    "general.version",
                    "general.organization",
                    "general.finetune",
                    "general.basename",
                    "general.description",
                    "general.quantized_by",
                    "general.size_label",
                    "general.license",
                    "general.license.name",
                    "general.license.link",
                    "general.url",
                    "general.doi",
                    "general.uuid",
                    "general.repo_url",
                    "general.source.url",
                    "general.source.doi",
                    "general.source.uuid",
                    "general.source.repo_url",
                    "general.source.huggingface.repository",
                    "general.source.hf.repository",
                    "general.base_model.count",
                    "general.base_model.{id}.name",
                    "general.base_model.{id}.author",
                    "general.base_model.{id}.version",
                    "general.base_model.{id}.organization",
                    "general.base_model.{id}.description",
                    "general.base_model.{id}.url",
                    "general.base_model.{id}.doi",
                    "general.base_model.{id}.uuid",
                    "general.base_model.{id}.repo_url",
                    "general.dataset.count",
                    "general.dataset.{id}.name",
                    "general.dataset.{id}.author",
                    "general.dataset.{id}.version",
                    "general.dataset.{id}.organization",
                    "general.dataset.{id}.description",
                    "general.dataset.{id}.url",
                    "general.dataset.{id}.doi",
                    "general.dataset.{id}.uuid",
                    "general.dataset.{id}.repo_url",
                    "general.datasets",
                    "general.tags",
                    "general.languages")
            .harmless(
                    "recommends how to draw tokens, which whoever draws decides",
                    "general.sampling.sequence",
                    "general.sampling.top_k",
                    "general.sampling.top_p",
                    "general.sampling.min_p",
                    "general.sampling.xtc_probability",
                    "general.sampling.xtc_threshold",
                    "general.sampling.temp",
                    "general.sampling.penalty_last_n",
                    "general.sampling.penalty_repeat",
                    "general.sampling.mirostat",
                    "general.sampling.mirostat_tau",
                    "general.sampling.mirostat_eta")
            .harmless(
                    "tells what text the quantisation was weighed by",
                    "quantize.imatrix.file",
                    "quantize.imatrix.dataset",
                    "quantize.imatrix.entries_count",
                    "quantize.imatrix.chunks_count")
            .harmless(
                    "a note of one who quantises models",
                    "mradermacher.convert_type",
                    "mradermacher.quantize_version",
                    "mradermacher.quantized_at",
                    "mradermacher.quantized_by",
                    "mradermacher.quantized_on")
            .only("split.count", "a model in several files must be merged first, by llama-gguf-split --merge", 0L, 1L)
            .harmless("counts the parts of a file in one part", "split.no", "split.tensors.count")
            .refused("this file holds an adapter, not a model", "adapter.type", "adapter.lora.alpha")
            .refused(
                    "this file holds the importances of weights, not a model",
                    "imatrix.chunk_count",
                    "imatrix.datasets")
            .refused("models of images or sound are not supported", "clip.has_vision_encoder", "clip.has_audio_encoder")
            .refused("diffusion of tokens is not supported", "diffusion.shift_logits")
            .refused("this activation is not supported", "xielu.alpha_p", "xielu.alpha_n", "xielu.beta", "xielu.eps");

    /// What every architecture has.
    private static final KnownKeys SIZES = KnownKeys.of("a GGUF file")
            .obeyed(
                    "vocab_size",
                    "context_length",
                    "embedding_length",
                    "block_count",
                    "feed_forward_length",
                    "attention.head_count",
                    "attention.head_count_kv",
                    "attention.key_length",
                    "attention.value_length")
            .only("attention.clamp_kqv", "queries, keys and values are not clamped here", 0L)
            .only("attention.max_alibi_bias", "ALiBi is not part of this architecture here", 0L)
            .only("attention.scale", "scores are divided by the root of the head size", 0L)
            .only("attention.sliding_window", WINDOW, 0L)
            .only("use_parallel_residual", "attention and feed-forward network follow one another", false)
            .refused(
                    WINDOW,
                    "attention.sliding_window_pattern",
                    "attention.key_length_swa",
                    "attention.value_length_swa",
                    "rope.dimension_count_swa",
                    "rope.freq_base_swa",
                    "rope.freq_base_per_layer")
            .refused(PARTIAL, "rope.dimension_sections")
            .refused(SOFT_CAP, "attn_logit_softcapping", "final_logit_softcapping", "router_logit_softcapping")
            .refused(SCALED, "logit_scale", "residual_scale", "embedding_scale", "attention.output_scale")
            .refused(
                    "scores do not depend on the length here",
                    "attention.temperature_length",
                    "attention.temperature_scale")
            .refused("a classifier's head is not supported", "classifier.output_labels")
            .refused(
                    NOT_OURS,
                    "attention.group_norm_epsilon",
                    "attention.group_norm_groups",
                    "attention.q_lora_rank",
                    "attention.kv_lora_rank",
                    "attention.key_length_mla",
                    "attention.value_length_mla",
                    "attention.relative_buckets_count",
                    "attention.shared_kv_layers",
                    "leading_dense_block_count",
                    "embedding_length_out",
                    "embedding_length_per_layer_input",
                    "nextn_predict_layers",
                    "decoder_start_token_id",
                    "decoder_block_count",
                    "swin_norm",
                    "interleave_moe_layer_step",
                    "full_attention_interval",
                    "ssm.conv_kernel",
                    "wkv.head_size");

    /// Of decoders whose heads are rotated.
    private static final KnownKeys TURNED = KnownKeys.of("a GGUF file")
            .obeyed(
                    "attention.layer_norm_rms_epsilon",
                    "rope.dimension_count",
                    "rope.freq_base",
                    "rope.scale_linear",
                    "rope.scaling.type",
                    "rope.scaling.factor",
                    "rope.scaling.attn_factor",
                    "rope.scaling.original_context_length",
                    "rope.scaling.yarn_beta_fast",
                    "rope.scaling.yarn_beta_slow")
            .only("rope.scaling.yarn_ext_factor", "YaRN mixes by its ramp and nothing else", 1.0, -1.0)
            .only("rope.scaling.yarn_attn_factor", "versions of llama.cpp do not agree what it multiplies", 1L)
            .only("rope.scaling.yarn_log_multiplier", "DeepSeek's form of the factor is not supported", 0L)
            .refused("this scaling is not supported", "rope.scaling.alpha")
            .harmless("tells whether the model has been trained with the scaling", "rope.scaling.finetuned")
            .only("attention.causal", "a decoder sees what came before", true)
            .only("attention.layer_norm_epsilon", "this architecture has RMS norms", 0L)
            .harmless("tells how a text's vector is made of states; a decoder here gives logits", "pooling_type");

    static final KnownKeys LLAMA = KnownKeys.of("a GGUF file of a llama")
            .obeyed("expert_count", "expert_used_count", "expert_feed_forward_length")
            .only("expert_shared_count", "experts that see every token are not part of a Mixtral", 0L)
            .only("expert_weights_scale", "the weights of experts sum to 1", 0L, 1L)
            .only("expert_weights_norm", "the weights of experts sum to 1", true)
            .only("expert_gating_func", "experts are chosen by a softmax", 0L, 1L)
            .refused(
                    "experts in groups are not supported",
                    "expert_group_count",
                    "expert_group_used_count",
                    "expert_shared_feed_forward_length")
            .only("tensor_data_layout", "rows in another order are not read", "reference", "Meta AI original pth")
            .and(TURNED)
            .and(SIZES);

    static final KnownKeys QWEN2 = KnownKeys.of("a GGUF file of a qwen2")
            .only("expert_count", "a Qwen2 with experts has an architecture of its own", 0L)
            .only("expert_used_count", "a Qwen2 with experts has an architecture of its own", 0L)
            .and(TURNED)
            .and(SIZES);

    static final KnownKeys GPT2 = KnownKeys.of("a GGUF file of a gpt2")
            .obeyed("attention.layer_norm_epsilon")
            .only("attention.causal", "a decoder sees what came before", true)
            .only("attention.layer_norm_rms_epsilon", "GPT-2 has norms with a mean", 0L)
            .harmless("tells how a text's vector is made of states; a decoder here gives logits", "pooling_type")
            .and(SIZES);

    static final KnownKeys BERT = KnownKeys.of("a GGUF file of a bert")
            .obeyed("attention.layer_norm_epsilon", "pooling_type")
            .only("attention.causal", "in BERT every token sees all others", false)
            .only("attention.layer_norm_rms_epsilon", "BERT has norms with a mean", 0L)
            .and(SIZES);

    private static final Pattern NUMBER = Pattern.compile("\\.\\d+\\.");
    private static final String TOKENIZER = "tokenizer.";
    private static final String NAMED = "tokenizer.chat_template.";

    private GgufKeys() {}

    /// Refuses a file unless every key about it and its architecture is known. Those of the tokenizer are for its
    /// reader.
    static void require(Gguf file, GgufNames names) {
        String prefix = names.architecture + ".";
        Map<String, Object> values = file.metadata();
        check(
                file,
                GENERAL,
                "",
                values.keySet().stream()
                        .filter(key -> !key.startsWith(prefix) && !key.startsWith(TOKENIZER))
                        .toList());
        check(
                file,
                names.keys(),
                prefix,
                values.keySet().stream().filter(key -> key.startsWith(prefix)).toList());
    }

    /// Refuses a file whose tokenizer has a key that is not among those known.
    static void requireTokenizer(Gguf file, KnownKeys known) {
        check(
                file,
                known,
                "",
                file.metadata().keySet().stream()
                        .filter(key -> key.startsWith(TOKENIZER))
                        .toList());
    }

    private static void check(Gguf file, KnownKeys known, String prefix, List<String> keys) {
        for (String key : keys) {
            String name = general(key.substring(prefix.length()));
            known.fault(List.of(name), ignored -> file.metadata().get(key)).ifPresent(fault -> {
                String named = fault.replace("'" + Printable.value(name) + "'", "'" + Printable.value(key) + "'");
                throw new CheckpointMismatchException(file.origin() + ": " + named);
            });
        }
    }

    /// The name of a key that stands for many: with `{id}` for a number in it, `{name}` for a template's name.
    private static String general(String key) {
        return key.startsWith(NAMED) ? NAMED + "{name}" : NUMBER.matcher(key).replaceAll(".{id}.");
    }
}
