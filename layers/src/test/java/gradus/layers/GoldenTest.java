package gradus.layers;

import gradus.layers.attention.AttentionConfig;
import gradus.layers.attention.GroupedQueryAttention;
import gradus.layers.attention.LongformerAttention;
import gradus.layers.attention.MultiHeadAttention;
import gradus.layers.attention.mask.Longformer;
import gradus.layers.attention.mask.SlidingWindow;
import gradus.layers.feedforward.BalanceLoss;
import gradus.layers.feedforward.BalancedRouter;
import gradus.layers.feedforward.BalancedRouter.Balance;
import gradus.layers.feedforward.Capacity;
import gradus.layers.feedforward.Expert;
import gradus.layers.feedforward.GeGlu;
import gradus.layers.feedforward.Glu;
import gradus.layers.feedforward.MixtralRouter;
import gradus.layers.feedforward.MixtureOfExperts;
import gradus.layers.feedforward.ReGlu;
import gradus.layers.feedforward.Router;
import gradus.layers.feedforward.SwiGlu;
import gradus.layers.feedforward.SwitchRouter;
import gradus.layers.loss.KlDivergence;
import gradus.layers.loss.MeanSquaredError;
import gradus.layers.loss.ZLoss;
import gradus.layers.norm.BatchNorm;
import gradus.layers.norm.LayerNorm;
import gradus.layers.norm.QkNorm;
import gradus.layers.norm.RMSNorm;
import gradus.layers.position.PlainFrequencies;
import gradus.layers.position.Rope;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The components whose reference is PyTorch or transformers: results and all gradients on what [Golden]
/// holds.
class GoldenTest {
    private static final Rng RNG = Rng.of(1);

    @TestFactory
    Stream<DynamicTest> linear() {
        return Golden.each("linear", golden -> {
            Linear layer = golden.fill(new Linear(golden.whole("in"), golden.whole("out"), golden.flag("bias"), RNG));
            golden.check(layer.forward(golden.input("x")));
        });
    }

    @TestFactory
    Stream<DynamicTest> embedding() {
        return Golden.each("embedding", golden -> {
            Embedding layer = golden.fill(new Embedding(golden.whole("count"), golden.whole("dim"), RNG));
            golden.check(layer.forward(golden.indices("ids")));
        });
    }

    /// Its running means after two passes too, and a pass in evaluation with them.
    @TestFactory
    Stream<DynamicTest> batchNorm() {
        return Golden.each("batch_norm", golden -> {
            int dim = golden.whole("dim");
            double eps = golden.number("eps");
            BatchNorm norm = golden.fill(
                    golden.flag("cumulative") ? BatchNorm.cumulative(dim, eps) : new BatchNorm(dim, eps, 0.1));
            norm.forward(golden.input("first"));
            Tensor trained = norm.forward(golden.input("x"));
            norm.eval();
            Tensor evaluated = norm.forward(golden.input("probe"));
            golden.checkState(norm);
            golden.check(Map.of("trained", trained, "evaluated", evaluated));
        });
    }

    @TestFactory
    Stream<DynamicTest> layerNorm() {
        return Golden.each("layer_norm", golden -> {
            LayerNorm norm = golden.fill(new LayerNorm(golden.whole("dim"), golden.number("eps")));
            golden.check(norm.forward(golden.input("x")));
        });
    }

    @TestFactory
    Stream<DynamicTest> rmsNorm() {
        return Golden.each("rms_norm", golden -> {
            RMSNorm norm = golden.fill(new RMSNorm(golden.whole("dim"), golden.number("eps")));
            golden.check(norm.forward(golden.input("x")));
        });
    }

    @TestFactory
    Stream<DynamicTest> qkNorm() {
        return Golden.each("qk_norm", golden -> {
            QkNorm norm = golden.fill(new QkNorm(golden.whole("headDim"), golden.number("eps")));
            golden.check(norm.forward(golden.input("x")));
        });
    }

    @TestFactory
    Stream<DynamicTest> gelu() {
        return Golden.each("gelu", golden -> golden.check(golden.input("x").gelu()));
    }

    @TestFactory
    Stream<DynamicTest> geluTanh() {
        return Golden.each("gelu_tanh", golden -> golden.check(golden.input("x").geluTanh()));
    }

    @TestFactory
    Stream<DynamicTest> silu() {
        return Golden.each("silu", golden -> golden.check(golden.input("x").silu()));
    }

    @TestFactory
    Stream<DynamicTest> glu() {
        return Golden.each("glu", golden -> {
            Glu layer = golden.fill(new Glu(golden.whole("dim"), golden.whole("hidden"), RNG));
            golden.check(layer.forward(golden.input("x")));
        });
    }

    @TestFactory
    Stream<DynamicTest> geGlu() {
        return Golden.each("geglu", golden -> {
            GeGlu layer = golden.fill(new GeGlu(golden.whole("dim"), golden.whole("hidden"), RNG));
            golden.check(layer.forward(golden.input("x")));
        });
    }

    @TestFactory
    Stream<DynamicTest> reGlu() {
        return Golden.each("reglu", golden -> {
            ReGlu layer = golden.fill(new ReGlu(golden.whole("dim"), golden.whole("hidden"), RNG));
            golden.check(layer.forward(golden.input("x")));
        });
    }

