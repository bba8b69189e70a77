package gradus.layers.adapter;

import static gradus.error.ConfigException.require;

import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// The settings of [Lora] and [Dora], by peft's names and with its defaults.
///
/// @param targets the layers; peft's `target_modules` and what narrows it
/// @param scale   the rank and the scale of the changes
/// @param useDora whether a Linear gets a [Dora]
/// @param dropout of the adapter's input while training, in [0, 1)
/// @param start   peft's `init_lora_weights`
/// @param extras  what is trained beside the changes
public record LoraConfig(
        Targets targets, LoraScale scale, boolean useDora, double dropout, LoraStart start, LoraExtras extras)
        implements AdapterConfig {

    /// @throws gradus.error.ConfigException if a value is out of range or missing
    public LoraConfig {
        require(
                targets != null && scale != null && start != null && extras != null,
                "lora: targets, scale, start and extras must be given; got null");
        require(dropout >= 0 && dropout < 1, "lora: dropout must be in [0, 1); got %s", dropout); // BAD-INPUT 25
    }

    /// peft's: r = 8, α = 8, no dropout.
    public static LoraConfig of(Targets targets) {
        return new LoraConfig(targets, LoraScale.defaults(), false, 0, LoraStart.KAIMING, LoraExtras.NONE);
    }

    @Override
    public List<String> modulesToSave() {
        return extras.modulesToSave();
    }

    // --- the same with one part, or one setting, changed

    public LoraConfig withTargets(Targets targets) {
        return new LoraConfig(targets, scale, useDora, dropout, start, extras);
    }

    public LoraConfig withScale(LoraScale scale) {
        return new LoraConfig(targets, scale, useDora, dropout, start, extras);
    }

    public LoraConfig withDora(boolean useDora) {
        return new LoraConfig(targets, scale, useDora, dropout, start, extras);
    }

    public LoraConfig withDropout(double dropout) {
        return new LoraConfig(targets, scale, useDora, dropout, start, extras);
    }

    public LoraConfig withStart(LoraStart start) {
        return new LoraConfig(targets, scale, useDora, dropout, start, extras);
    }

    public LoraConfig withExtras(LoraExtras extras) {
        return new LoraConfig(targets, scale, useDora, dropout, start, extras);
    }

    public LoraConfig withR(int r) {
        return withScale(scale.withR(r));
    }

    public LoraConfig withAlpha(double alpha) {
        return withScale(scale.withAlpha(alpha));
    }

    public LoraConfig withRslora(boolean useRslora) {
        return withScale(scale.withRslora(useRslora));
    }

    public LoraConfig withRankPattern(SequencedMap<String, Integer> rankPattern) {
        return withScale(scale.withRankPattern(rankPattern));
    }

    public LoraConfig withAlphaPattern(SequencedMap<String, Double> alphaPattern) {
        return withScale(scale.withAlphaPattern(alphaPattern));
    }

    public LoraConfig withModulesToSave(String... modulesToSave) {
        return withExtras(extras.withModulesToSave(List.of(modulesToSave)));
    }

    public LoraConfig withTrainableTokens(Map<String, List<Integer>> trainableTokenIndices) {
        return withExtras(extras.withTrainableTokens(trainableTokenIndices));
    }
}
