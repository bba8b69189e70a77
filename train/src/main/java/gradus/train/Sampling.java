package gradus.train;

import static gradus.error.ConfigException.require;

/// How the next token is picked from logits.
///
/// @param temperature       divides the logits; below 1 the likely gets likelier, 0 takes the likeliest
/// @param topK              keeps the k likeliest tokens and those as likely as the k-th; 0 keeps all
/// @param topP              keeps the likeliest tokens until their mass passes p; 1 keeps all
/// @param minP              keeps tokens at least p times as likely as the likeliest; 0 keeps all
/// @param repetitionPenalty makes tokens that were there before less likely; 1 leaves them
public record Sampling(double temperature, int topK, double topP, double minP, double repetitionPenalty) {

    /// @throws gradus.error.ConfigException if a value is out of range
    public Sampling {
        require(
                temperature >= 0 && Double.isFinite(temperature),
                "temperature must be a number of at least 0 (0 is greedy); got %s",
                temperature);
        require(topK >= 0, "topK must be at least 1, or 0 for all; got %d", topK);
        require(topP > 0 && topP <= 1, "topP must be in (0, 1]; got %s", topP);
        require(minP >= 0 && minP <= 1, "minP must be in [0, 1]; got %s", minP);
        require(
                repetitionPenalty > 0 && Double.isFinite(repetitionPenalty),
                "repetitionPenalty must be a number above 0; got %s",
                repetitionPenalty);
    }

    /// The model's own distribution.
    public static Sampling defaults() {
        return new Sampling(1, 0, 1, 0, 1);
    }

    /// Always the likeliest token.
    public static Sampling greedy() {
        return defaults().withTemperature(0);
    }

    public Sampling withTemperature(double temperature) {
        return new Sampling(temperature, topK, topP, minP, repetitionPenalty);
    }

    public Sampling withTopK(int topK) {
        return new Sampling(temperature, topK, topP, minP, repetitionPenalty);
    }

    public Sampling withTopP(double topP) {
        return new Sampling(temperature, topK, topP, minP, repetitionPenalty);
    }

    public Sampling withMinP(double minP) {
        return new Sampling(temperature, topK, topP, minP, repetitionPenalty);
    }

    public Sampling withRepetitionPenalty(double repetitionPenalty) {
        return new Sampling(temperature, topK, topP, minP, repetitionPenalty);
    }
}
