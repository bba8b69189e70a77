package gradus.train.checkpoint;

import gradus.error.ConfigException;
import gradus.tensor.quant.BlockFormat;
import gradus.tensor.quant.HalfScales;
import gradus.tensor.quant.Q4_0;
import gradus.tensor.quant.Q8_0;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// The element types of a GGUF file that are read here; [#written] tells those that are written too. [GgufBlocks]
/// says how the quantised ones are widened. Two of these are also made: [Q8_0] and [Q4_0].
///
/// Source: ggerganov/llama.cpp, `gguf-py/gguf/quants.py`, to the bit.
public enum GgufType {
    F32(0, 0, 1, 4, null),
    F16(1, 1, 1, 2, null),
    Q4_0(2, 2, new Q4_0()),
    Q4_1(3, 3, 32, 20, GgufBlocks::q41),
    Q5_0(6, 8, 32, 22, GgufBlocks::q50),
    Q5_1(7, 9, 32, 24, GgufBlocks::q51),
    Q8_0(8, 7, new Q8_0()),
    Q4_K(12, 15, 256, 144, GgufBlocks::q4k),
    Q5_K(13, 17, 256, 176, GgufBlocks::q5k),
    Q6_K(14, 18, 256, 210, GgufBlocks::q6k),
    I8(24, -1, 1, 1, null),
    I16(25, -1, 1, 2, null),
    I32(26, -1, 1, 4, null),
    I64(27, -1, 1, 8, null),
    F64(28, -1, 1, 8, null),
    BF16(30, 32, 1, 2, null);

    /// Types that files have and that are not read, by what a file calls them.
    private static final Map<Integer, String> UNREAD = Map.ofEntries(
            Map.entry(4, "Q4_2"),
            Map.entry(5, "Q4_3"),
            Map.entry(9, "Q8_1"),
            Map.entry(10, "Q2_K"),
            Map.entry(11, "Q3_K"),
            Map.entry(15, "Q8_K"),
            Map.entry(16, "IQ2_XXS"),
            Map.entry(17, "IQ2_XS"),
            Map.entry(18, "IQ3_XXS"),
            Map.entry(19, "IQ1_S"),
            Map.entry(20, "IQ4_NL"),
            Map.entry(21, "IQ3_S"),
            Map.entry(22, "IQ2_S"),
            Map.entry(23, "IQ4_XS"),
            Map.entry(29, "IQ1_M"),
            Map.entry(31, "Q4_0_4_4"),
            Map.entry(32, "Q4_0_4_8"),
            Map.entry(33, "Q4_0_8_8"),
            Map.entry(34, "TQ1_0"),
            Map.entry(35, "TQ2_0"),
            Map.entry(36, "IQ4_NL_4_4"),
            Map.entry(37, "IQ4_NL_4_8"),
            Map.entry(38, "IQ4_NL_8_8"),
            Map.entry(39, "MXFP4"));

    /// Beyond these nobody has numbered a type; what llama.cpp adds one day will come before.
    private static final int NUMBERS = 256;

    /// What a file calls it.
    final int number;

    private final int fileType;

    /// How many elements a block holds, and in how many bytes.
    final int blockSize;

    final int blockBytes;

    private final GgufBlocks.Decoder decoder;

    /// How its blocks are made, or null.
    final BlockFormat format;

    GgufType(int number, int fileType, BlockFormat format) {
        this(
                number,
                fileType,
                format.blockSize(),
                format.scaleBytes() + format.codeBytes(format.blockSize()),
                GgufBlocks.of(format),
                format);
    }

    GgufType(int number, int fileType, int blockSize, int blockBytes, GgufBlocks.Decoder decoder) {
        this(number, fileType, blockSize, blockBytes, decoder, null);
    }

    GgufType(int number, int fileType, int blockSize, int blockBytes, GgufBlocks.Decoder decoder, BlockFormat format) {
        this.number = number;
        this.fileType = fileType;
        this.blockSize = blockSize;
        this.blockBytes = blockBytes;
        this.decoder = decoder;
        this.format = format;
    }

    /// The types that [GgufWriter] writes.
    public static List<GgufType> written() {
        return List.of(F32, F16, BF16, Q8_0, Q4_0);
    }

    /// A type to write, by its name in any case.
    ///
    /// @throws ConfigException if it is none of [#written]
    public static GgufType toWrite(String name) {
        return written().stream()
                .filter(type -> type.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new ConfigException("the type must be one of %s; got %s"
                        .formatted(
                                written().stream()
                                        .map(type -> type.name().toLowerCase(Locale.ROOT))
                                        .collect(Collectors.joining(", ")),
                                name)));
    }

    /// What `general.file_type` calls a file of it.
    public int fileType() {
        return fileType;
    }

    /// The type of a number, or null.
    static GgufType numbered(int number) {
        return Arrays.stream(values())
                .filter(type -> type.number == number)
                .findFirst()
                .orElse(null);
    }

    /// The name of a type that is not read, or null if the number is no type's.
    static String unreadName(int number) {
        String newer = number >= 0 && number < NUMBERS ? "number " + number : null;
        return UNREAD.getOrDefault(number, newer);
    }

    /// Whether its elements are real numbers, so that a tensor can hold them.
    boolean isReal() {
        return switch (this) {
            case I8, I16, I32, I64 -> false;
            default -> true;
        };
    }

    /// The largest magnitude that can be written; beyond it a float16 would be infinite.
    double largest() {
        return switch (this) {
            case F16 -> HalfScales.LARGEST;
            case BF16 -> 0x1.FEp127;
            case Q8_0, Q4_0 -> format.largest();
            default -> Float.MAX_VALUE;
        };
    }

    /// The bytes of so many elements.
    long bytes(long elements) {
        return Math.multiplyExact(elements / blockSize, blockBytes);
    }

    // --- reading

    /// All elements of whole blocks, as float32; F64 is rounded to it.
    float[] decode(MemorySegment bytes) {
        return switch (this) {
            case F32 -> ElementType.F32.floats(bytes);
            case F16 -> ElementType.F16.floats(bytes);
            case BF16 -> ElementType.BF16.floats(bytes);
            case F64 -> narrowed(ElementType.F64.doubles(bytes));
            default -> decodeBlocks(bytes);
        };
    }

    private static float[] narrowed(double[] values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        return narrow;
    }

    private float[] decodeBlocks(MemorySegment bytes) {
        int blocks = Math.toIntExact(bytes.byteSize() / blockBytes);
        float[] values = new float[blocks * blockSize];
        byte[] block = new byte[blockBytes];
        for (int b = 0; b < blocks; b++) {
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, (long) b * blockBytes, block, 0, blockBytes);
            decoder.decode(block, values, b * blockSize);
        }
        return values;
    }

    // --- writing

    /// Appends the block that begins at an element.
    void encode(float[] values, int from, ByteBuffer out) {
        switch (this) {
            case F32 -> out.putFloat(values[from]);
            case F16 -> out.putShort(Float.floatToFloat16(values[from]));
            case BF16 -> out.putShort(ElementType.bfloat16(values[from]));
            case Q8_0, Q4_0 -> encodeBlock(values, from, out);
            default -> throw new ConfigException(this + " is read and not written; " + written() + " are");
        }
    }

    private void encodeBlock(float[] values, int from, ByteBuffer out) {
        byte[] codes = new byte[format.codeBytes(blockSize)];
        float scale = format.quantize(values, from, blockSize, codes, 0);
        out.putShort(Float.floatToFloat16(scale)).put(codes);
    }
}
