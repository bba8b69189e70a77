package gradus.train.finetune;

import static gradus.error.ConfigException.require;

import gradus.layers.adapter.Adapters;
import gradus.layers.adapter.LoraConfig;
import gradus.layers.attention.GroupedQueryAttention;
import gradus.layers.attention.mask.ShiftedSparse;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.RmsDecoder;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.optimizer.LoraPlus;
import gradus.train.optimizer.ParameterGroups;
import gradus.train.pretrained.peft.PeftFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/// LongLoRA: makes the context of a model with rotary positions longer, cheaply. Positions are interpolated
/// ([LongContext]); while it trains, attention is shifted sparse ([ShiftedSparse]), in evaluation and
/// afterwards full; and beside the LoRA the table of tokens and the norms are trained, which are few numbers
/// and which long contexts need. Chen et al. 2023, "LongLoRA: efficient fine-tuning of long-context large
/// language models", arXiv:2309.12307.
///
/// The folder then holds what peft knows, a LoRA with `modules_to_save`, and `long_context.json`, by which
/// `gradus merge` makes a model with the longer context. Of a tied head it is the table that is trained, and
/// the head with it, which peft does with `ensure_weight_tying`. In Python the base must get the longer context
/// first: `max_position_embeddings` and `rope_scaling` of `long_context.json`, in its configuration.
///
/// Departs from the published code in its mask, which does not leak; see [ShiftedSparse].
///
/// @param lora       of the attention's projections; its modules to save are added to
/// @param context    the new context
/// @param group      G of the attention while training, a divisor of the context
/// @param embeddings whether the table of tokens is trained
/// @param norms      whether the norms are trained
/// @param ratio      of [LoraPlus], 1 for the same rate everywhere
public record LongLoraTuning(LoraConfig lora, int context, int group, boolean embeddings, boolean norms, double ratio)
        implements TuningMethod {
    /// The layers that hold the table and the norms of Llama and Qwen2.
    private static final String TABLE = "embed_tokens";

    private static final List<String> NORMS = List.of("input_layernorm", "post_attention_layernorm", "model.norm");

    /// @throws gradus.error.ConfigException if the group does not divide the context
    public LongLoraTuning {
        require(context >= 1, "context must be at least 1; got %d", context);
        require(
                group >= 2 && group < context && context % group == 0, // BAD-INPUT 32
                "LongLoRA: the group must be a smaller divisor of the context, at least 2; got group=%d, context=%d",
                group,
                context);
    }

    /// With everything trained that the paper trains, and a quarter of the context as a group.
    ///
    /// @throws gradus.error.ConfigException if 4 does not divide the context
    public static LongLoraTuning of(LoraConfig lora, int context) {
        require(
                context % 4 == 0,
                "LongLoRA: a group is a quarter of the context, which must be a multiple of 4; got %d",
                context);
        return new LongLoraTuning(lora, context, context / 4, true, true, 1);
    }

    public LongLoraTuning withRatio(double ratio) {
        return new LongLoraTuning(lora, context, group, embeddings, norms, ratio);
    }

    @Override
    public Tuned on(LanguageModel base, Rng rng) {
        LongContext longer = LongContext.of(context, base.context());
        RmsDecoder model = longer.of(base);
        model.namedLayers(GroupedQueryAttention.class)
                .values()
                .forEach(attention -> attention.maskWhileTraining(new ShiftedSparse(group)));
        Adapters adapters = PeftFolder.prepare(model);
        List<String> saved = new ArrayList<>(lora.modulesToSave());
        if (embeddings) {
            saved.add(TABLE);
        }
        if (norms) {
            saved.addAll(NORMS);
        }
        adapters.add(AdapterTuning.NAME, lora.withModulesToSave(saved.toArray(String[]::new)), rng);
        String note = String.format(
                Locale.ROOT,
                "context %,d → %,d, positions %.0f times closer; attention within groups of %,d while training, full"
                        + " afterwards",
                base.context(),
                context,
                longer.scale(),
                group);
        return new Longer(model, adapters, base.parameterCount(), longer, ratio, List.of(note));
    }

    private record Longer(
            LanguageModel model,
            Adapters adapters,
            long baseParameters,
            LongContext longer,
            double ratio,
            List<String> notes)
            implements Tuned {
        @Override
        public SequencedMap<String, Tensor> trained() {
            SequencedMap<String, Tensor> trained = new LinkedHashMap<>(model.namedParameters());
            trained.values().removeIf(parameter -> !parameter.requiresGrad());
            return trained;
        }

        @Override
        public Adapters adapter() {
            return adapters;
        }

        @Override
        public long trainedParameters() {
            return adapters.parameterCount(AdapterTuning.NAME);
        }

        @Override
        public ParameterGroups groups() {
            return ratio == 1 ? Tuned.super.groups() : LoraPlus.groups(model.namedParameters(), ratio);
        }

        @Override
        public void save(Path folder, OpenBase base) {
            PeftFolder.save(folder, adapters, AdapterTuning.NAME, base.path().toString());
            longer.write(folder);
            PeftFolder.seal(folder, LongContext.FILE);
        }
    }
}
