package gradus.layers.adapter;

import static gradus.error.ConfigException.require;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/// The settings of [Lora] and [Dora], by peft's names and with its defaults.
///
/// @param r                     the rank
/// @param alpha                 α, by which and r the scale is made
/// @param dropout               of the adapter's input while training, in [0, 1)
/// @param targets               the layers; peft's `target_modules` and what narrows it
/// @param useRslora             whether the scale is α/√r, not α/r
/// @param useDora               whether a Linear gets a [Dora]
/// @param start                 peft's `init_lora_weights`
/// @param rankPattern           other ranks for layers whose names end with what the regular expression matches
/// @param alphaPattern          other α, likewise
/// @param modulesToSave         layers that are trained as a whole, by the ends of their names
/// @param trainableTokenIndices tokens whose rows are trained, by the ends of the names of their tables
public record LoraConfig(
        int r,
        double alpha,
        double dropout,
        Targets targets,
        boolean useRslora,
        boolean useDora,
        LoraStart start,
        SequencedMap<String, Integer> rankPattern,
        SequencedMap<String, Double> alphaPattern,
        List<String> modulesToSave,
        Map<String, List<Integer>> trainableTokenIndices)
        implements AdapterConfig {

    /// @throws gradus.error.ConfigException if a value is out of range or missing
    public LoraConfig {
        requireRank("r", r);
        requireAlpha("alpha", alpha);
        require(dropout >= 0 && dropout < 1, "lora: dropout must be in [0, 1); got %s", dropout); // BAD-INPUT 25
        require(targets != null && start != null, "lora: targets and start must be given; got null");
        rankPattern.forEach(LoraConfig::requireRank);
        alphaPattern.forEach(LoraConfig::requireAlpha);
        rankPattern.keySet().forEach(Targets::compiled);
        alphaPattern.keySet().forEach(Targets::compiled);
        rankPattern = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(rankPattern));
        alphaPattern = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(alphaPattern));
        modulesToSave = List.copyOf(modulesToSave);
        trainableTokenIndices = Map.copyOf(trainableTokenIndices);
    }

    private static void requireRank(String name, int r) {
        require(r >= 1, "lora: %s must be at least 1; got %d", name, r); // BAD-INPUT 29
    }

    private static void requireAlpha(String name, double alpha) {
        require(alpha > 0 && Double.isFinite(alpha), "lora: %s must be above 0; got %s", name, alpha); // BAD-INPUT 30
    }

    /// peft's: r = 8, α = 8, no dropout.
    public static LoraConfig of(Targets targets) {
        return new LoraConfig(
                8,
                8,
                0,
                targets,
                false,
                false,
                LoraStart.KAIMING,
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                List.of(),
                Map.of());
    }

    /// The rank for a layer.
    int rankOf(String name) {
        return valueOf(rankPattern, name, r);
    }

    /// α for a layer.
    double alphaOf(String name) {
        return valueOf(alphaPattern, name, alpha);
    }

    /// The scale s for a layer: α/r, or α/√r.
    double scaleOf(String name) {
        return alphaOf(name) / (useRslora ? Math.sqrt(rankOf(name)) : rankOf(name));
    }

    private static <T> T valueOf(Map<String, T> patterns, String name, T otherwise) {
        for (Map.Entry<String, T> each : patterns.entrySet()) {
            if (BoundedText.matches(Pattern.compile("(?:.*\\.)?(?:" + each.getKey() + ")"), name)) {
                return each.getValue();
            }
        }
        return otherwise;
    }

    public LoraConfig withR(int r) {
        return new LoraConfig(
                r,
                alpha,
                dropout,
                targets,
                useRslora,
                useDora,
                start,
                rankPattern,
                alphaPattern,
                modulesToSave,
                trainableTokenIndices);
    }

    public LoraConfig withAlpha(double alpha) {
        return new LoraConfig(
                r,
                alpha,
                dropout,
                targets,
                useRslora,
                useDora,
                start,
                rankPattern,
                alphaPattern,
                modulesToSave,
                trainableTokenIndices);
    }

    public LoraConfig withDropout(double dropout) {
        return new LoraConfig(
                r,
                alpha,
                dropout,
                targets,
                useRslora,
                useDora,
                start,
                rankPattern,
                alphaPattern,
                modulesToSave,
                trainableTokenIndices);
    }

    public LoraConfig withTargets(Targets targets) {
        return new LoraConfig(
                r,
                alpha,
                dropout,
                targets,
                useRslora,
                useDora,
                start,
                rankPattern,
                alphaPattern,
                modulesToSave,
                trainableTokenIndices);
    }

    public LoraConfig withRslora(boolean useRslora) {
        return new LoraConfig(
                r,
                alpha,
                dropout,
                targets,
                useRslora,
                useDora,
                start,
                rankPattern,
                alphaPattern,
                modulesToSave,
                trainableTokenIndices);
    }

    public LoraConfig withDora(boolean useDora) {
        return new LoraConfig(
                r,
                alpha,
                dropout,
                targets,
                useRslora,
                useDora,
                start,
                rankPattern,
                alphaPattern,
                modulesToSave,
                trainableTokenIndices);
    }

    public LoraConfig withStart(LoraStart start) {
        return new LoraConfig(
                r,
                alpha,
                dropout,
                targets,
                useRslora,
                useDora,
                start,
                rankPattern,
                alphaPattern,
                modulesToSave,
                trainableTokenIndices);
    }

    public LoraConfig withRankPattern(SequencedMap<String, Integer> rankPattern) {
        return new LoraConfig(
                r,
                alpha,
                dropout,
                targets,
                useRslora,
                useDora,
                start,
                rankPattern,
                alphaPattern,
                modulesToSave,
                trainableTokenIndices);
    }

    public LoraConfig withAlphaPattern(SequencedMap<String, Double> alphaPattern) {
        return new LoraConfig(
                r,
                alpha,
                dropout,
                targets,
                useRslora,
                useDora,
                start,
                rankPattern,
                alphaPattern,
                modulesToSave,
                trainableTokenIndices);
    }

    public LoraConfig withModulesToSave(String... modulesToSave) {
        return new LoraConfig(
                r,
                alpha,
                dropout,
                targets,
                useRslora,
                useDora,
                start,
                rankPattern,
                alphaPattern,
                List.of(modulesToSave),
                trainableTokenIndices);
    }

    public LoraConfig withTrainableTokens(Map<String, List<Integer>> trainableTokenIndices) {
        return new LoraConfig(
                r,
                alpha,
                dropout,
                targets,
                useRslora,
                useDora,
                start,
                rankPattern,
                alphaPattern,
                modulesToSave,
                trainableTokenIndices);
    }
}
