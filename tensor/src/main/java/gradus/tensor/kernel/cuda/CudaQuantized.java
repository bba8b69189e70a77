package gradus.tensor.kernel.cuda;

import gradus.tensor.kernel.QuantizedKernels;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.quant.BlockFormat;
import gradus.tensor.quant.CodeTable;
import gradus.tensor.quant.DynamicMap;
import gradus.tensor.quant.FloatScales;
import gradus.tensor.quant.HalfScales;
import gradus.tensor.quant.NestedScales;
import gradus.tensor.quant.QuantizedMatrix;
import gradus.tensor.type.DType;
import java.lang.foreign.MemorySegment;

/// `quantized.cu`: decoding of block formats. Codes and scales are copied to the card when a matrix is first
/// used there, as they are: 4 bits stay 4 bits. The copy goes when nobody holds the matrix any more.
final class CudaQuantized implements QuantizedKernels {
    private static final int THREADS = 256;
    private static final int STRIP = 1 << 20; // 4 MB, which the larger cache of every card since Turing holds

    private final Card card;
    private final CudaFunction dequantize;

    CudaQuantized(Card card) {
        this.card = card;
        dequantize = card.function("quantized", "dequantize");
    }

    /// A matrix on the card.
    ///
    /// @param codes  as in the matrix
    /// @param levels that the codes name
    /// @param scales as they are stored, one for each block
    private record Copy(Buffer codes, Buffer levels, ScalesCopy scales) {}

    /// @param kind   0 for float32, 1 for float16, 2 for nested scales; of these alone there is the rest
    /// @param levels that the scales' codes name
    /// @param absmax their own scales
    /// @param offset that is added
    private record ScalesCopy(int kind, Buffer scales, Buffer levels, Buffer absmax, float offset) {}

    @Override
    public int strip() {
        return STRIP;
    }

    @Override
    public void dequantize(QuantizedMatrix matrix, Window window, Buffer into) {
        BlockFormat format = matrix.format();
        CodeTable table = format.table();
        Copy copy = matrix.copyOf(this, Copy.class, this::copy);
        int count = window.rows() * window.columns();
        dequantize
                .begin()
                .struct(
                        new long[] {
                            card.address(copy.codes),
                            card.address(copy.levels),
                            card.address(copy.scales.scales),
                            card.address(copy.scales.levels),
                            card.address(copy.scales.absmax)
                        },
                        copy.scales.kind,
                        Float.floatToRawIntBits(copy.scales.offset),
                        table.packing().ordinal(),
                        format.blockSize(),
                        format.codeBytes(format.blockSize()),
                        matrix.columns())
                .integer(window.fromRow())
                .integer(window.fromColumn())
                .integer(window.columns())
                .integer(count)
                .result(into)
                .blocks(CudaPointwise.blocks(count))
                .run(THREADS);
    }

    private Copy copy(QuantizedMatrix matrix) {
        ScalesCopy scales = switch (matrix.scales()) {
            case FloatScales floats -> plain(0, MemorySegment.ofArray(floats.values()));
            case HalfScales halves -> plain(1, MemorySegment.ofArray(halves.halves()));
            case NestedScales nested -> nested(nested);
        };
        float[] levels = matrix.format().table().levels();
        return new Copy(copy(matrix.codes()), copy(MemorySegment.ofArray(levels)), scales);
    }

    private ScalesCopy plain(int kind, MemorySegment values) {
        return new ScalesCopy(kind, copy(values), null, null, 0);
    }

    private ScalesCopy nested(NestedScales scales) {
        return new ScalesCopy(
                2,
                copy(MemorySegment.ofArray(scales.codes())),
                copy(MemorySegment.ofArray(DynamicMap.levels())),
                copy(MemorySegment.ofArray(scales.absmax())),
                scales.offset());
    }

    private Buffer copy(MemorySegment bytes) {
        int words = Math.toIntExact((bytes.byteSize() + Float.BYTES - 1) / Float.BYTES);
        Buffer buffer = BufferPool.allocateLasting(card.memory, DType.FLOAT32, words);
        card.staging.write(bytes, card.address(buffer));
        return buffer;
    }
}
