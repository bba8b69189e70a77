package gradus.train.pretrained.gguf;

import gradus.layers.Layer;
import gradus.layers.model.RmsDecoder;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import gradus.train.checkpoint.Gguf;
import gradus.train.checkpoint.TensorSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeSet;

/// The tensors of a GGUF file as a model names and lays them out.
final class GgufTensors implements TensorSource {
    private final Gguf file;
    private final GgufNames names;
    private final Layer model;
    private final SequencedMap<String, Place> places = new LinkedHashMap<>(); // by own name; strangers by theirs

    /// Where a tensor lies.
    ///
    /// @param expert which of those that share the file's tensor, or -1
    private record Place(String fileName, int expert) {}

    /// @param ignored tensors of the file that the model holds in another way, or twice
    GgufTensors(Gguf file, GgufNames names, Layer model, Set<String> ignored) {
        this.file = file;
        this.names = names;
        this.model = model;
        TreeSet<String> strangers = new TreeSet<>(file.names());
        strangers.removeAll(ignored);
        strangers.removeIf(name -> GgufRope.isTensor(names, name));
        for (String own : model.namedParameters().keySet()) {
            String fileName = names.fileName(own);
            int expert = GgufNames.expert(own);
            if (expert >= 0 && !file.names().contains(fileName)) {
                fileName = GgufNames.unmerged(fileName, expert);
                expert = -1;
            }
            if (file.names().contains(fileName)) {
                places.put(own, new Place(fileName, expert));
                strangers.remove(fileName);
            }
        }
        strangers.forEach(name -> places.put(name, new Place(name, -1)));
    }

    @Override
    public String origin() {
        return file.origin();
    }

    @Override
    public SequencedSet<String> names() {
        return places.sequencedKeySet();
    }

    @Override
    public long[] shape(String name) {
        Place place = places.get(name);
        long[] shape = file.shape(place.fileName);
        return place.expert < 0 ? shape : Arrays.copyOfRange(shape, 1, shape.length);
    }

    @Override
    public DType dtype(String name) {
        return file.dtype(places.get(name).fileName);
    }

    @Override
    public Tensor read(String name) {
        Place place = places.get(name);
        if (place.expert >= 0) {
            return file.read(place.fileName, place.expert);
        }
        Tensor tensor = file.read(place.fileName);
        if (!names.exchanged(name)) {
            return tensor;
        }
        LlamaConfig config = ((RmsDecoder) model).config();
        return GgufNames.toHalves(tensor, name.contains(".q_proj.") ? config.heads() : config.kvHeads());
    }
}
