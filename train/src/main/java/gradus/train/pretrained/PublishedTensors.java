package gradus.train.pretrained;

import gradus.error.CheckpointMismatchException;
import gradus.tensor.DType;
import gradus.tensor.Tensor;
import gradus.train.checkpoint.TensorSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.SequencedSet;

/// The tensors of a file as a model names and lays them out.
final class PublishedTensors implements TensorSource {
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

    @Override
    public long[] shape(String name) {
        long[] shape = source.shape(fileName(name));
        return model.transposed(name) && shape.length == 2 ? new long[] {shape[1], shape[0]} : shape;
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
        return model.transposed(name) && tensor.rank() == 2 ? tensor.transpose(0, 1) : tensor;
    }
}
