package gradus.train.checkpoint;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.SequencedSet;
import onnx.Onnx;
import org.nd4j.shade.protobuf.InvalidProtocolBufferException;

/// The weights in an ONNX file that PyTorch exported; the graph itself is not run. Tensors keep the names
/// they had in PyTorch, except the matrices of linear layers: those are stored (in, out) under a number, and
/// named here after the node that multiplies by them: `/encoder/layer.0/output/dense/MatMul` makes
/// `encoder.layer.0.output.dense.weight`, which is read (out, in) like every other. The whole file stays in
/// memory while this object lives.
public final class OnnxWeights implements TensorSource {
    private static final String PRODUCT = "/MatMul";
    private static final int HIGHEST_RANK = 32; // ND4J's

    private final String origin;
    private final SequencedMap<String, Stored> tensors = new LinkedHashMap<>();

    /// A tensor of the file.
    ///
    /// @param transposed whether it is stored (in, out)
    private record Stored(Onnx.TensorProto proto, ElementType type, boolean transposed) {}

    private OnnxWeights(String origin) {
        this.origin = origin;
    }

    /// Reads a file.
    ///
    /// @throws gradus.error.DataException if there is no such file
    /// @throws CorruptCheckpointException if it is not a sound ONNX file
    public static OnnxWeights open(Path file) {
        MappedFile.size(file);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return read(in, file.toString());
        } catch (IOException failure) {
            throw new ResourceException("%s: cannot be read: %s".formatted(file, FileReason.of(failure)), failure);
        }
    }

    /// Reads an ONNX file from wherever it is, as a resource of a jar.
    ///
    /// @param origin what messages call it
    /// @throws CorruptCheckpointException if it is not a sound ONNX file
    public static OnnxWeights read(InputStream in, String origin) {
        OnnxWeights weights = new OnnxWeights(origin);
        weights.index(parse(in, origin).getGraph());
        return weights;
    }

    private static Onnx.ModelProto parse(InputStream in, String origin) {
        try {
            return Onnx.ModelProto.parseFrom(in);
        } catch (InvalidProtocolBufferException notOnnx) {
            throw new CorruptCheckpointException(origin + ": is no ONNX file, or a damaged one", notOnnx);
        } catch (IOException failure) {
            throw new ResourceException("%s: cannot be read: %s".formatted(origin, FileReason.of(failure)), failure);
        } catch (RuntimeException damaged) { // the parser trusts some lengths and tags
            throw new CorruptCheckpointException(origin + ": is no ONNX file, or a damaged one", damaged);
        }
    }

    private void index(Onnx.GraphProto graph) {
        SequencedMap<String, Onnx.TensorProto> stored = new LinkedHashMap<>();
        for (Onnx.TensorProto tensor : graph.getInitializerList()) {
            require(stored.put(tensor.getName(), tensor) == null, "two tensors go by the name %s", tensor.getName());
        }
        SequencedMap<String, String> matrices = new LinkedHashMap<>(); // stored name → the layer's
        for (Onnx.NodeProto node : graph.getNodeList()) {
            boolean linear = node.getOpType().equals("MatMul")
                    && node.getInputCount() == 2
                    && node.getName().endsWith(PRODUCT)
                    && stored.containsKey(node.getInput(1));
            if (linear) {
                String path = node.getName().substring(0, node.getName().length() - PRODUCT.length());
                matrices.put(node.getInput(1), path.replaceFirst("^/", "").replace('/', '.') + ".weight");
            }
        }
        stored.forEach((name, tensor) -> {
            ElementType type = type(tensor.getDataType());
            if (type != null && !tensor.getDimsList().contains(0L)) { // empty ones stand for inputs left out
                requireSound(name, tensor, type);
                boolean matrix = matrices.containsKey(name) && tensor.getDimsCount() == 2;
                String own = matrix ? matrices.get(name) : name;
                require(tensors.put(own, new Stored(tensor, type, matrix)) == null, "two tensors are %s", own);
            }
        });
        require(!tensors.isEmpty(), "holds no weights");
    }

    /// The types of ONNX that tensors can hold, else null: whole numbers are constants of the graph.
    private static ElementType type(int number) {
        return switch (number) {
            case Onnx.TensorProto.DataType.FLOAT_VALUE -> ElementType.F32;
            case Onnx.TensorProto.DataType.DOUBLE_VALUE -> ElementType.F64;
            case Onnx.TensorProto.DataType.FLOAT16_VALUE -> ElementType.F16;
            case Onnx.TensorProto.DataType.BFLOAT16_VALUE -> ElementType.BF16;
            default -> null;
        };
    }

    private void requireSound(String name, Onnx.TensorProto tensor, ElementType type) {
        require(
                tensor.getDataLocation() == Onnx.TensorProto.DataLocation.DEFAULT,
                "tensor %s lies in another file, which is not read",
                name);
        require(
                tensor.getDimsCount() <= HIGHEST_RANK,
                "tensor %s has rank %s; at most %s is read",
                name,
                tensor.getDimsCount(),
                HIGHEST_RANK);
        long bytes = type.bits / 8;
        try {
            for (long dim : tensor.getDimsList()) {
                require(dim >= 1, "tensor %s has shape %s", name, tensor.getDimsList());
                bytes = Math.multiplyExact(bytes, dim);
            }
        } catch (ArithmeticException overflow) {
            bytes = -1;
        }
        require(
                bytes == tensor.getRawData().size(),
                "tensor %s of shape %s and type %s has %s bytes of raw data",
                name,
                tensor.getDimsList(),
                type,
                tensor.getRawData().size());
    }

    private void require(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw new CorruptCheckpointException(origin + ": " + String.format(Locale.ROOT, message, arguments));
        }
    }

    @Override
    public String origin() {
        return origin;
    }

    @Override
    public SequencedSet<String> names() {
        return Collections.unmodifiableSequencedSet(tensors.sequencedKeySet());
    }

    private Stored stored(String name) {
        Stored stored = tensors.get(name);
        if (stored == null) {
            throw new CheckpointMismatchException("%s: has no tensor %s".formatted(origin, name));
        }
        return stored;
    }

    @Override
    public long[] shape(String name) {
        Stored stored = stored(name);
        long[] dims =
                stored.proto.getDimsList().stream().mapToLong(Long::longValue).toArray();
        return stored.transposed ? new long[] {dims[1], dims[0]} : dims;
    }

    @Override
    public DType dtype(String name) {
        return stored(name).type == ElementType.F64 ? DType.FLOAT64 : DType.FLOAT32;
    }

    @Override
    public Tensor read(String name) {
        Stored stored = stored(name);
        int[] dims = Arrays.stream(shape(name)).mapToInt(Math::toIntExact).toArray();
        MemorySegment bytes = MemorySegment.ofBuffer(stored.proto.getRawData().asReadOnlyByteBuffer());
        int[] own = stored.transposed ? new int[] {dims[1], dims[0]} : dims;
        Tensor tensor = stored.type == ElementType.F64
                ? Tensor.of(stored.type.doubles(bytes), own)
                : Tensor.of(stored.type.floats(bytes), own);
        return stored.transposed ? tensor.transpose(0, 1) : tensor; // (out, in)
    }
}
