package gradus.train.pretrained;

import gradus.error.CheckpointMismatchException;
import gradus.tensor.quant.DynamicMap;
import gradus.tensor.quant.FloatScales;
import gradus.tensor.quant.NestedScales;
import gradus.tensor.quant.Nf4;
import gradus.tensor.quant.QuantizedMatrix;
import gradus.tokenizer.json.KnownKeys;
import gradus.train.checkpoint.ElementType;
import gradus.train.checkpoint.RawTensor;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.SequencedMap;
import tools.jackson.databind.node.ObjectNode;

/// How bitsandbytes lays a matrix X in 4 bits out over several tensors of a file, and tells of it in config.json:
/// ```
/// X                                    U8 (⌈n/2⌉, 1)    codes, the first of two in the high half of a byte
/// X.absmax                             F32 (⌈n/64⌉)     scales; U8 where they are quantised too
/// X.quant_map                          F32 (16)         the levels
/// X.nested_absmax                      F32 (⌈n/64/256⌉) scales of the scales
/// X.nested_quant_map                   F32 (256)        their levels
/// X.quant_state.bitsandbytes__nf4      U8               JSON: the shape, and the mean of the scales
/// ```
/// [FourBitTensors] reads it. Sources: bitsandbytes-foundation/bitsandbytes, `bitsandbytes/functional.py`,
/// `QuantState.as_dict`; huggingface/transformers, `utils/quantization_config.py`.
final class BitsAndBytes {
    /// What is added to a matrix's name.
    static final String STATE = ".quant_state.bitsandbytes__";

    static final String ABSMAX = ".absmax";
    static final String MAP = ".quant_map";
    static final String NESTED_ABSMAX = ".nested_absmax";
    static final String NESTED_MAP = ".nested_quant_map";

    /// The field of config.json.
    static final String CONFIG = "quantization_config";

    /// Every key that the field may have.
    private static final KnownKeys KEYS = KnownKeys.of(CONFIG)
            .only("quant_method", "weights quantised by others are not read", "bitsandbytes")
            .obeyed("load_in_4bit", "_load_in_4bit", "bnb_4bit_quant_type")
            .only("load_in_8bit", "weights in 8 bits are not read", false)
            .only("_load_in_8bit", "weights in 8 bits are not read", false)
            .only("bnb_4bit_quant_storage", "codes are bytes", "uint8")
            .harmless("numbers are computed in float32", "bnb_4bit_compute_dtype")
            .harmless("each tensor says it of itself", "bnb_4bit_use_double_quant", "llm_int8_skip_modules")
            .harmless(
                    "of weights in 8 bits",
                    "llm_int8_threshold",
                    "llm_int8_enable_fp32_cpu_offload",
                    "llm_int8_has_fp16_weight");

    private BitsAndBytes() {}

    // --- config.json

    /// Whether a config.json says that linear layers are in 4 bits.
    ///
    /// @throws CheckpointMismatchException if it says that they are quantised in another way
    static boolean isTold(ModelConfigJson config) {
        ModelConfigJson told = config.object(CONFIG);
        if (told == null) {
            return false;
        }
        told.require(KEYS);
        boolean four = told.flag("load_in_4bit", told.flag("_load_in_4bit", false));
        if (!four || !told.says("quant_method")) {
            throw config.mismatch(CONFIG + ": only bitsandbytes with load_in_4bit is read");
        }
        told.requireOnly(
                "bnb_4bit_quant_type", told.text("bnb_4bit_quant_type", "fp4").equals("nf4"));
        return true;
    }

    /// Tells it, in the words of transformers.
    static void tell(ObjectNode config, boolean doubleQuant) {
        ObjectNode told = config.putObject(CONFIG);
        told.put("_load_in_4bit", true).put("_load_in_8bit", false);
        told.put("bnb_4bit_compute_dtype", "float32");
        told.put("bnb_4bit_quant_storage", "uint8");
        told.put("bnb_4bit_quant_type", "nf4");
        told.put("bnb_4bit_use_double_quant", doubleQuant);
        told.put("llm_int8_enable_fp32_cpu_offload", false);
        told.put("llm_int8_has_fp16_weight", false);
        told.putNull("llm_int8_skip_modules");
        told.put("llm_int8_threshold", 6.0);
        told.put("load_in_4bit", true).put("load_in_8bit", false);
        told.put("quant_method", "bitsandbytes");
    }

    // --- writing

    /// Adds the tensors that make a matrix.
    ///
    /// @throws CheckpointMismatchException if the matrix is in another format than NF4
    static void put(SequencedMap<String, RawTensor> tensors, String name, QuantizedMatrix matrix) {
        if (!(matrix.format() instanceof Nf4)) {
            throw new CheckpointMismatchException(
                    "%s: is in %s; a Hugging Face folder takes nf4; dequantise the model first"
                            .formatted(name, matrix.format().name()));
        }
        byte[] codes = matrix.codes().toArray(ValueLayout.JAVA_BYTE);
        tensors.put(name, raw(codes, codes.length, 1));
        String state = "{\"quant_type\": \"nf4\", \"blocksize\": 64, \"dtype\": \"float32\", \"shape\": [%s, %s]"
                .formatted(matrix.rows(), matrix.columns());
        switch (matrix.scales()) {
            case FloatScales plain -> tensors.put(name + ABSMAX, raw(plain.values()));
            case NestedScales nested -> {
                tensors.put(name + ABSMAX, raw(nested.codes(), nested.codes().length));
                tensors.put(name + NESTED_ABSMAX, raw(nested.absmax()));
                tensors.put(name + NESTED_MAP, raw(DynamicMap.levels()));
                state += ", \"nested_blocksize\": 256, \"nested_dtype\": \"float32\", \"nested_offset\": "
                        + python(nested.offset());
            }
            default -> throw new AssertionError(matrix);
        }
        tensors.put(name + MAP, raw(Nf4.levels()));
        byte[] json = (state + "}").getBytes(StandardCharsets.UTF_8);
        tensors.put(name + STATE + "nf4", raw(json, json.length));
    }

    private static RawTensor raw(byte[] bytes, long... shape) {
        return new RawTensor(ElementType.U8, shape, ByteBuffer.wrap(bytes));
    }

    private static RawTensor raw(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return new RawTensor(ElementType.F32, new long[] {values.length}, bytes);
    }

    /// A number as Python prints it: the fewest digits that give it back, with an exponent below 1e-4 and
    /// from 1e16.
    static String python(double number) {
        BigDecimal decimal = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        int exponent = decimal.precision() - decimal.scale() - 1;
        if (number == 0 || exponent >= -4 && exponent < 16) {
            String plain = decimal.toPlainString();
            return plain.contains(".") ? plain : plain + ".0";
        }
        String digits = decimal.unscaledValue().abs().toString();
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return String.format(
                Locale.ROOT,
                "%s%se%s%02d",
                number < 0 ? "-" : "",
                mantissa,
                exponent < 0 ? "-" : "+",
                Math.abs(exponent));
    }
}
