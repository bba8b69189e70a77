package gradus.bench.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import onnx.Onnx;
import org.nd4j.shade.protobuf.ByteString;

/// A small ONNX file as PyTorch exports them: a vector by its name, a matrix by the node that multiplies by it.
final class OnnxSample {
    private OnnxSample() {}

    static byte[] file() {
        Onnx.NodeProto node = Onnx.NodeProto.newBuilder()
                .setName("/layer.0/dense/MatMul")
                .setOpType("MatMul")
                .addInput("x")
                .addInput("onnx::MatMul_7")
                .addOutput("y")
                .build();
        return Onnx.ModelProto.newBuilder()
                .setGraph(Onnx.GraphProto.newBuilder()
                        .addNode(node)
                        .addInitializer(tensor("layer.0.dense.bias", 2))
                        .addInitializer(tensor("onnx::MatMul_7", 3, 2)))
                .build()
                .toByteArray();
    }

    private static Onnx.TensorProto tensor(String name, long... dims) {
        int count = (int) java.util.Arrays.stream(dims).reduce(1, Math::multiplyExact);
        ByteBuffer raw = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            raw.putFloat(i);
        }
        List<Long> sizes = java.util.Arrays.stream(dims).boxed().toList();
        return Onnx.TensorProto.newBuilder()
                .setName(name)
                .setDataType(Onnx.TensorProto.DataType.FLOAT_VALUE)
                .addAllDims(sizes)
                .setRawData(ByteString.copyFrom(raw.flip()))
                .build();
    }
}
