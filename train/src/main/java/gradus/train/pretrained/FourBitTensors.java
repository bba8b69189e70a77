package gradus.train.pretrained;

import static gradus.train.pretrained.BitsAndBytes.ABSMAX;
import static gradus.train.pretrained.BitsAndBytes.MAP;
import static gradus.train.pretrained.BitsAndBytes.NESTED_ABSMAX;
import static gradus.train.pretrained.BitsAndBytes.NESTED_MAP;
import static gradus.train.pretrained.BitsAndBytes.STATE;

import gradus.error.CorruptCheckpointException;
import gradus.tensor.Tensor;
import gradus.tensor.quant.DynamicMap;
import gradus.tensor.quant.FloatScales;
import gradus.tensor.quant.NestedScales;
import gradus.tensor.quant.Nf4;
import gradus.tensor.quant.QuantizedMatrix;
import gradus.tensor.quant.Scales;
import gradus.tensor.type.DType;
import gradus.tokenizer.json.KnownKeys;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.checkpoint.ElementType;
import gradus.train.checkpoint.RawSource;
import gradus.train.checkpoint.TensorSource;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;

/// The tensors of a file of which some are matrices in 4 bits, laid out as [BitsAndBytes] says: each such
/// matrix is seen as one tensor, and its parts are not seen. What its state says is checked when the file is
/// opened.
final class FourBitTensors implements TensorSource {
    private static final int NESTED_BLOCK = 256;

    /// Levels are compared up to a few roundings: files by other versions of PyTorch may differ in the last bits.
    private static final double SAME = 0x1p-22;

    private static final KnownKeys KEYS = KnownKeys.of("a quant_state")
            .obeyed("quant_type", "blocksize", "shape")
            .obeyed("nested_blocksize", "nested_dtype", "nested_offset")
            .harmless("numbers are computed in float32", "dtype");

    private final RawSource source;
    private final SequencedSet<String> names;
    private final SequencedMap<String, State> states = new LinkedHashMap<>();

    /// What a matrix's state says.
    ///
    /// @param nested whether its scales are quantised
    /// @param offset their mean, if so
    private record State(int rows, int columns, boolean nested, float offset) {
        int blocks() {
            return (rows * columns + Nf4.BLOCK - 1) / Nf4.BLOCK;
        }
    }

    FourBitTensors(RawSource source) {
        this.source = source;
        Set<String> parts = new HashSet<>();
        for (String name : source.names()) {
            int at = name.indexOf(STATE);
            if (at >= 0) {
                String matrix = name.substring(0, at);
                states.put(matrix, state(matrix, name));
                parts.add(name);
                parts.addAll(parts(matrix));
            }
        }
        names = new LinkedHashSet<>(source.names());
        names.removeAll(parts);
    }

    private Set<String> parts(String matrix) {
        return states.get(matrix).nested
                ? Set.of(matrix + ABSMAX, matrix + MAP, matrix + NESTED_ABSMAX, matrix + NESTED_MAP)
                : Set.of(matrix + ABSMAX, matrix + MAP);
    }

    // --- opening

    private State state(String matrix, String name) {
        require(name.equals(matrix + STATE + "nf4"), "%s: only bitsandbytes__nf4 is read", name);
        require(source.type(name) == ElementType.U8, "%s must be U8; got %s", name, source.type(name));
        Path file = Path.of(source.origin());
        ModelConfigJson json =
                new ModelConfigJson(file, name + ": ", CheckpointJson.parse(file, name, source.bytes(name)));
        json.require(KEYS);
        json.requireOnly("quant_type", json.text("quant_type", "").equals("nf4"));
        json.requireOnly("blocksize", json.size("blocksize") == Nf4.BLOCK);
        double[] shape = json.numbers("shape").stream().mapToDouble(dim -> dim).toArray();
        boolean sound = shape.length == 2
                && Arrays.stream(shape).allMatch(dim -> dim >= 1 && dim == Math.rint(dim))
                && shape[0] * shape[1] <= Integer.MAX_VALUE - 8;
        json.requireOnly("shape", sound);
        boolean nested = json.says("nested_offset");
        if (nested) {
            json.requireOnly("nested_blocksize", json.size("nested_blocksize") == NESTED_BLOCK);
            json.requireOnly("nested_dtype", json.text("nested_dtype", "").equals("float32"));
        }
        float offset = nested ? (float) json.number("nested_offset") : 0;
        require(Float.isFinite(offset), "%s: nested_offset must be a finite float32; got %s", name, offset);
        State state = new State((int) shape[0], (int) shape[1], nested, offset);
        int count = state.rows * state.columns;
        requirePart(matrix, ElementType.U8, (count + 1L) / 2, 1);
        requirePart(matrix + ABSMAX, nested ? ElementType.U8 : ElementType.F32, state.blocks());
        requirePart(matrix + MAP, ElementType.F32, 16);
        if (nested) {
            int blocks = (state.blocks() + NESTED_BLOCK - 1) / NESTED_BLOCK;
            requirePart(matrix + NESTED_ABSMAX, ElementType.F32, blocks);
            requirePart(matrix + NESTED_MAP, ElementType.F32, NESTED_BLOCK);
        }
        return state;
    }

