package gradus.train.pretrained.peft;

import gradus.tokenizer.json.KnownKeys;

/// The keys of an adapter_config.json as peft 0.21 writes it.
final class PeftKeys {
    private static final String OTHER_METHOD = "it changes what the adapter computes in a way that is not built";

    private PeftKeys() {}

    private static KnownKeys common(String what) {
        return KnownKeys.of(what)
                .obeyed("peft_type", "target_modules", "exclude_modules", "modules_to_save")
                .harmless(
                        "tells where the base came from; the tensors show whether it is the same",
                        "base_model_name_or_path",
                        "revision")
                .harmless("the task does not change the adapter", "task_type", "auto_mapping")
                .harmless("whoever loads an adapter decides whether to train it", "inference_mode")
                .harmless("tells who wrote the file", "peft_version")
                .harmless("matrices are laid out as the base's are, whatever this says", "fan_in_fan_out");
    }

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
                    "trainable_token_indices")
            .only("bias", "biases are not trained", "none")
            .only("lora_bias", "B has no bias", false)
            .only("use_qalora", OTHER_METHOD, false)
            .only("ensure_weight_tying", "a head is not adapted together with its table", false)
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
