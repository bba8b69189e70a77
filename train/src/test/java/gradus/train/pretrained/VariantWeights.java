package gradus.train.pretrained;

import gradus.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Weights by a formula of name and place, as `weight` of config_variants.py makes them: murmur3's last mix of
/// `i·2654435761 + fnv1a(name)` as a number in [-1, 1), half of it in matrices, and a quarter, around 1 in norms, in
/// vectors.
final class VariantWeights {
    private VariantWeights() {}

    static Tensor of(String name, int... shape) {
        int key = 0x811C9DC5;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            key = (key ^ (b & 0xFF)) * 16_777_619;
        }
        float[] values = new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
        float scale = shape.length == 1
                ? 0.25f
                : Arrays.stream(shape, 1, shape.length).max().orElse(1) <= 256 ? 0.5f : 0.0625f;
        float middle = shape.length > 1 || name.endsWith("bias") ? 0 : 1;
        for (int i = 0; i < values.length; i++) {
            int x = i * 0x9E3779B1 + key;
            x ^= x >>> 16;
            x *= 0x85EBCA6B;
            x ^= x >>> 13;
            x *= 0xC2B2AE35;
            x ^= x >>> 16;
            values[i] = ((x >>> 8) / (float) (1 << 23) - 1) * scale + middle;
        }
        return Tensor.of(values, shape);
    }
}
