package gradus.train.pretrained;

import gradus.error.CheckpointMismatchException;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.LlamaConfig;
import gradus.layers.model.RmsDecoder;
import gradus.tensor.DType;
import gradus.tensor.Tensor;
import gradus.train.checkpoint.Gguf;
import gradus.train.checkpoint.TensorSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.TreeSet;

/// The tensors of a GGUF file as a model names and lays them out.
final class GgufTensors implements TensorSource {
    private final Gguf file;
    private final GgufNames names;
    private final LanguageModel model;
    private final SequencedMap<String, String> fileNames = new LinkedHashMap<>(); // by own name; strangers by theirs

    GgufTensors(Gguf file, GgufNames names, LanguageModel model) {
        this.file = file;
        this.names = names;
        this.model = model;
        TreeSet<String> strangers = new TreeSet<>(file.names());
        for (String own : model.namedParameters().keySet()) {
            String fileName = names.fileName(own);
            if (strangers.remove(fileName)) {
                fileNames.put(own, fileName);
            }
        }
        if (names == GgufNames.GPT2) {
            strangers.remove("output.weight"); // the token table once more
        }
        strangers.forEach(name -> fileNames.put(name, name));
    }

    /// Refuses the file unless a tensor is there in this shape.
    static void require(Gguf file, String name, long... shape) {
        if (!Arrays.equals(file.shape(name), shape)) {
            throw new CheckpointMismatchException("%s: %s has shape %s; the keys make it %s"
                    .formatted(file.origin(), name, Arrays.toString(file.shape(name)), Arrays.toString(shape)));
        }
    }

    @Override
    public String origin() {
        return file.origin();
    }

    @Override
    public SequencedSet<String> names() {
        return fileNames.sequencedKeySet();
    }

    @Override
    public long[] shape(String name) {
        return file.shape(fileNames.get(name));
    }

    @Override
    public DType dtype(String name) {
        return file.dtype(fileNames.get(name));
    }

    @Override
    public Tensor read(String name) {
        Tensor tensor = file.read(fileNames.get(name));
        if (!names.exchanged(name)) {
            return tensor;
        }
        LlamaConfig config = ((RmsDecoder) model).config();
        return GgufNames.toHalves(tensor, name.contains(".q_proj.") ? config.heads() : config.kvHeads());
    }
}
