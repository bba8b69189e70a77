package gradus.layers.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.layers.LayerGradients;
import gradus.layers.model.config.GptConfig;
import gradus.layers.position.NoPosition;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PreNormBlockTest {
    private static final Rng RNG = Rng.of(10);
    private static final GptConfig CONFIG = new GptConfig(5, 8, 1, 2, 4, 0);

    private final PreNormBlock block = new PreNormBlock(CONFIG, new NoPosition(), RNG);
    private final Tensor x = Tensor.randn(RNG.at("x"), 2, 3, 4).to(DType.FLOAT64);

    @Test
    void isTheSumOfItsBranches() {
        block.to(DType.FLOAT64);
        Map<String, Tensor> p = block.namedParameters();
        Tensor normed = x.layerNorm(p.get("ln_1.weight"), p.get("ln_1.bias"), 1e-5);
        Tensor qkv = normed.linear(p.get("attn.c_attn.weight"), p.get("attn.c_attn.bias")); // (2, 3, 12)
        Tensor mixed = qkv.selfAttention(2, KeyMask.causal()); // (2, 3, 4)
        Tensor middle = x.add(mixed.linear(p.get("attn.c_proj.weight"), p.get("attn.c_proj.bias")));
        Tensor hidden = middle.layerNorm(p.get("ln_2.weight"), p.get("ln_2.bias"), 1e-5)
                .linear(p.get("mlp.c_fc.weight"), p.get("mlp.c_fc.bias")); // (2, 3, 16)
        Tensor expected = middle.add(hidden.geluTanh().linear(p.get("mlp.c_proj.weight"), p.get("mlp.c_proj.bias")));
        assertThat(block.forward(x).toArray()).containsExactly(expected.toArray(), within(1e-13));
    }

    @Test
    void withoutItsLastProjectionsItIsTheIdentity() {
        block.to(DType.FLOAT64);
        block.namedParameters().forEach((name, parameter) -> {
            if (name.contains("c_proj")) {
                parameter.set(new double[parameter.size()]);
            }
        });
        assertThat(block.forward(x).toArray()).containsExactly(x.toArray());
    }

    @Test
    void gradients() {
        LayerGradients.requireRight(block, Map.of("x", x), () -> block.forward(x));
    }

    @Test
    void gradientsUnderDropout() {
        PreNormBlock dropping = new PreNormBlock(CONFIG.withDropout(0.3), new NoPosition(), RNG);
        dropping.random(RNG.at("dropout"));
        dropping.to(DType.FLOAT64);
        GradientCheck.of(inputs -> dropping.forward(inputs[0]), x).requirePass();
    }
}
