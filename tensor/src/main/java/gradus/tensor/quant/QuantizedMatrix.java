package gradus.tensor.quant;

import static gradus.error.ConfigException.require;

import gradus.error.NumericException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// A matrix W, mostly a frozen weight (out, in), whose elements are kept as codes of a few bits and one scale
/// for each block of neighbours. It never changes. Products decode a block at a time, see
/// [gradus.tensor.op.product.QuantizedLinear].
///
/// ```java
/// QuantizedMatrix w = weight.quantize(new Nf4()).doubleQuantized(); // 4.127 bits an element
/// Tensor y = x.linear(w);                                           // x·Wᵀ
/// ```
public final class QuantizedMatrix {
    private final int rows;
    private final int columns;
    private final BlockFormat format;
    private final MemorySegment codes;
    private final Scales scales;
    private final Map<Object, Object> copies = new ConcurrentHashMap<>();

    /// A matrix of codes that exist already, as from a file.
    ///
    /// @param codes block by block, row-major, on the heap or off it; not copied
    /// @throws gradus.error.ConfigException if codes or scales are more or fewer than such a matrix has
    public QuantizedMatrix(int rows, int columns, BlockFormat format, MemorySegment codes, Scales scales) {
        require(format != null && codes != null && scales != null, "quantised matrix: format, codes and scales needed");
        requireShape(rows, columns, format);
        int count = rows * columns;
        require(
                codes.byteSize() == codeBytes(format, count),
                "quantised matrix: %d × %d in %s has %d bytes of codes; got %d",
                rows,
                columns,
                format.name(),
                codeBytes(format, count),
                codes.byteSize());
        require(
                scales.count() == blocks(format, count),
                "quantised matrix: %d × %d in %s has %d blocks; got %d scales",
                rows,
                columns,
                format.name(),
                blocks(format, count),
                scales.count());
        this.rows = rows;
        this.columns = columns;
        this.format = format;
        this.codes = codes.asReadOnly();
        this.scales = scales;
    }

    private static void requireShape(int rows, int columns, BlockFormat format) {
        require(
                rows >= 1 && columns >= 1 && (long) rows * columns <= Integer.MAX_VALUE - 8,
                "quantised matrix: needs 1 to 2³¹ - 9 elements; got %d × %d",
                rows,
                columns);
        require( // BAD-INPUT 31
                format.acrossRows() || columns % format.blockSize() == 0,
                "%s: a row must be whole blocks of %d; got rows of %d",
                format.name(),
                format.blockSize(),
                columns);
    }

    private static int blocks(BlockFormat format, int count) {
        return (count + format.blockSize() - 1) / format.blockSize();
    }

    private static long codeBytes(BlockFormat format, int count) {
        int rest = count % format.blockSize();
        long whole = (long) (count / format.blockSize()) * format.codeBytes(format.blockSize());
        return whole + (rest == 0 ? 0 : format.codeBytes(rest));
    }

    /// A matrix in a format, its scales as the format keeps them: what [gradus.tensor.Tensor#quantize] makes.
    ///
    /// @param values row-major
    /// @throws gradus.error.ConfigException if rows are no whole number of blocks and have to be
    /// @throws NumericException             if an element is not finite or too large
    public static QuantizedMatrix of(float[] values, int rows, int columns, BlockFormat format) {
        require(values != null && format != null, "quantise: values and a format must be given");
        requireShape(rows, columns, format);
        require(
                values.length == rows * columns,
                "quantise: %d × %d elements are needed; got %d",
                rows,
                columns,
                values.length);
        requireFits(values, columns, format);
        int size = format.blockSize();
        int blockBytes = format.codeBytes(size);
        byte[] codes = new byte[Math.toIntExact(codeBytes(format, values.length))];
        float[] scales = new float[blocks(format, values.length)];
        for (int block = 0; block < scales.length; block++) {
            int count = Math.min(size, values.length - block * size);
            scales[block] = format.quantize(values, block * size, count, codes, block * blockBytes);
        }
        return new QuantizedMatrix(
                rows,
                columns,
                format,
                MemorySegment.ofArray(codes),
                format.scaleBytes() == Short.BYTES ? HalfScales.round(scales) : new FloatScales(scales));
    }

    private static void requireFits(float[] values, int columns, BlockFormat format) {
        for (int i = 0; i < values.length; i++) {
            if (!(Math.abs(values[i]) <= format.largest())) {
                throw new NumericException("%s: element (%s, %s) is %s; only finite ones up to %s can be quantised"
                        .formatted(format.name(), i / columns, i % columns, values[i], (float) format.largest()));
            }
        }
    }

    /// The same codes with scales of one byte each, as [NestedScales] keeps them.
    ///
    /// @throws gradus.error.ConfigException unless the scales are float32
    /// @throws NumericException             if their sum is beyond float32
    public QuantizedMatrix doubleQuantized() {
        require(
                scales instanceof FloatScales,
                "double quantisation: scales must be float32, as those of nf4; %s has others",
                format.name());
        Scales nested = NestedScales.of(((FloatScales) scales).values());
        return new QuantizedMatrix(rows, columns, format, codes, nested);
    }