    private void requirePart(String name, ElementType type, long... shape) {
        boolean there = source.names().contains(name);
        boolean fits = there && source.type(name) == type && Arrays.equals(source.shape(name), shape);
        require(
                fits,
                "%s must be %s %s; got %s",
                name,
                type,
                Arrays.toString(shape),
                there ? source.type(name) + " " + Arrays.toString(source.shape(name)) : "none");
    }

    private void require(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw new CorruptCheckpointException(
                    source.origin() + ": " + String.format(Locale.ROOT, message, arguments));
        }
    }

    // --- quantised matrices

    /// The names of the matrices in 4 bits.
    Set<String> quantized() {
        return Collections.unmodifiableSet(states.keySet());
    }

    /// One of them, its codes outside the heap.
    ///
    /// @throws CorruptCheckpointException if its levels are not those of NF4, or a scale is not finite
    QuantizedMatrix matrix(String name) {
        State state = states.get(name);
        requireLevels(name + MAP, Nf4.levels());
        if (state.nested) {
            requireLevels(name + NESTED_MAP, DynamicMap.levels());
        }
        Scales scales = state.nested
                ? new NestedScales(source.bytes(name + ABSMAX), floats(name + NESTED_ABSMAX), state.offset)
                : new FloatScales(floats(name + ABSMAX));
        MemorySegment codes = MemorySegment.ofArray(source.bytes(name));
        return new QuantizedMatrix(state.rows, state.columns, new Nf4(), codes, scales).offHeap();
    }

    private void requireLevels(String name, float[] expected) {
        float[] levels = floats(name);
        for (int i = 0; i < expected.length; i++) {
            require(
                    Math.abs(levels[i] - expected[i]) <= SAME * Math.abs(expected[i]),
                    "%s: level %d must be %s; got %s",
                    name,
                    i,
                    expected[i],
                    levels[i]);
        }
    }

    private float[] floats(String name) {
        ByteBuffer bytes = ByteBuffer.wrap(source.bytes(name)).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[bytes.remaining() / Float.BYTES];
        for (int i = 0; i < values.length; i++) {
            values[i] = bytes.getFloat();
            require(Float.isFinite(values[i]), "%s: element %d is %s", name, i, values[i]);
        }
        return values;
    }

    /// The tensors that are not quantised.
    TensorSource others() {
        return new Others();
    }

    private final class Others implements TensorSource {
        @Override
        public String origin() {
            return source.origin();
        }

        @Override
        public SequencedSet<String> names() {
            SequencedSet<String> others = new LinkedHashSet<>(names);
            others.removeAll(states.keySet());
            return others;
        }

        @Override
        public long[] shape(String name) {
            return source.shape(name);
        }

        @Override
        public DType dtype(String name) {
            return source.dtype(name);
        }

        @Override
        public Tensor read(String name) {
            return source.read(name);
        }
    }

    // --- all tensors

    @Override
    public String origin() {
        return source.origin();
    }

    @Override
    public SequencedSet<String> names() {
        return Collections.unmodifiableSequencedSet(names);
    }

    @Override
    public long[] shape(String name) {
        State state = states.get(name);
        return state == null ? source.shape(name) : new long[] {state.rows, state.columns};
    }

    @Override
    public DType dtype(String name) {
        return states.containsKey(name) ? DType.FLOAT32 : source.dtype(name);
    }

    @Override
    public Tensor read(String name) {
        return states.containsKey(name) ? Tensor.of(matrix(name)) : source.read(name);
    }
}
