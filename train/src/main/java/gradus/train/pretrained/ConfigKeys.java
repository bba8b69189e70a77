package gradus.train.pretrained;

import gradus.tokenizer.json.KnownKeys;

/// Every key that a config.json of a known model type may have, and what is done with it. What counts is
/// whether a key changes what the model computes in evaluation.
final class ConfigKeys {
    private ConfigKeys() {}

    /// What transformers' `PreTrainedConfig` knows for every model.
    private static KnownKeys common() {
        return KnownKeys.of("config.json")
                .obeyed("model_type", "architectures", "tie_word_embeddings")
                .obeyed("bos_token_id", "eos_token_id", "pad_token_id")
                .harmless(
                        "tells who made the file and with what",
                        "transformers_version",
                        "transformers.js_config",
                        "_name_or_path",
                        "name_or_path",
                        "_commit_hash",
                        "unsloth_fixed",
                        "unsloth_version")
                .harmless(
                        "each tensor says its own type, and numbers are computed in float32",
                        "dtype",
                        "torch_dtype",
                        "use_bfloat16")
                .harmless("where weights start, and these are read", "initializer_range", "initializer_factor")
                .harmless(
                        "what a call returns beside the logits",
                        "output_hidden_states",
                        "output_attentions",
                        "output_router_logits",
                        "return_dict",
                        "use_return_dict",
                        "tie_last_hidden_states")
                .harmless(
                        "how something is computed, not what",
                        "use_cache",
                        "chunk_size_feed_forward",
                        "gradient_checkpointing",
                        "pretraining_tp",
                        "attn_implementation",
                        "_attn_implementation",
                        "_attn_implementation_autoset",
                        "torchscript",
                        "cache_implementation")
                .harmless(
                        "labels of classifiers and settings of pipelines",
                        "id2label",
                        "label2id",
                        "num_labels",
                        "problem_type",
                        "finetuning_task",
                        "task_specific_params",
                        "classifier_dropout")
                .harmless("classes of Python, which are never run", "auto_map", "tokenizer_class")
                .harmless(
                        "settings of generation, which transformers reads from generation_config.json only",
                        "max_length",
                        "min_length",
                        "do_sample",
                        "early_stopping",
                        "num_beams",
                        "num_beam_groups",
                        "diversity_penalty",
                        "temperature",
                        "top_k",
                        "top_p",
                        "typical_p",
                        "repetition_penalty",
                        "length_penalty",
                        "no_repeat_ngram_size",
                        "encoder_no_repeat_ngram_size",
                        "bad_words_ids",
                        "num_return_sequences",
                        "output_scores",
                        "return_dict_in_generate",
                        "forced_bos_token_id",
                        "forced_eos_token_id",
                        "remove_invalid_values",
                        "exponential_decay_length_penalty",
                        "suppress_tokens",
                        "begin_suppress_tokens",
                        "prefix")
                .harmless(
                        "only encoders beside decoders would have it",
                        "decoder_start_token_id",
                        "tie_encoder_decoder",
                        "cross_attention_hidden_size",
                        "sep_token_id")
                .only("is_encoder_decoder", "no model of an encoder and a decoder is built", false)
                .only("add_cross_attention", "no attention to another model's states is built", false)
                .only("pruned_heads", "heads that were taken out are not told apart", "{}")
                .obeyed(BitsAndBytes.CONFIG)
                .refused("quantised weights of this kind are not read", "quantization")
                .refused("compressed weights are not read", "compression_config")
                .refused("blocks that differ from each other are not built", "per_layer_config");
    }

    /// What Llama, Mistral, Qwen2 and Mixtral share.
    private static KnownKeys decoder(String what) {
        return KnownKeys.of(what)
                .obeyed(
                        "vocab_size",
                        "hidden_size",
                        "intermediate_size",
                        "num_hidden_layers",
                        "num_attention_heads",
                        "num_key_value_heads",
                        "head_dim",
                        "hidden_act",
                        "max_position_embeddings",
                        "rms_norm_eps")
                .obeyed("rope_theta", "rope_scaling", "rope_parameters", "original_max_position_embeddings")
                .obeyed("dual_chunk_attention_config", "layer_types")
                .only("partial_rotary_factor", "all channels of a head rotate", 1L)
                .only("is_causal", "positions would see those after them", true)
                .harmless("it is one anyway", "is_decoder")
                .harmless("the context is max_position_embeddings", "max_sequence_length", "model_max_length")
                .harmless("only training drops", "attention_dropout", "resid_pdrop", "embd_pdrop");
    }

