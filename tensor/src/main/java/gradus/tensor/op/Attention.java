package gradus.tensor.op;

import static gradus.error.ShapeException.require;

import gradus.tensor.Autograd;
import gradus.tensor.DType;
import gradus.tensor.Saved;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.AttentionShape;
import gradus.tensor.kernel.Heads;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.Kernels.HeadGradients;
import gradus.tensor.kernel.KeyMask;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.memory.Destination;

/// Scaled dot-product attention of each head: `O = P·V`, `P = softmax(S)`, `S = Q·Kᵀ/√D` with masked entries left out.
/// Vaswani et al. 2017, arXiv:1706.03762. P is never kept: the forward saves `L = logsumexp(S)` of each row and the
/// backward computes `P = exp(S - L)` again (Dao et al. 2022, FlashAttention, arXiv:2205.14135).
///
/// `dV = Pᵀ·dO`; `dP = dO·Vᵀ`; by the derivative of the softmax `dS = P∘(dP - δ)` with
/// `δᵢ = Σⱼ Pᵢⱼ·dPᵢⱼ = Σ dOᵢ·Oᵢ`; `dQ = dS·K/√D`, `dK = dSᵀ·Q/√D`.
public final class Attention {
    private Attention() {}

    /// **Shapes** q (B, T, H·D), k and v (B, S, K·D) with K dividing H → (B, T, H·D)
    public static Tensor apply(Tensor q, Tensor k, Tensor v, int heads, KeyMask mask) {
        q.requireSame("attention", k);
        q.requireSame("attention", v);
        require(
                q.rank() == 3 && k.rank() == 3 && k.shape().equals(v.shape()) && k.dim(0) == q.dim(0),
                "attention: q must be (B, T, H·D), k and v (B, S, K·D); got %s, %s and %s",
                q.shape(),
                k.shape(),
                v.shape());
        int headDim = headDim(q.dim(2), heads, q.shape());
        require(
                k.dim(2) % headDim == 0 && heads % (k.dim(2) / headDim) == 0,
                "attention: k has %d channels, which is not a divisor of %d heads of %d",
                k.dim(2),
                heads,
                headDim);
        int kvHeads = k.dim(2) / headDim;
        requireRanges(mask, q.dim(1), k.dim(1));
        AttentionShape shape =
                new AttentionShape(q.dim(0), q.dim(1), k.dim(1), heads, kvHeads, headDim, 1 / Math.sqrt(headDim), mask);
        Kernels kernels = Kernels.of(q.dtype());
        Tensor out = Tensor.uninitialized(q.dtype(), q.shape());
        Buffer lse = lse(q.dtype(), shape);
        kernels.attention(shape, whole(q, q.buffer()), whole(k, k.buffer()), whole(v, v.buffer()), out.buffer(), lse);
        Saved savedQ = Saved.of(q);
        Saved savedK = Saved.of(k);
        Saved savedV = Saved.of(v);
        Saved savedOut = Saved.of(out);
        return Autograd.record(
                out,
                dout -> {
                    Tensor dq = Tensor.uninitialized(q.dtype(), q.shape());
                    Tensor dk = Tensor.uninitialized(k.dtype(), k.shape());
                    Tensor dv = Tensor.uninitialized(v.dtype(), v.shape());
                    HeadGradients gradients = new HeadGradients(
                            whole(q, dq.buffer()), whole(k, dk.buffer()), whole(v, dv.buffer()), false);
                    kernels.attentionBackward(
                            shape,
                            whole(q, savedQ.get()),
                            whole(k, savedK.get()),
                            whole(v, savedV.get()),
                            savedOut.get(),
                            lse,
                            dout,
                            gradients);
                    q.addGradient(dq.buffer());
                    k.addGradient(dk.buffer());
                    v.addGradient(dv.buffer());
                    dq.close();
                    dk.close();
                    dv.close();
                },
                q,
                k,
                v);
    }

    /// Attention within one projection that holds queries, keys and values side by side.
    ///
    /// **Shapes** qkv (B, T, 3·H·D) → (B, T, H·D)
    public static Tensor packed(Tensor qkv, int heads, KeyMask mask) {
        require(
                qkv.rank() == 3 && qkv.dim(2) % 3 == 0,
                "attention: a packed projection must be (B, T, 3·H·D); got %s",
                qkv.shape());
        int channels = qkv.dim(2) / 3;
        int headDim = headDim(channels, heads, qkv.shape());
        int time = qkv.dim(1);
        requireRanges(mask, time, time);
        AttentionShape shape =
                new AttentionShape(qkv.dim(0), time, time, heads, heads, headDim, 1 / Math.sqrt(headDim), mask);
        Kernels kernels = Kernels.of(qkv.dtype());
        Tensor out = Tensor.uninitialized(qkv.dtype(), Shape.of(qkv.dim(0), time, channels));
        Buffer lse = lse(qkv.dtype(), shape);
        kernels.attention(
                shape,
                third(qkv.buffer(), 0, channels),
                third(qkv.buffer(), 1, channels),
                third(qkv.buffer(), 2, channels),
                out.buffer(),
                lse);
        Saved savedQkv = Saved.of(qkv);
        Saved savedOut = Saved.of(out);
        return Autograd.record(
                out,
                dout -> {
                    Buffer saved = savedQkv.get();
                    Destination dqkv = qkv.gradientDestination();
                    HeadGradients gradients = new HeadGradients(
                            third(dqkv.buffer(), 0, channels),
                            third(dqkv.buffer(), 1, channels),
                            third(dqkv.buffer(), 2, channels),
                            dqkv.accumulate());
                    kernels.attentionBackward(
                            shape,
                            third(saved, 0, channels),
                            third(saved, 1, channels),
                            third(saved, 2, channels),
                            savedOut.get(),
                            lse,
                            dout,
                            gradients);
                },
                qkv);
    }

    /// Refuses a mask that is missing or would lead a kernel outside the keys.
    private static void requireRanges(KeyMask mask, int queries, int keys) {
        require(
                mask != null,
                "attention: a mask must be given; got null; KeyMask.full() lets every query see all keys");
        for (int query = 0; query < queries; query++) {
            int from = mask.from(query, queries, keys);
            int to = mask.to(query, queries, keys);
            require(
                    from >= 0 && to <= keys,
                    "attention: the mask gives query %d the keys %d..%d; there are 0..%d",
                    query,
                    from,
                    to - 1,
                    keys - 1);
        }
    }

    private static Buffer lse(DType dtype, AttentionShape shape) {
        return BufferPool.allocate(dtype, shape.batch() * shape.heads() * shape.queries());
    }

    private static Heads whole(Tensor tensor, Buffer buffer) {
        return new Heads(buffer, 0, tensor.dim(2));
    }

    private static Heads third(Buffer packed, int which, int channels) {
        return new Heads(packed, which * channels, 3 * channels);
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
}
