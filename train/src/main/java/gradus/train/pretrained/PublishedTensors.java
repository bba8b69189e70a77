package gradus.train.pretrained;

import gradus.error.CheckpointMismatchException;
import gradus.layers.Layer;
import gradus.layers.Linear;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import gradus.train.checkpoint.TensorSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.SequencedSet;

/// The tensors of a file as a model names and lays them out.
final class PublishedTensors implements TensorSource {
    private static final String WEIGHT = ".weight";

    private final TensorSource source; // null where there is none
    private final PublishedModel model;
    private final SequencedMap<String, String> fileNames = new LinkedHashMap<>(); // by own name

    PublishedTensors(TensorSource source, PublishedModel model) {
        this.source = source;
        this.model = model;
        for (String fileName : source.names()) {
            String own = model.ownName(fileName);
            if (own != null && fileNames.putIfAbsent(own, fileName) != null) {
                throw new CheckpointMismatchException(
                        "%s: %s and %s are both %s".formatted(source.origin(), fileNames.get(own), fileName, own));
            }
        }
    }

    /// Of a model that is built from its config.json alone.
    static PublishedTensors absent(PublishedModel model) {
        return new PublishedTensors(model);
    }

    private PublishedTensors(PublishedModel model) {
        this.source = null;
        this.model = model;
    }

    /// Refuses the file unless a tensor is there in this shape.
    void require(String name, long... shape) {
        if (source == null) {
            return;
        }
        if (!Arrays.equals(shape(name), shape)) {
            throw new CheckpointMismatchException("%s: %s has shape %s; config.json makes it %s"
                    .formatted(source.origin(), name, Arrays.toString(shape(name)), Arrays.toString(shape)));
        }
    }

    /// Refuses a shared tensor that is stored once more with other numbers. // BAD-INPUT 137
    void requireTied() {
        model.tied(source).forEach((fileName, own) -> {
            if (source.names().contains(fileName)
                    && !Arrays.equals(source.read(fileName).toArray(), read(own).toArray())) {
                throw new CheckpointMismatchException("%s: %s must equal %s, with which the model shares it"
                        .formatted(source.origin(), fileName, fileNames.get(own)));
            }
        });
    }

    private String fileName(String own) {
        String fileName = fileNames.get(own);
        if (fileName == null) {
            throw new CheckpointMismatchException("%s: has no tensor %s".formatted(source.origin(), own));
        }
        return fileName;
    }

    @Override
    public String origin() {
        return source.origin();
    }

    @Override
    public SequencedSet<String> names() {
        return Collections.unmodifiableSequencedSet(fileNames.sequencedKeySet());
    }

    /// Whether the file holds a tensor transposed. Matrices in 4 bits are stored upright in every kind of model.
    private boolean transposed(String own) {
        return model.transposed(own) && !isQuantized(own);
    }

    private boolean isQuantized(String own) {
        return source instanceof FourBitTensors fourBit && fourBit.quantized().contains(fileName(own));
    }

    /// Gives a model's linear layers their quantised weights.
    ///
    /// @return the tensors that are left
    /// @throws CheckpointMismatchException if a matrix is no linear layer's, or has another shape
    PublishedTensors quantize(Layer layer) {
        if (!(source instanceof FourBitTensors fourBit)) {
            return this;
        }
        SequencedMap<String, Linear> linears = layer.namedLayers(Linear.class);
        for (String own : names()) {
            if (isQuantized(own)) {
                Linear linear =
                        own.endsWith(WEIGHT) ? linears.get(own.substring(0, own.length() - WEIGHT.length())) : null;
                if (linear == null) {
                    throw new CheckpointMismatchException("%s: %s is in 4 bits; only linear layers' weights can be"
                            .formatted(origin(), fileName(own)));
                }
                require(own, linear.out(), linear.in());
                linear.quantize(fourBit.matrix(fileName(own)));
            }
        }
        return new PublishedTensors(fourBit.others(), model);
    }

    @Override
    public long[] shape(String name) {
        long[] shape = source.shape(fileName(name));
        return transposed(name) && shape.length == 2 ? new long[] {shape[1], shape[0]} : shape;
    }

    /// float32 whatever the file holds, which float64 is converted to.
    @Override
    public DType dtype(String name) {
        source.dtype(fileName(name)); // refuses what are no real numbers
        return DType.FLOAT32;
    }

    @Override
    public Tensor read(String name) {
        Tensor stored = source.read(fileName(name));
        Tensor tensor = stored.dtype() == DType.FLOAT32 ? stored : stored.to(DType.FLOAT32);
        return transposed(name) && tensor.rank() == 2 ? tensor.transpose(0, 1) : tensor;
    }
}