    /// The same with the codes outside the Java heap, where a large model has its room. They are freed when
    /// nobody holds the matrix any more.
    public QuantizedMatrix offHeap() {
        MemorySegment copy = Arena.ofAuto().allocate(codes.byteSize()).copyFrom(codes);
        return new QuantizedMatrix(rows, columns, format, copy, scales);
    }

    // --- what it is

    /// How many rows W has: the size of a result's last axis.
    public int rows() {
        return rows;
    }

    /// How many columns W has: the size of an input's last axis.
    public int columns() {
        return columns;
    }

    public BlockFormat format() {
        return format;
    }

    /// The codes, block by block; read-only.
    public MemorySegment codes() {
        return codes;
    }

    public Scales scales() {
        return scales;
    }

    /// How much memory codes and scales take.
    public long bytes() {
        return codes.byteSize() + scales.bytes();
    }

    /// What a device keeps of this matrix in its own memory: made when first asked for, and held as long as
    /// the matrix itself.
    ///
    /// @param owner whose copy it is
    public <T> T copyOf(Object owner, Class<T> type, Function<QuantizedMatrix, T> copy) {
        return type.cast(copies.computeIfAbsent(owner, o -> copy.apply(this)));
    }

    // --- decoding

    /// Decodes whole rows.
    ///
    /// @param from the first row
    /// @param to   the row after the last
    /// @param into where the elements go, row-major from its start
    public void dequantize(int from, int to, float[] into) {
        dequantize(from, to, 0, columns, into);
    }

    /// Decodes a rectangle.
    ///
    /// @param fromRow    the first row
    /// @param toRow      the row after the last
    /// @param fromColumn the first column
    /// @param toColumn   the column after the last
    /// @param into       where the rectangle's elements go, row-major from its start
    public void dequantize(int fromRow, int toRow, int fromColumn, int toColumn, float[] into) {
        require(
                fromRow >= 0 && fromRow <= toRow && toRow <= rows,
                "quantised matrix: rows %d to %d are not within its %d",
                fromRow,
                toRow,
                rows);
        require(
                fromColumn >= 0 && fromColumn <= toColumn && toColumn <= columns,
                "quantised matrix: columns %d to %d are not within its %d",
                fromColumn,
                toColumn,
                columns);
        int height = toRow - fromRow;
        int width = toColumn - fromColumn;
        require(
                (long) height * width <= into.length,
                "quantised matrix: %d × %d elements do not fit %d",
                height,
                width,
                into.length);
        if (width == columns) {
            run(fromRow * columns, height * columns, into, 0);
            return;
        }
        for (int row = 0; row < height; row++) {
            run((fromRow + row) * columns + fromColumn, width, into, row * width);
        }
    }

    /// Decodes neighbours in the order in which they are kept.
    private void run(int from, int count, float[] into, int to) {
        int size = format.blockSize();
        int blockBytes = format.codeBytes(size);
        int block = from / size;
        int first = from % size;
        byte[] bytes = codes(block, from + count);
        for (int done = 0, at = 0; done < count; block++, at += blockBytes, first = 0) {
            int several = Math.min(size - first, count - done);
            format.dequantize(bytes, at, scales.get(block), first, several, into, to + done);
            done += several;
        }
    }

    /// The codes from a block to that of the element before `end`.
    private byte[] codes(int block, int end) {
        long begin = (long) block * format.codeBytes(format.blockSize());
        long stop = Math.min(codes.byteSize(), (long) blocks(format, end) * format.codeBytes(format.blockSize()));
        return codes.asSlice(begin, Math.max(0, stop - begin)).toArray(ValueLayout.JAVA_BYTE);
    }

    /// The whole matrix, row-major; as a tensor it is `Tensor.of(matrix)`.
    public float[] dequantize() {
        float[] values = new float[rows * columns];
        dequantize(0, rows, values);
        return values;
    }

    /// Whether another matrix is stored alike, to the bit.
    public boolean same(QuantizedMatrix other) {
        boolean alike = other != null
                && rows == other.rows
                && columns == other.columns
                && format.name().equals(other.format.name())
                && scales.getClass() == other.scales.getClass()
                && codes.mismatch(other.codes) < 0;
        return alike
                && switch (scales) {
                    case FloatScales own -> Arrays.equals(own.values(), ((FloatScales) other.scales).values());
                    case HalfScales own -> Arrays.equals(own.halves(), ((HalfScales) other.scales).halves());
                    case NestedScales own -> {
                        NestedScales theirs = (NestedScales) other.scales;
                        yield Arrays.equals(own.codes(), theirs.codes())
                                && Arrays.equals(own.absmax(), theirs.absmax())
                                && Float.compare(own.offset(), theirs.offset()) == 0;
                    }
                };
    }

    /// Its size, format and bytes.
    @Override
    public String toString() {
        String nested = scales instanceof NestedScales ? ", double" : "";
        return "QuantizedMatrix(%s × %s, %s%s, %s bytes)".formatted(rows, columns, format.name(), nested, bytes());
    }
}
