package gradus.layers.recurrent;

import static gradus.error.ConfigException.require;

/// The sizes of an [Lstm].
///
/// @param in            size of the input's last axis
/// @param hidden        H, size of the state of each direction
/// @param layers        how many layers stand on each other
/// @param bidirectional whether a second direction reads from the end
/// @param dropout       of the results of each layer but the last, in [0, 1)
public record LstmConfig(int in, int hidden, int layers, boolean bidirectional, double dropout) {
    /// @throws gradus.error.ConfigException if a number is out of range
    public LstmConfig {
        require(in >= 1, "Lstm: in must be at least 1; got %d", in);
        require(hidden >= 1, "Lstm: hidden must be at least 1; got %d", hidden);
        require(layers >= 1, "Lstm: layers must be at least 1; got %d", layers);
        require(dropout >= 0 && dropout < 1, "Lstm: dropout must be in [0, 1); got %s", dropout);
    }

    /// One layer that reads forwards.
    public static LstmConfig of(int in, int hidden) {
        return new LstmConfig(in, hidden, 1, false, 0);
    }

    public LstmConfig withLayers(int layers) {
        return new LstmConfig(in, hidden, layers, bidirectional, dropout);
    }

    public LstmConfig withBidirectional(boolean bidirectional) {
        return new LstmConfig(in, hidden, layers, bidirectional, dropout);
    }

    public LstmConfig withDropout(double dropout) {
        return new LstmConfig(in, hidden, layers, bidirectional, dropout);
    }

    /// Size of the result's last axis: H for each direction.
    public int out() {
        return bidirectional ? 2 * hidden : hidden;
    }
}
