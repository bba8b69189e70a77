package gradus.train.checkpoint;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.error.DataException;
import gradus.tensor.DType;
import gradus.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/// A model in one file of the format of llama.cpp, version 3: its configuration and tokenizer as keys and
/// values, and its tensors, perhaps quantised.
/// ```
/// "GGUF", u32 3, i64 tensors, i64 keys
/// keys        a name, a type, a value
/// tensors     a name, dimensions innermost first, a type, an offset into the data
/// the data    each tensor padded to a multiple of general.alignment, 32 unless it says otherwise
/// ```
/// Opening reads and checks what stands before the data; elements are mapped when they are asked for and
/// widened to float32. [GgufWriter] writes such files.
public final class Gguf implements TensorSource {
    private final Path file;
    private final GgufHeader header;

    private Gguf(Path file, GgufHeader header) {
        this.file = file;
        this.header = header;
    }

    /// Opens a file.
    ///
    /// @throws DataException              if there is no such file
    /// @throws CorruptCheckpointException if it is not a sound GGUF file
    public static Gguf open(Path file) {
        long size = MappedFile.size(file);
        return new Gguf(file, MappedFile.look(file, 0, size, memory -> GgufHeader.parse(file, memory)));
    }

    // --- keys

    public boolean has(String key) {
        return header.metadata().containsKey(key);
    }

    /// Every key with its value: a Long, a Double, a Boolean, a String, a `long[]`, a `double[]` or a list of
    /// strings.
    public Map<String, Object> metadata() {
        return Collections.unmodifiableMap(header.metadata());
    }

    /// A whole number from 1 that fits an int.
    ///
    /// @throws CorruptCheckpointException if it is none
    public int size(String key) {
        Object value = required(key);
        if (value instanceof Long size && size >= 1 && size <= Integer.MAX_VALUE) {
            return size.intValue();
        }
        throw wrong(key, "a whole number from 1", value);
    }

    /// A number.
    public double number(String key) {
        Object value = required(key);
        if (value instanceof Double number) {
            return number;
        }
        throw wrong(key, "a floating-point number", value);
    }

    /// A text.
    public String text(String key) {
        Object value = required(key);
        if (value instanceof String text) {
            return text;
        }
        throw wrong(key, "a string", value);
    }

    /// A list of texts.
    @SuppressWarnings("unchecked") // the header makes lists of strings only
    public List<String> texts(String key) {
        Object value = required(key);
        if (value instanceof List<?> texts) {
            return (List<String>) texts;
        }
        throw wrong(key, "an array of strings", value);
    }

    /// A list of whole numbers.
    public long[] wholes(String key) {
        Object value = required(key);
        if (value instanceof long[] wholes) {
            return wholes.clone();
        }
        throw wrong(key, "an array of whole numbers", value);
    }

    private Object required(String key) {
        Object value = header.metadata().get(key);
        if (value == null) {
            throw new CheckpointMismatchException("%s: has no key %s".formatted(file, key));
        }
        return value;
    }

    private CorruptCheckpointException wrong(String key, String expected, Object value) {
        String shown = value instanceof Number || value instanceof Boolean || value instanceof String
                ? String.valueOf(value)
                : "an array";
        return new CorruptCheckpointException("%s: %s must be %s; got %s".formatted(file, key, expected, shown));
    }

    // --- tensors

    @Override
    public String origin() {
        return file.toString();
    }

    @Override
    public SequencedSet<String> names() {
        return Collections.unmodifiableSequencedSet(header.tensors().sequencedKeySet());
    }

    private GgufHeader.Entry entry(String name) {
        GgufHeader.Entry entry = header.tensors().get(name);
        if (entry == null) {
            throw new CheckpointMismatchException("%s: has no tensor %s".formatted(file, name));
        }
        return entry;
    }

    /// The type that the file holds a tensor in.
    public GgufType type(String name) {
        return entry(name).type();
    }

    @Override
    public long[] shape(String name) {
        return entry(name).shape().clone();
    }

    @Override
    public DType dtype(String name) {
        entry(name);
        return DType.FLOAT32;
    }

    @Override
    public Tensor read(String name) {
        GgufHeader.Entry entry = entry(name);
        long elements = entry.bytes() / entry.type().blockBytes * entry.type().blockSize;
        if (elements > Integer.MAX_VALUE - 8) {
            throw new CheckpointMismatchException("%s: tensor %s of shape %s is too large to read"
                    .formatted(file, name, Arrays.toString(entry.shape())));
        }
        int[] dims = Arrays.stream(entry.shape()).mapToInt(Math::toIntExact).toArray();
        long begin = header.dataStart() + entry.begin();
        return Tensor.of(MappedFile.look(file, begin, entry.bytes(), entry.type()::decode), dims);
    }
}