    @TestFactory
    Stream<DynamicTest> swiGlu() {
        return Golden.each("swiglu", golden -> {
            SwiGlu layer = golden.fill(new SwiGlu(golden.whole("dim"), golden.whole("hidden"), RNG));
            golden.check(layer.forward(golden.input("x")));
        });
    }

    /// Mixtral's block, its scores and its balancing loss, with the gradients of all three together.
    @TestFactory
    Stream<DynamicTest> mixtral() {
        return Golden.each("mixtral", golden -> {
            int dim = golden.whole("dim");
            MixtralRouter router = new MixtralRouter(dim, golden.whole("experts"), golden.whole("topK"), RNG);
            MixtureOfExperts layer = golden.fill(MixtureOfExperts.of(router, dim, golden.whole("hidden"), RNG));
            Tensor y = layer.forward(golden.input("x"));
            golden.check(
                    Map.of("y", y, "logits", layer.routing().logits(), "balance", BalanceLoss.of(layer.routing())));
        });
    }

    /// Switch's router: who goes where, what is dropped, its logits and its losses.
    @TestFactory
    Stream<DynamicTest> switchRouter() {
        return Golden.each("switch", golden -> {
            int dim = golden.whole("dim");
            Capacity capacity = new Capacity(golden.number("capacity"));
            SwitchRouter router = new SwitchRouter(dim, golden.whole("experts"), capacity, RNG);
            MixtureOfExperts layer = golden.fill(MixtureOfExperts.of(router, dim, golden.whole("hidden"), RNG));
            Map<String, Tensor> results = new LinkedHashMap<>();
            results.put("y", layer.forward(golden.input("x")));
            results.put("logits", layer.routing().logits());
            results.put("z", ZLoss.of(layer.routing().logits()));
            if (golden.flag("balanced")) {
                results.put("balance", BalanceLoss.of(layer.routing()));
            }
            golden.check(results);
        });
    }

    /// DeepSeek-V3's block: a bias on the choice, weights scaled, a shared expert.
    @TestFactory
    Stream<DynamicTest> deepSeek() {
        return Golden.each("deepseek", golden -> {
            int dim = golden.whole("dim");
            int hidden = golden.whole("hidden");
            Balance balance = new Balance(0.001, golden.number("scale"));
            Router router = new BalancedRouter(dim, golden.whole("experts"), golden.whole("topK"), balance, RNG);
            MixtureOfExperts layer =
                    MixtureOfExperts.of(router, dim, hidden, RNG).share(new Expert(dim, hidden, RNG));
            golden.check(golden.fill(layer).forward(golden.input("x")));
        });
    }

    @TestFactory
    Stream<DynamicTest> multiHeadAttention() {
        return Golden.each("multi_head_attention", golden -> {
            KeyMask mask = golden.flag("causal") ? KeyMask.causal() : KeyMask.full();
            AttentionConfig config = AttentionConfig.of(golden.whole("dim"), golden.whole("heads"));
            MultiHeadAttention attention = golden.fill(new MultiHeadAttention(config.withMask(mask), RNG));
            golden.check(attention.forward(golden.input("x")));
        });
    }

    /// Llama's, Qwen2's (with biases) and Qwen3's (with norms), rotated by positions, under a window.
    @TestFactory
    Stream<DynamicTest> groupedQueryAttention() {
        return Golden.each("grouped_query_attention", golden -> {
            String kind = golden.word("kind");
            AttentionConfig config = new AttentionConfig(
                    golden.whole("dim"),
                    golden.whole("heads"),
                    golden.whole("kvHeads"),
                    golden.whole("headDim"),
                    kind.equals("qwen2"),
                    kind.equals("qwen3"),
                    new SlidingWindow(golden.whole("window")),
                    new Rope(new PlainFrequencies(golden.number("theta"))));
            GroupedQueryAttention attention = golden.fill(new GroupedQueryAttention(config, RNG));
            golden.check(attention.forward(golden.input("x")));
        });
    }

    @TestFactory
    Stream<DynamicTest> longformer() {
        return Golden.each("longformer", golden -> {
            Longformer pattern = new Longformer(
                    golden.whole("window"), golden.indices("global").values());
            AttentionConfig config = AttentionConfig.of(golden.whole("dim"), golden.whole("heads"));
            LongformerAttention attention = golden.fill(new LongformerAttention(config, pattern, RNG));
            golden.check(attention.forward(golden.input("x")));
        });
    }

    @TestFactory
    Stream<DynamicTest> crossEntropy() {
        return Golden.each(
                "cross_entropy",
                golden -> golden.check(golden.input("logits")
                        .crossEntropy(golden.indices("targets"), -100, golden.number("smoothing"))));
    }

    @TestFactory
    Stream<DynamicTest> meanSquaredError() {
        return Golden.each(
                "mean_squared_error",
                golden -> golden.check(MeanSquaredError.of(golden.input("prediction"), golden.input("target"))));
    }

    @TestFactory
    Stream<DynamicTest> klDivergence() {
        return Golden.each(
                "kl_divergence",
                golden -> golden.check(KlDivergence.of(golden.input("logits"), golden.input("target"))));
    }
}
