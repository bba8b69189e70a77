package gradus.train.checkpoint;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.error.DataException;
import gradus.error.Printable;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/// A model in one file of the format of llama.cpp, versions 2 and 3: its configuration and tokenizer as keys and
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
    /// @throws CheckpointMismatchException if it is one of a version, byte order or element type that is not read
    public static Gguf open(Path file) {
        long size = MappedFile.size(file);
        return new Gguf(file, MappedFile.look(file, 0, size, memory -> GgufHeader.parse(file, memory)));
    }

    // --- keys

    public boolean has(String key) {
        return header.metadata().containsKey(key);
    }

    /// Every key with its value: a Long (a BigInteger from 2⁶³), a Double, a Boolean, a String, [GgufNumbers] or a
    /// list of strings.
    public Map<String, Object> metadata() {
        return Collections.unmodifiableMap(header.metadata());
    }

    /// A whole number from 1 that fits an int.
    ///
    /// @throws CheckpointMismatchException if there is no such key
    /// @throws CorruptCheckpointException  if it is none
    public int size(String key) {
        return whole(key, 1);
    }

    /// A whole number from `least` that fits an int.
    public int whole(String key, int least) {
        Object value = required(key);
        if (value instanceof Long whole && whole >= least && whole <= Integer.MAX_VALUE) {
            return whole.intValue();
        }
        throw wrong(key, "a whole number from " + least, value);
    }

    /// A number that is finite. Those that the file holds as float32 come as the decimal that was meant: 1e-5, and
    /// not 9.999999747378752e-6.
    public double number(String key) {
        Object value = required(key);
        if (value instanceof Double number && Double.isFinite(number)) {
            return number;
        }
        throw wrong(key, "a finite floating-point number", value);
    }

    /// True or false.
    public boolean flag(String key) {
        Object value = required(key);
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrong(key, "true or false", value);
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

    /// A list of so many whole numbers.
    public long[] wholes(String key, int count) {
        GgufNumbers numbers = numbers(key);
        if (!numbers.areWhole() || numbers.size() != count) { // BAD-INPUT 87
            throw wrong(key, "an array of " + count + " whole numbers", numbers);
        }
        long[] wholes = new long[count];
        Arrays.setAll(wholes, numbers::whole);
        return wholes;
    }

    /// A list of numbers, as the file holds them.
    public GgufNumbers numbers(String key) {
        Object value = required(key);
        if (value instanceof GgufNumbers numbers) {
            return numbers;
        }
        throw wrong(key, "an array of numbers", value);
    }

    private Object required(String key) {
        Object value = header.metadata().get(key);
        if (value == null) {
            throw new CheckpointMismatchException("%s: has no key %s".formatted(file, Printable.value(key)));
        }
        return value;
    }

    private CorruptCheckpointException wrong(String key, String expected, Object value) {
        Object shown = value instanceof List<?> texts ? "an array of " + texts.size() + " strings" : value;
        return new CorruptCheckpointException(
                "%s: %s must be %s; got %s".formatted(file, Printable.value(key), expected, Printable.value(shown)));
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
            throw new CheckpointMismatchException("%s: has no tensor %s".formatted(file, Printable.value(name)));
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
        if (!entry(name).type().isReal()) {
            throw new CheckpointMismatchException("%s: tensor %s is %s; a weight must be a real number"
                    .formatted(file, Printable.value(name), entry(name).type()));
        }
        return DType.FLOAT32;
    }

    @Override
    public Tensor read(String name) {
        GgufHeader.Entry entry = entry(name);
        return read(name, entry.shape(), entry.begin(), entry.bytes());
    }

    /// One of the tensors that lie in one along its first axis, as experts do.
    ///
    /// @param index of the first axis
    public Tensor read(String name, int index) {
        GgufHeader.Entry entry = entry(name);
        long[] shape = Arrays.copyOfRange(entry.shape(), 1, entry.shape().length);
        if (shape.length == 0 || index < 0 || index >= entry.shape()[0]) {
            throw new CheckpointMismatchException("%s: tensor %s of shape %s has no part %s"
                    .formatted(file, Printable.value(name), Arrays.toString(entry.shape()), index));
        }
        long bytes = entry.bytes() / entry.shape()[0]; // rows are whole blocks
        return read(name, shape, entry.begin() + index * bytes, bytes);
    }

    private Tensor read(String name, long[] shape, long begin, long bytes) {
        dtype(name);
        GgufType type = entry(name).type();
        if (bytes / type.blockBytes > (Integer.MAX_VALUE - 8) / type.blockSize) {
            throw new CheckpointMismatchException("%s: tensor %s of shape %s is too large to read"
                    .formatted(file, Printable.value(name), Arrays.toString(shape)));
        }
        int[] dims = Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
        return Tensor.of(MappedFile.look(file, header.dataStart() + begin, bytes, type::decode), dims);
    }

    /// Whether two tensors are stored alike to the byte.
    public boolean same(String a, String b) {
        GgufHeader.Entry first = entry(a);
        GgufHeader.Entry second = entry(b);
        return first.type() == second.type()
                && Arrays.equals(first.shape(), second.shape())
                && MappedFile.look(
                        file,
                        header.dataStart() + first.begin(),
                        first.bytes(),
                        one -> MappedFile.look(
                                file,
                                header.dataStart() + second.begin(),
                                second.bytes(),
                                other -> one.mismatch(other) < 0));
    }
}
