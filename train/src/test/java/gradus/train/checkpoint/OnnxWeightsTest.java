package gradus.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.error.DataException;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import onnx.Onnx;
import org.junit.jupiter.api.Test;
import org.nd4j.shade.protobuf.ByteString;

class OnnxWeightsTest {

    private static Onnx.TensorProto.Builder tensor(String name, List<Long> dims, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return Onnx.TensorProto.newBuilder()
                .setName(name)
                .setDataType(Onnx.TensorProto.DataType.FLOAT_VALUE)
                .addAllDims(dims)
                .setRawData(ByteString.copyFrom(bytes));
    }

    private static byte[] file(Onnx.TensorProto.Builder... tensors) {
        Onnx.GraphProto.Builder graph = Onnx.GraphProto.newBuilder();
        Arrays.stream(tensors).forEach(graph::addInitializer);
        graph.addNode(Onnx.NodeProto.newBuilder()
                .setOpType("MatMul")
                .setName("/layer.0/dense/MatMul")
                .addInput("x")
                .addInput("onnx::MatMul_7"));
        return Onnx.ModelProto.newBuilder().setGraph(graph).build().toByteArray();
    }

    private static OnnxWeights read(byte[] bytes) {
        return OnnxWeights.read(new ByteArrayInputStream(bytes), "test.onnx");
    }

    private static void refused(byte[] bytes, String reason) {
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(CorruptCheckpointException.class)
                .hasMessageContaining("test.onnx")
                .hasMessageContaining(reason);
    }

    @Test
    void matricesAreNamedAfterTheirNodesAndTurned() {
        OnnxWeights weights = read(file(
                tensor("layer.0.dense.bias", List.of(2L), 1, 2),
                tensor("onnx::MatMul_7", List.of(3L, 2L), 1, 2, 3, 4, 5, 6),
                tensor("ids", List.of(1L), 0).setDataType(Onnx.TensorProto.DataType.INT32_VALUE)));
        assertThat(weights.names()).containsExactly("layer.0.dense.bias", "layer.0.dense.weight");
        assertThat(weights.shape("layer.0.dense.weight")).containsExactly(2, 3);
        assertThat(weights.read("layer.0.dense.weight").toArray()).containsExactly(1, 3, 5, 2, 4, 6);
        assertThat(weights.read("layer.0.dense.bias").toArray()).containsExactly(1, 2);
        assertThatThrownBy(() -> weights.read("none")).isInstanceOf(CheckpointMismatchException.class);
    }

    @Test
    void damageIsRefused() {
        refused("no protobuf at all".getBytes(), "no ONNX file");
        refused(new byte[0], "holds no weights");
        refused(file(tensor("a", List.of(3L), 1, 2)), "shape [3]");
        refused(file(tensor("a", List.of(-1L), 1, 2)), "shape [-1]");
        refused(file(tensor("a", List.of(1L << 40, 1L << 40), 1, 2)), "8 bytes of raw data");
        refused(
                file(tensor("a", List.of(2L), 1, 2).setDataLocation(Onnx.TensorProto.DataLocation.EXTERNAL)),
                "another file");
        byte[] sound = file(tensor("a", List.of(2L), 1, 2));
        for (int length = 0; length < sound.length; length++) {
            byte[] cut = Arrays.copyOf(sound, length);
            assertThatThrownBy(() -> read(cut)).isInstanceOf(CorruptCheckpointException.class);
        }
        assertThatThrownBy(() -> OnnxWeights.open(Path.of("none.onnx"))).isInstanceOf(DataException.class);
    }

    /// Every byte of a file turned to every other value: it is read, or refused as a damaged one.
    @Test
    void r14_damagedBytesAreNeverRawExceptions() {
        byte[] sound = file(
                tensor("layer.0.dense.bias", List.of(2L), 1, 2),
                tensor("onnx::MatMul_7", List.of(3L, 2L), 1, 2, 3, 4, 5, 6));
        for (int at = 0; at < sound.length; at++) {
            for (int value = 0; value < 256; value++) {
                byte[] damaged = sound.clone();
                damaged[at] = (byte) value;
                try {
                    OnnxWeights weights = read(damaged);
                    weights.names().forEach(weights::read);
                } catch (CorruptCheckpointException refused) {
                    assertThat(refused).hasMessageStartingWith("test.onnx: ");
                }
            }
        }
    }

    @Test
    void r14_tensorsOfOneNameAreRefused() {
        refused(file(tensor("a", List.of(1L), 1), tensor("a", List.of(1L), 2)), "two tensors");
        refused(
                file(tensor("layer.0.dense.weight", List.of(1L), 1), tensor("onnx::MatMul_7", List.of(1L, 1L), 2)),
                "two tensors");
    }
}
