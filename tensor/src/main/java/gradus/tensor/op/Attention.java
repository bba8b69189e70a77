package gradus.tensor.op;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Autograd;
import gradus.tensor.Saved;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.AttentionKernels;
import gradus.tensor.kernel.AttentionKernels.AttentionInput;
import gradus.tensor.kernel.AttentionKernels.AttentionOutput;
import gradus.tensor.kernel.AttentionKernels.AttentionShape;
import gradus.tensor.kernel.AttentionKernels.HeadGradients;
import gradus.tensor.kernel.AttentionKernels.Heads;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.List;

/// Scaled dot-product attention of each head: `O = P·V`, `P = softmax(S)`, `S = scale·Q·Kᵀ + bias` with
/// masked entries left out and `scale = 1/√D` unless another is asked for. Vaswani et al. 2017,
/// arXiv:1706.03762. P is never kept: the forward saves `L = logsumexp(S)` of each row and the backward
/// computes `P = exp(S - L)` again (Dao et al. 2022, FlashAttention, arXiv:2205.14135).
///
/// `dV = Pᵀ·dO`; `dP = dO·Vᵀ`; by the derivative of the softmax `dS = P∘(dP - δ)` with `δᵢ = Σⱼ Pᵢⱼ·dPᵢⱼ =
/// Σ dOᵢ·Oᵢ`; `dQ = scale·dS·K`, `dK = scale·dSᵀ·Q`. L is a result too, and since `∂Lᵢ/∂Sᵢⱼ = Pᵢⱼ` its
/// gradient joins in as `δᵢ = Σ dOᵢ·Oᵢ - dLᵢ`. A bias by distance, `Sᵢⱼ += bias[j - i]`, gets the sum of dS
/// along each diagonal.
public final class Attention {
    private Attention() {}

    /// An output and the log-sum-exp of the logits it came from, by which [MergeAttention] merges several.
    ///
    /// @param out    (B, T, H·D)
    /// @param logSum (B, H, T), -∞ where a query sees nothing
    public record Result(Tensor out, Tensor logSum) {}

    /// **Shapes** q (B, T, H·D), k and v (B, S, K·D) with K dividing H → (B, T, H·D)
    public static Tensor apply(Tensor q, Tensor k, Tensor v, int heads, KeyMask mask) {
        return apply(q, k, v, AttentionSettings.of(heads, mask));
    }

    /// **Shapes** q (B, T, H·D), k and v (B, S, K·D) with K dividing H → (B, T, H·D)
    public static Tensor apply(Tensor q, Tensor k, Tensor v, AttentionSettings settings) {
        return withLogSum(q, k, v, settings).out();
    }

    /// The same where keys and values may be the beginning of longer blocks, which are read where they lie.
    ///
    /// **Shapes** q (B, T, H·D), k and v (B, S, K·D) with K dividing H → (B, T, H·D)
    public static Tensor apply(Tensor q, KeysAndValues seen, AttentionSettings settings) {
        return withLogSum(q, seen, settings).out();
    }

    /// The same for as many heads of queries and a mask.
    public static Tensor apply(Tensor q, KeysAndValues seen, int heads, KeyMask mask) {
        return apply(q, seen, AttentionSettings.of(heads, mask));
    }

    /// The same with the log-sum-exp of each query's logits as a second result.
    public static Result withLogSum(Tensor q, KeysAndValues seen, AttentionSettings settings) {
        given(seen, "attention", "keys and values");
        boolean fused = Kernels.of(seen.keyBlock().buffer()).attention() != null;
        if (!fused || seen.areWhole() || Autograd.records(q, seen.keyBlock(), seen.valueBlock(), settings.bias())) {
            return withLogSum(q, seen.keys(), seen.values(), settings);
        }
        AttentionShape shape = shape(q, seen.keyBlock(), seen.valueBlock(), seen.length(), settings);
        return forward(q, seen.keyHeads(), seen.valueHeads(), shape, settings.bias());
    }

    private static Result forward(Tensor q, Heads k, Heads v, AttentionShape shape, Tensor bias) {
        requireBias(q, bias, shape);
        Tensor out = q.newEmpty(q.shape()); // (B, T, H·D)
        Tensor logSum = q.newEmpty(lseShape(shape)); // (B, H, T)
        Kernels.of(q.buffer())
                .attention()
                .attention(
                        shape,
                        new AttentionInput(whole(q, q.buffer()), k, v, bias == null ? null : bias.buffer()),
                        new AttentionOutput(out.buffer(), logSum.buffer()));
        return new Result(out, logSum);
    }

