package gradus.train.checkpoint;

import gradus.error.CorruptCheckpointException;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import tools.jackson.databind.JsonNode;

/// A large model's tensors over several safetensors files, as `model.safetensors.index.json` lists them:
/// `{"metadata": {…}, "weight_map": {"name": "model-00001-of-00002.safetensors", …}}`.
///
/// Opening reads the index and the header of each file, and refuses an index that disagrees with them. The
/// total size in its metadata is not compared: published ones count shared tensors in both ways.
public final class ShardedSafetensors implements RawSource {
    /// The name that the index goes by.
    public static final String INDEX = "model.safetensors.index.json";

    private final Path index;
    private final SequencedMap<String, Safetensors> fileOf = new LinkedHashMap<>();

    private ShardedSafetensors(Path index) {
        this.index = index;
    }

    /// Opens an index and the files beside it that it names.
    ///
    /// @throws gradus.error.DataException if a file is missing
    /// @throws CorruptCheckpointException if the index or a file is not sound, or they disagree
    public static ShardedSafetensors open(Path index) {
        ShardedSafetensors sharded = new ShardedSafetensors(index);
        sharded.read();
        return sharded;
    }

    private void read() {
        JsonNode map = CheckpointJson.read(index).get("weight_map");
        require(map != null && map.isObject() && !map.isEmpty(), "weight_map must be an object of names and files");
        Map<String, Safetensors> files = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> listed : map.properties()) {
            String name = listed.getKey();
            require(listed.getValue().isString(), "weight_map: the file of %s must be a string", name);
            Safetensors shard = files.computeIfAbsent(listed.getValue().stringValue(), this::openShard);
            require(shard.names().contains(name), "says that %s is in %s; it is not", name, shard.origin());
            fileOf.put(name, shard);
        }
        for (Safetensors shard : files.values()) {
            for (String name : shard.names()) {
                require(fileOf.get(name) == shard, "does not list %s of %s", name, shard.origin());
            }
        }
    }

    private Safetensors openShard(String name) {
        boolean plain = !name.isEmpty()
                && name.indexOf('\0') < 0
                && !name.contains("/")
                && !name.contains("\\")
                && !name.contains("..")
                && !name.contains(":");
        require(plain, "\"%s\" must be the name of a file beside the index", name);
        try {
            return Safetensors.open(index.resolveSibling(name)); // links are followed: hub caches lay them
        } catch (InvalidPathException noName) {
            throw new CorruptCheckpointException(
                    "%s: \"%s\" can be the name of no file".formatted(index, name), noName);
        }
    }

    private void require(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw new CorruptCheckpointException(index + ": " + String.format(Locale.ROOT, message, arguments));
        }
    }

    @Override
    public String origin() {
        return index.toString();
    }

    @Override
    public SequencedSet<String> names() {
        return Collections.unmodifiableSequencedSet(fileOf.sequencedKeySet());
    }

    private Safetensors file(String name) {
        return fileOf.getOrDefault(name, fileOf.firstEntry().getValue()); // which then says that it has no such tensor
    }

    @Override
    public long[] shape(String name) {
        return file(name).shape(name);
    }

    @Override
    public DType dtype(String name) {
        return file(name).dtype(name);
    }

    @Override
    public ElementType type(String name) {
        return file(name).type(name);
    }

    @Override
    public byte[] bytes(String name) {
        return file(name).bytes(name);
    }

    @Override
    public Tensor read(String name) {
        return file(name).read(name);
    }
}
