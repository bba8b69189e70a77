package gradus.train.finetune;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.layers.Layer;
import gradus.layers.adapter.Quantization;
import gradus.tensor.Tensor;
import gradus.tensor.quant.QuantizedMatrix;
import gradus.train.checkpoint.CheckpointJson;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a resume asks for besides the checkpoint. What of a model stays as it is while an adapter is trained,
/// by name, with shapes and the SHA-256 of the numbers: checkpoints of an adapter hold only what is trained.
/// And the options that chose base, data and method, of which the checkpoint knows nothing.
///
/// @param options their SHA-256
record BaseFingerprint(SequencedMap<String, String> frozen, String options) {
    private static final int STRIP = 1 << 17; // elements that are decoded at a time

    /// Of frozen parameters and quantised matrices. Reads each number once.
    static BaseFingerprint of(Layer model, List<String> options) {
        SequencedMap<String, String> frozen = new LinkedHashMap<>();
        model.namedParameters().forEach((name, parameter) -> {
            if (!parameter.requiresGrad()) {
                frozen.put(name, Arrays.toString(parameter.shape().dims()) + " " + sum(parameter));
            }
        });
        Quantization.matrices(model)
                .forEach((name, matrix) -> frozen.put(
                        name,
                        "[%s, %s] %s %s"
                                .formatted(
                                        matrix.rows(),
                                        matrix.columns(),
                                        matrix.format().name(),
                                        sum(matrix))));
        return new BaseFingerprint(frozen, sum(String.join("\n", options).getBytes(StandardCharsets.UTF_8)));
    }

    private static String sum(Tensor parameter) {
        return sum(bytes(parameter.toFloatArray()));
    }

    private static String sum(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    private static String sum(QuantizedMatrix matrix) {
        MessageDigest digest = sha256();
        int height = Math.clamp(STRIP / matrix.columns(), 1, matrix.rows());
        for (int from = 0; from < matrix.rows(); from += height) {
            int to = Math.min(from + height, matrix.rows());
            float[] decoded = new float[(to - from) * matrix.columns()];
            matrix.dequantize(from, to, decoded);
            digest.update(bytes(decoded));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static byte[] bytes(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    void write(Path file) {
        ObjectNode json = CheckpointJson.object();
        json.put("options", options);
        ObjectNode names = json.putObject("frozen");
        frozen.forEach(names::put);
        CheckpointJson.write(file, json);
    }

    /// Makes sure that base and options are those that a file tells of.
    ///
    /// @param config where the options stand
    /// @throws CheckpointMismatchException if they are others, naming the first difference of a base
    /// @throws CorruptCheckpointException  if the file is none of these
    void require(Path file, Path config) {
        JsonNode root = CheckpointJson.read(file);
        if (!root.path("options").asString("").equals(options)) {
            throw new CheckpointMismatchException(config
                    + ": its options are not those that the training was begun with; put them back, or start anew");
        }
        JsonNode told = root.get("frozen");
        if (told == null || !told.isObject()) {
            throw new CorruptCheckpointException(file + ": frozen must be an object");
        }
        for (Map.Entry<String, String> each : frozen.entrySet()) {
            String name = each.getKey();
            if (!told.has(name)) {
                throw another(file, "it had no frozen " + name);
            }
            String then = told.get(name).asString("");
            if (!then.equals(each.getValue())) {
                String shapeThen = shape(then);
                String shapeNow = shape(each.getValue());
                throw another(
                        file,
                        shapeThen.equals(shapeNow)
                                ? name + " has other numbers"
                                : "%s was %s and is %s".formatted(name, shapeThen, shapeNow));
            }
        }
        told.propertyNames().stream()
                .filter(name -> !frozen.containsKey(name))
                .findFirst()
                .ifPresent(name -> {
                    throw another(file, "it has no frozen " + name);
                });
    }

    private static String shape(String text) {
        return text.substring(0, text.lastIndexOf(' ') + 1).strip();
    }

    private static CheckpointMismatchException another(Path file, String first) {
        return new CheckpointMismatchException(
                "%s: the training was begun with another base: %s; give it the same base, or start anew"
                        .formatted(file, first));
    }
}
