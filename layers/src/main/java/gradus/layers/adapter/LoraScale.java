package gradus.layers.adapter;

import static gradus.error.ConfigException.require;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/// The rank r of a low-rank change `s·B·A` and its scale s, which is α/r, or α/√r as in rsLoRA (Kalajdzievski
/// 2023, arXiv:2312.03732); for some layers, others.
///
/// @param r            the rank
/// @param alpha        α
/// @param useRslora    whether the scale is α/√r
/// @param rankPattern  other ranks for layers whose names end with what the regular expression matches; the
///                     first that does counts
/// @param alphaPattern other α, likewise
public record LoraScale(
        int r,
        double alpha,
        boolean useRslora,
        SequencedMap<String, Integer> rankPattern,
        SequencedMap<String, Double> alphaPattern) {

    /// @throws gradus.error.ConfigException if a rank is below 1, an α is not above 0, or a pattern is no
    ///     regular expression
    public LoraScale {
        requireRank("r", r);
        requireAlpha("alpha", alpha);
        require(rankPattern != null && alphaPattern != null, "lora: patterns must be given, if empty; got null");
        rankPattern.forEach(LoraScale::requireRank);
        alphaPattern.forEach(LoraScale::requireAlpha);
        rankPattern.keySet().forEach(Targets::compiled);
        alphaPattern.keySet().forEach(Targets::compiled);
        rankPattern = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(rankPattern));
        alphaPattern = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(alphaPattern));
    }

    private static void requireRank(String name, int r) {
        require(r >= 1, "lora: %s must be at least 1; got %d", name, r); // BAD-INPUT 29
    }

    private static void requireAlpha(String name, double alpha) {
        require(alpha > 0 && Double.isFinite(alpha), "lora: %s must be above 0; got %s", name, alpha); // BAD-INPUT 30
    }

    /// peft's: r = 8, α = 8, for all layers.
    public static LoraScale defaults() {
        return new LoraScale(8, 8, false, new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    /// The rank for a layer.
    int rankOf(String name) {
        return valueOf(rankPattern, name, r);
    }

    /// α for a layer.
    double alphaOf(String name) {
        return valueOf(alphaPattern, name, alpha);
    }

    /// The scale s for a layer.
    double of(String name) {
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

    public LoraScale withR(int r) {
        return new LoraScale(r, alpha, useRslora, rankPattern, alphaPattern);
    }

    public LoraScale withAlpha(double alpha) {
        return new LoraScale(r, alpha, useRslora, rankPattern, alphaPattern);
    }

    public LoraScale withRslora(boolean useRslora) {
        return new LoraScale(r, alpha, useRslora, rankPattern, alphaPattern);
    }

    public LoraScale withRankPattern(SequencedMap<String, Integer> rankPattern) {
        return new LoraScale(r, alpha, useRslora, rankPattern, alphaPattern);
    }

    public LoraScale withAlphaPattern(SequencedMap<String, Double> alphaPattern) {
        return new LoraScale(r, alpha, useRslora, rankPattern, alphaPattern);
    }
}
