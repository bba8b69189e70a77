package gradus.tensor.kernel.cuda;

import gradus.error.ConfigException;

/// What a card rounds the inputs of matrix products to. Everything else is computed in float32 either way.
public enum Precision {
    /// 24 bits, like the CPU.
    FLOAT32,

    /// 11 bits, on tensor cores: several times as fast, and about 3e-4 beside the exact product at 384 terms.
    TF32;

    /// The precision of a name, `float32` or `tf32`.
    ///
    /// @param what the setting that named it, for the message
    /// @throws ConfigException if there is none of this name
    public static Precision named(String what, String name) {
        return switch (name) {
            case "float32" -> FLOAT32;
            case "tf32" -> TF32;
            default -> throw new ConfigException(what + " must be float32 or tf32; got " + name);
        };
    }
}
