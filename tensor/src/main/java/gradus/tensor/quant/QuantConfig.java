package gradus.tensor.quant;

import static gradus.error.ConfigException.require;

import gradus.error.ConfigException;
import java.util.List;
import java.util.stream.Collectors;

/// How weights are quantised.
///
/// @param format      of blocks
/// @param doubleQuant whether the scales are quantised too, see [NestedScales]; only for scales in float32
public record QuantConfig(BlockFormat format, boolean doubleQuant) {
    /// QLoRA's, 4.127 bits a weight.
    public static final QuantConfig NF4_DOUBLE = new QuantConfig(new Nf4(), true);

    /// 4.5 bits a weight.
    public static final QuantConfig NF4 = new QuantConfig(new Nf4(), false);

    /// 8.5 bits a weight.
    public static final QuantConfig Q8_0 = new QuantConfig(new Q8_0(), false);

    /// 4.5 bits a weight.
    public static final QuantConfig Q4_0 = new QuantConfig(new Q4_0(), false);

    /// Those that have a name.
    public static final List<QuantConfig> ALL = List.of(NF4_DOUBLE, NF4, Q8_0, Q4_0);

    /// @throws gradus.error.ConfigException if the format's scales cannot be quantised
    public QuantConfig {
        require(format != null, "quantisation: a format must be given; got null");
        require(
                !doubleQuant || format.scaleBytes() == Float.BYTES,
                "double quantisation: scales must be float32, as those of nf4; %s has others",
                format.name());
    }

    /// What commands call it: `nf4-double`, `nf4`, `q8_0` or `q4_0`.
    public String name() {
        return format.name() + (doubleQuant ? "-double" : "");
    }

    /// The one of a name.
    ///
    /// @throws gradus.error.ConfigException if there is none
    public static QuantConfig named(String name) {
        return ALL.stream()
                .filter(each -> each.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> ConfigException.of(
                        "quantisation must be one of %s; got %s",
                        ALL.stream().map(QuantConfig::name).collect(Collectors.joining(", ")), name));
    }

    /// A matrix so quantised: what [gradus.tensor.Tensor#quantize] makes.
    ///
    /// @param values row-major
    /// @throws gradus.error.ConfigException  if rows are no whole number of blocks and have to be
    /// @throws gradus.error.NumericException if an element is not finite or too large
    public QuantizedMatrix quantize(float[] values, int rows, int columns) {
        QuantizedMatrix matrix = QuantizedMatrix.of(values, rows, columns, format);
        return doubleQuant ? matrix.doubleQuantized() : matrix;
    }

    /// How many bytes codes and scales of a matrix take.
    ///
    /// @param elements of the matrix
    public long bytes(long elements) {
        int size = format.blockSize();
        int rest = (int) (elements % size);
        long codes = elements / size * format.codeBytes(size) + (rest == 0 ? 0 : format.codeBytes(rest));
        long blocks = Math.ceilDiv(elements, size);
        long nested = blocks + Float.BYTES * (Math.ceilDiv(blocks, NestedScales.BLOCK) + 1);
        return codes + (doubleQuant ? nested : blocks * format.scaleBytes());
    }

    /// Bits of one weight, its share of the scales included.
    public double bitsPerElement() {
        return doubleQuant
                ? 8.0 * format.codeBytes(format.blockSize()) / format.blockSize()
                        + (8 + 32.0 / NestedScales.BLOCK) / format.blockSize()
                : format.bitsPerElement();
    }
}
