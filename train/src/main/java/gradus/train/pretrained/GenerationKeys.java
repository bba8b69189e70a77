package gradus.train.pretrained;

import gradus.tokenizer.json.KnownKeys;

/// Every key that a generation_config.json may have, and what is done with it. What counts is whether a key changes
/// which token follows, or where a text ends.
final class GenerationKeys {
    private GenerationKeys() {}

    static final KnownKeys ALL = KnownKeys.of("generation_config.json")
            .obeyed("bos_token_id", "eos_token_id", "pad_token_id")
            .obeyed("do_sample", "temperature", "top_k", "top_p", "min_p", "repetition_penalty")
            .obeyed("num_beams", "max_new_tokens", "stop_strings")
            .harmless("tells who made the file", "transformers_version", "_from_model_config", "_commit_hash")
            .harmless("the length of a text is asked for when it is written", "max_length", "max_time")
            .harmless("how many texts is asked for when they are written", "num_return_sequences")
            .harmless(
                    "what a call returns beside the text",
                    "output_attentions",
                    "output_hidden_states",
                    "output_scores",
                    "output_logits",
                    "return_dict_in_generate",
                    "return_legacy_cache")
            .harmless(
                    "how something is computed, not what",
                    "use_cache",
                    "cache_implementation",
                    "cache_config",
                    "max_cache_len",
                    "low_memory",
                    "compile_config",
                    "disable_compile",
                    "continuous_batching_config",
                    "prefill_chunk_size",
                    "use_mtp")
            .harmless(
                    "another model would guess ahead; what it guesses wrong is thrown away",
                    "is_assistant",
                    "num_assistant_tokens",
                    "num_assistant_tokens_schedule",
                    "assistant_confidence_threshold",
                    "prompt_lookup_num_tokens",
                    "max_matching_ngram_size",
                    "assistant_early_exit",
                    "assistant_lookbehind",
                    "target_lookbehind",
                    "assistant_ensemble_weight",
                    "speculation_type")
            .harmless(
                    "only encoders beside decoders would have it",
                    "decoder_start_token_id",
                    "encoder_repetition_penalty")
            .harmless("a model whose logits are not numbers is refused anyway", "remove_invalid_values")
            .harmless("chosen tokens stay the same", "renormalize_logits")
            .harmless("beams end as the search here says", "early_stopping")
            .harmless("the chat is not written by the library", "chat_template")
            .only("min_length", "no text is made longer than it wants to be", 0L)
            .only("min_new_tokens", "no text is made longer than it wants to be", 0L)
            .only("length_penalty", "beams are compared by their own rule", 1L)
            .only("no_repeat_ngram_size", "repeats are not forbidden", 0L)
            .only("encoder_no_repeat_ngram_size", "repeats are not forbidden", 0L)
            .only("typical_p", "typical sampling is not built", 1L)
            .only("epsilon_cutoff", "a cut by probability is not built", 0L)
            .only("eta_cutoff", "a cut by entropy is not built", 0L)
            .only("diversity_penalty", "groups of beams are not built", 0L)
            .only("num_beam_groups", "groups of beams are not built", 1L)
            .only("guidance_scale", "guidance is not built", 1L)
            .only("penalty_alpha", "contrastive search is not built", 0L)
            .only("token_healing", "a prompt is taken as it is cut", false)
            .only("suppress_tokens", "no token is forbidden", java.util.List.of())
            .only("begin_suppress_tokens", "no token is forbidden", java.util.List.of())
            .refused("no token is forbidden or forced", "bad_words_ids", "force_words_ids", "constraints")
            .refused("no token is forced", "forced_bos_token_id", "forced_eos_token_id", "forced_decoder_ids")
            .refused("no token is made likelier by a table", "sequence_bias", "exponential_decay_length_penalty")
            .refused("such sampling is not built", "top_h", "dola_layers", "watermarking_config");
}