    /// A Llama's.
    static final KnownKeys LLAMA = decoder("a Llama's config.json")
            .only("attention_bias", "a Llama's projections have no bias", false)
            .only("mlp_bias", "a Llama's feed-forward network has no bias", false)
            .only("use_sliding_window", "a Llama sees everything before", false)
            .refused("a Llama sees everything before; a Mistral has a window", "sliding_window", "max_window_layers")
            .and(common());

    /// A Mistral's: a Llama with a window.
    static final KnownKeys MISTRAL = decoder("a Mistral's config.json")
            .obeyed("sliding_window")
            .only("attention_bias", "a Mistral's projections have no bias", false)
            .only("mlp_bias", "a Mistral's feed-forward network has no bias", false)
            .refused("a Mistral has one window for all blocks", "use_sliding_window", "max_window_layers")
            .and(common());

    /// A Qwen2's.
    static final KnownKeys QWEN2 = decoder("a Qwen2's config.json")
            .obeyed("use_sliding_window", "sliding_window", "max_window_layers")
            .only("attention_bias", "a Qwen2's queries, keys and values have a bias", true)
            .only("mlp_bias", "a Qwen2's feed-forward network has no bias", false)
            .only("use_mrope", "positions of images are not built", false)
            .and(common());

    /// A Mixtral's.
    static final KnownKeys MIXTRAL = decoder("a Mixtral's config.json")
            .obeyed("sliding_window", "num_local_experts", "num_experts", "num_experts_per_tok")
            .only("attention_bias", "a Mixtral's projections have no bias", false)
            .only("mlp_bias", "a Mixtral's experts have no bias", false)
            .only("use_sliding_window", "a Mixtral's window is sliding_window", false)
            .harmless("only training needs it", "router_aux_loss_coef", "router_jitter_noise")
            .and(common());

    /// A GPT-2's. transformers gives its sizes a second name each.
    static final KnownKeys GPT2 = KnownKeys.of("a GPT-2's config.json")
            .obeyed("vocab_size", "n_positions", "n_embd", "n_layer", "n_head", "n_inner")
            .obeyed("max_position_embeddings", "hidden_size", "num_hidden_layers", "num_attention_heads")
            .obeyed("activation_function", "layer_norm_epsilon", "resid_pdrop")
            .only("scale_attn_weights", "attention without its scale is not built", true)
            .only("scale_attn_by_inverse_layer_idx", "attention scaled by the block is not built", false)
            .only("is_causal", "positions would see those after them", true)
            .harmless("it is one anyway", "is_decoder")
            .harmless("the same numbers in another order", "reorder_and_upcast_attn")
            .harmless("n_positions by its first name", "n_ctx")
            .harmless("only training drops", "embd_pdrop", "attn_pdrop")
            .harmless(
                    "of a classifier's head",
                    "summary_type",
                    "summary_use_proj",
                    "summary_activation",
                    "summary_proj_to_labels",
                    "summary_first_dropout",
                    "predict_special_tokens")
            .and(common());

    /// A BERT's.
    static final KnownKeys BERT = KnownKeys.of("a BERT's config.json")
            .obeyed(
                    "vocab_size",
                    "max_position_embeddings",
                    "type_vocab_size",
                    "num_hidden_layers",
                    "num_attention_heads",
                    "hidden_size",
                    "intermediate_size",
                    "hidden_act",
                    "hidden_dropout_prob",
                    "layer_norm_eps")
            .only("position_embedding_type", "relative positions are not built", "absolute")
            .only("is_decoder", "an encoder that sees backwards only is not built", false)
            .harmless("only training drops", "attention_probs_dropout_prob")
            .harmless(
                    "of the first exporter; nothing reads it",
                    "directionality",
                    "pooler_fc_size",
                    "pooler_num_attention_heads",
                    "pooler_num_fc_layers",
                    "pooler_size_per_head",
                    "pooler_type")
            .and(common());

    /// Dual chunk attention's, as Qwen2.5-1M has it.
    static final KnownKeys DUAL_CHUNKS = KnownKeys.of("dual_chunk_attention_config")
            .obeyed("chunk_size", "local_size", "original_max_position_embeddings")
            .only("sparse_attention_enabled", "sparse attention would leave keys out", false)
            .refused("sparse attention would leave keys out", "sparse_attention_config")
            .harmless(
                    "settings of sparse attention, which is off",
                    "sparse_attention_threshold",
                    "sparse_attention_last_q");
}