    /// The same with the log-sum-exp of each query's logits as a second result.
    public static Result withLogSum(Tensor q, Tensor k, Tensor v, AttentionSettings settings) {
        AttentionShape shape = shape(q, k, v, k == null ? 0 : k.dim(1), settings);
        AttentionKernels kernels = Kernels.of(q.buffer()).attention();
        if (kernels == null) {
            return plainWithLogSum(q, k, v, settings);
        }
        Tensor bias = settings.bias();
        Result result = forward(q, whole(k, k.buffer()), whole(v, v.buffer()), shape, bias);
        Tensor out = result.out();
        Tensor logSum = result.logSum();
        Saved savedQ = Saved.of(q);
        Saved savedK = Saved.of(k);
        Saved savedV = Saved.of(v);
        Saved savedBias = bias == null ? null : Saved.of(bias);
        Saved savedOut = Saved.of(out);
        Saved savedLogSum = Saved.of(logSum);
        Buffer[] dLogSum = new Buffer[1];
        Autograd.record(
                out,
                dout -> {
                    AttentionInput in = new AttentionInput(
                            whole(q, savedQ.get()),
                            whole(k, savedK.get()),
                            whole(v, savedV.get()),
                            bias == null ? null : savedBias.get());
                    Tensor dq = q.newEmpty(q.shape());
                    Tensor dk = k.newEmpty(k.shape());
                    Tensor dv = v.newEmpty(v.shape());
                    HeadGradients gradients = new HeadGradients(
                            whole(q, dq.buffer()),
                            whole(k, dk.buffer()),
                            whole(v, dv.buffer()),
                            false,
                            bias == null ? null : bias.gradientDestination());
                    kernels.attentionBackward(
                            shape,
                            in,
                            new AttentionOutput(savedOut.get(), savedLogSum.get()),
                            new AttentionOutput(dout, dLogSum[0]),
                            gradients);
                    q.addGradient(dq.buffer());
                    k.addGradient(dk.buffer());
                    v.addGradient(dv.buffer());
                    dq.close();
                    dk.close();
                    dv.close();
                    if (dLogSum[0] != null) {
                        dLogSum[0].release("the backward of attention used it");
                        dLogSum[0] = null;
                    }
                },
                q,
                k,
                v,
                bias);
        // The second result stands behind the first in the graph, so its gradient is there when the first's turn comes.
        Autograd.record(
                logSum,
                dy -> {
                    dLogSum[0] = dy.share();
                    Destination dout = out.gradientDestination();
                    if (dout != null && !dout.accumulate()) {
                        Kernels.of(dout.buffer()).pointwise().fill(dout.buffer(), 0); // nobody used the output itself
                    }
                },
                out);
        return result;
    }

    private static AttentionShape shape(Tensor q, Tensor k, Tensor v, int keys, AttentionSettings settings) {
        given(q, "attention", "q");
        given(settings, "attention", "settings");
        q.requireSame("attention", k);
        q.requireSame("attention", v);
        require(
                q.rank() == 3 && k.rank() == 3 && k.shape().equals(v.shape()) && k.dim(0) == q.dim(0),
                "attention: q must be (B, T, H·D), k and v (B, S, K·D); got %s, %s and %s",
                q.shape(),
                k.shape(),
                v.shape());
        int heads = settings.heads();
        int headDim = headDim(q.dim(2), heads, q.shape());
        require(
                k.dim(2) % headDim == 0 && heads % (k.dim(2) / headDim) == 0,
                "attention: k has %d channels, which is not a divisor of %d heads of %d",
                k.dim(2),
                heads,
                headDim);
        double scale = settings.scale() == null ? 1 / Math.sqrt(headDim) : settings.scale();
        return new AttentionShape(q.dim(0), q.dim(1), keys, heads, k.dim(2) / headDim, headDim, scale, settings.mask());
    }

    private static void requireBias(Tensor q, Tensor bias, AttentionShape shape) {
        if (bias == null) {
            return;
        }
        q.requireSame("attention", bias);
        require(
                bias.shape().equals(Shape.of(shape.heads(), shape.distances())),
                "attention: the bias must be (H, T+S-1) = (%d, %d); got %s",
                shape.heads(),
                shape.distances(),
                bias.shape());
    }

    /// Attention within one projection that holds queries, keys and values side by side.
    ///
    /// **Shapes** qkv (B, T, 3·H·D) → (B, T, H·D)
    public static Tensor packed(Tensor qkv, int heads, KeyMask mask) {
        given(qkv, "attention", "a tensor");
        require(
                qkv.rank() == 3 && qkv.dim(2) % 3 == 0,
                "attention: a packed projection must be (B, T, 3·H·D); got %s",
                qkv.shape());
        int channels = qkv.dim(2) / 3;
        int headDim = headDim(channels, heads, qkv.shape());
        int time = qkv.dim(1);
        AttentionKernels kernels = Kernels.of(qkv.buffer()).attention();
        if (kernels == null) {
            List<Tensor> parts = qkv.chunk(3, 2);
            return plain(parts.get(0), parts.get(1), parts.get(2), AttentionSettings.of(heads, mask));
        }
        AttentionShape shape =
                new AttentionShape(qkv.dim(0), time, time, heads, heads, headDim, 1 / Math.sqrt(headDim), mask);
        Tensor out = qkv.newEmpty(Shape.of(qkv.dim(0), time, channels));
        Buffer lse = qkv.buffer().like(lseShape(shape).size());
        kernels.attention(shape, thirds(qkv.buffer(), channels, time), new AttentionOutput(out.buffer(), lse));
        Saved savedQkv = Saved.of(qkv);
        Saved savedOut = Saved.of(out);
        return Autograd.record(
                out,
                dout -> {
                    Destination dqkv = qkv.gradientDestination();
                    if (dqkv == null) { // frozen since
                        return;
                    }
                    HeadGradients gradients = new HeadGradients(
                            third(dqkv.buffer(), 0, channels, time),
                            third(dqkv.buffer(), 1, channels, time),
                            third(dqkv.buffer(), 2, channels, time),
                            dqkv.accumulate());
                    kernels.attentionBackward(
                            shape,
                            thirds(savedQkv.get(), channels, time),
                            new AttentionOutput(savedOut.get(), lse),
                            new AttentionOutput(dout, null),
                            gradients);
                },
                qkv);
    }

