package gradus.train.pretrained.peft;

import gradus.tokenizer.json.KnownKeys;

/// The keys of an adapter_config.json as peft 0.21 writes it.
final class PeftKeys {
    private static final String OTHER_METHOD = "it changes what the adapter computes in a way that is not built";

    private PeftKeys() {}

    private static KnownKeys common(String what) {
        return anyKind(what)
                .obeyed("target_modules", "exclude_modules", "modules_to_save")
                .harmless("matrices are laid out as the base's are, whatever this says", "fan_in_fan_out");
    }

    private static KnownKeys anyKind(String what) {
        return KnownKeys.of(what)
                .obeyed("peft_type")
                .harmless(
                        "tells where the base came from; the tensors show whether it is the same",
                        "base_model_name_or_path",
                        "revision")
                .harmless("the task does not change the adapter", "task_type", "auto_mapping")
                .harmless("whoever loads an adapter decides whether to train it", "inference_mode")
                .harmless("tells who wrote the file", "peft_version");
    }

    private static KnownKeys prompt(String what) {
        return anyKind(what)
                .obeyed("num_virtual_tokens", "token_dim")
                .only("num_transformer_submodules", "a decoder is one model", 1L)
                .refused("layers of the base are not trained beside a soft prompt", "modules_to_save");
    }

    static final KnownKeys PROMPT_TUNING = prompt("a prompt tuning's adapter_config.json")
            .harmless("the file holds a row for each virtual token, whatever the base has", "num_layers")
            .harmless("a row belongs to no head", "num_attention_heads")
            .harmless(
                    "says how the first values were made, which the file's replace",
                    "prompt_tuning_init",
                    "prompt_tuning_init_text",
                    "tokenizer_name_or_path",
                    "tokenizer_kwargs");

    static final KnownKeys P_TUNING = prompt("a P-tuning's adapter_config.json")
            .harmless("the file holds a row for each virtual token, whatever the base has", "num_layers")
            .harmless("a row belongs to no head", "num_attention_heads")
            .harmless(
                    "says what made the rows, which the file holds",
                    "encoder_reparameterization_type",
                    "encoder_hidden_size",
                    "encoder_num_layers",
                    "encoder_dropout");

    static final KnownKeys PREFIX_TUNING = prompt("a prefix tuning's adapter_config.json")
            .obeyed("num_layers", "num_attention_heads")
            .harmless("says how the first values were made, which the file's replace", "init_weights")
            .harmless("says what made the rows, which the file holds", "prefix_projection", "encoder_hidden_size");

    static final KnownKeys LORA = common("a LoRA's adapter_config.json")
            .obeyed(
                    "r",
                    "lora_alpha",
                    "lora_dropout",
                    "use_rslora",
                    "use_dora",
                    "init_lora_weights",
                    "rank_pattern",
                    "alpha_pattern",
                    "layers_to_transform",
                    "layers_pattern",
                    "trainable_token_indices",
                    TiedHead.TYING)
            .only("bias", "biases are not trained", "none")
            .only("lora_bias", "B has no bias", false)
            .only("use_qalora", OTHER_METHOD, false)
            .harmless("is used with use_qalora only", "qalora_group_size")
            .harmless("says how the first values were made, which the file's replace", "loftq_config", "eva_config")
            .harmless("names a module of Megatron, which megatron_config would use", "megatron_core")
            .harmless("says how an adapter runs, not what it computes", "runtime_config")
            .refused(OTHER_METHOD, "alora_invocation_tokens", "arrow_config", "kasa_config", "monteclora_config")
            .refused(OTHER_METHOD, "use_bdlora", "velora_config", "layer_replication", "megatron_config")
            .refused(
                    "it changes the base's weights by numbers that the file does not hold",
                    "corda_config",
                    "lora_ga_config")
            .refused("parameters that are not those of a Linear or an Embedding take no adapter", "target_parameters");

    static final KnownKeys IA3 = common("an IA³'s adapter_config.json")
            .obeyed("feedforward_modules")
            .harmless("says how the first values were made, which the file's replace", "init_ia3_weights");
}