    private static Shape lseShape(AttentionShape shape) {
        return Shape.of(shape.batch(), shape.heads(), shape.queries());
    }

    private static AttentionInput thirds(Buffer packed, int channels, int time) {
        return new AttentionInput(
                third(packed, 0, channels, time), third(packed, 1, channels, time), third(packed, 2, channels, time));
    }

    private static Heads whole(Tensor tensor, Buffer buffer) {
        return new Heads(buffer, 0, tensor.dim(2), tensor.dim(1) * tensor.dim(2));
    }

    private static Heads third(Buffer packed, int which, int channels, int time) {
        return new Heads(packed, which * channels, 3 * channels, time * 3 * channels);
    }

    private static int headDim(int channels, int heads, Shape shape) {
        require(
                heads > 0 && channels % heads == 0,
                "attention: channels must be divisible by heads; got channels=%d, heads=%d from shape %s",
                channels,
                heads,
                shape);
        return channels / heads;
    }

    /// [#apply] in plain tensor operations, which is its definition. It keeps every weight of every head,
    /// `B·H·T·S` numbers.
    ///
    /// **Shapes** q (B, T, H·D), k and v (B, S, K·D) with K dividing H → (B, T, H·D)
    public static Tensor plain(Tensor q, Tensor k, Tensor v, AttentionSettings settings) {
        return plainWithLogSum(q, k, v, settings).out();
    }

    /// [#withLogSum] in plain tensor operations.
    static Result plainWithLogSum(Tensor q, Tensor k, Tensor v, AttentionSettings settings) {
        AttentionShape shape = shape(q, k, v, k == null ? 0 : k.dim(1), settings);
        requireBias(q, settings.bias(), shape);
        Tensor queries = byHead(q, shape.headDim(), 1); // (B, H, T, D)
        Tensor keys = byHead(k, shape.headDim(), shape.heads() / shape.kvHeads()); // (B, H, S, D)
        Tensor values = byHead(v, shape.headDim(), shape.heads() / shape.kvHeads()); // (B, H, S, D)
        Tensor scores = queries.matmul(keys, false, true).mul(shape.scale()); // (B, H, T, S)
        if (settings.bias() != null) {
            scores = scores.add(byKey(settings.bias(), shape)); // (B, H, T, S)
        }
        scores = scores.maskedFill(hidden(settings.mask(), scores), Double.NEGATIVE_INFINITY);
        Tensor weights = Softmax.plain(scores); // (B, H, T, S), zeros where a query sees nothing
        Tensor out = weights.matmul(values).transpose(1, 2).reshape(q.shape().dims()); // (B, T, H·D)
        return new Result(out, LogSumExp.plain(scores));
    }

    /// **Shapes** x (B, T, N·D) → (B, N·times, T, D), each head so many times one after the other
    private static Tensor byHead(Tensor x, int headDim, int times) {
        Tensor heads = x.reshape(x.dim(0), x.dim(1), -1, 1, headDim); // (B, T, N, 1, D)
        return heads.broadcastTo(x.dim(0), x.dim(1), heads.dim(2), times, headDim)
                .reshape(x.dim(0), x.dim(1), -1, headDim)
                .transpose(1, 2); // (B, N·times, T, D)
    }

    /// **Shapes** bias (H, T+S-1) → (H, T, S)
    private static Tensor byKey(Tensor bias, AttentionShape shape) {
        int[] places = new int[shape.queries() * shape.keys()];
        for (int at = 0; at < places.length; at++) {
            places[at] = at % shape.keys() - at / shape.keys() + shape.queries() - 1;
        }
        return bias.indexSelect(1, Indices.of(places)).reshape(shape.heads(), shape.queries(), shape.keys());
    }

    /// 1 where a query does not see a key, else 0.
    private static Tensor hidden(KeyMask mask, Tensor scores) {
        boolean[] seen = mask.dense(scores.shape());
        double[] hidden = new double[seen.length];
        for (int i = 0; i < hidden.length; i++) {
            hidden[i] = seen[i] ? 0 : 1;
        }
        return scores.newEmpty(scores.shape()).set(hidden); // (B, H, T, S)
    }
}
