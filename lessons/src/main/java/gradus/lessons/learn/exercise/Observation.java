package gradus.lessons.learn.exercise;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// One thing that a probe saw: numbers in a shape, or a text.
///
/// @param name    what it is, as in "result" or "gradient of x"
/// @param kind    what the learner would call it: Tensor, double[], String; two kinds never agree
/// @param shape   the size of each axis
/// @param numbers row by row; null for a text
/// @param text    null for numbers
public record Observation(String name, String kind, int[] shape, double[] numbers, String text) {
    static Observation of(String name, String kind, int[] shape, double[] numbers) {
        return new Observation(name, kind, shape, numbers, null);
    }

    static Observation of(String name, String kind, String text) {
        return new Observation(name, kind, new int[0], null, text);
    }

    /// The same with other numbers.
    public Observation with(int[] shape, double[] numbers) {
        return new Observation(name, kind, shape, numbers, null);
    }

    /// The largest magnitude among the finite numbers.
    public double scale() {
        return numbers == null
                ? 0
                : Arrays.stream(numbers)
                        .map(Math::abs)
                        .filter(Double::isFinite)
                        .max()
                        .orElse(0);
    }

    /// As the learner is shown it: `[[1, 2], [3, 4]]`, of many numbers the first.
    @Override
    public String toString() {
        return numbers == null ? text : Shown.numbers(shape, numbers);
    }

    /// The numbers of an array of a primitive type.
    static double[] numbers(Object array) {
        int length = Array.getLength(array);
        double[] numbers = new double[length];
        if (array instanceof double[] doubles) {
            System.arraycopy(doubles, 0, numbers, 0, length);
        } else if (array instanceof float[] floats) {
            for (int i = 0; i < length; i++) {
                numbers[i] = floats[i];
            }
        } else {
            for (int i = 0; i < length; i++) {
                numbers[i] = ((Number) Array.get(array, i)).doubleValue();
            }
        }
        return numbers;
    }

    void write(DataOutput out) throws IOException {
        out.writeUTF(name);
        out.writeUTF(kind);
        out.writeInt(shape.length);
        for (int dim : shape) {
            out.writeInt(dim);
        }
        out.writeBoolean(numbers == null);
        if (numbers == null) {
            byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            out.writeInt(bytes.length);
            out.write(bytes);
        } else {
            out.writeInt(numbers.length);
            byte[] bytes = new byte[Math.multiplyExact(Double.BYTES, numbers.length)];
            ByteBuffer.wrap(bytes).asDoubleBuffer().put(numbers);
            out.write(bytes);
        }
    }

    static Observation read(DataInput in) throws IOException {
        String name = in.readUTF();
        String kind = in.readUTF();
        int[] shape = new int[in.readInt()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = in.readInt();
        }
        if (in.readBoolean()) {
            byte[] bytes = new byte[in.readInt()];
            in.readFully(bytes);
            return new Observation(name, kind, shape, null, new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
        }
        double[] numbers = new double[in.readInt()];
        byte[] bytes = new byte[Math.multiplyExact(Double.BYTES, numbers.length)];
        in.readFully(bytes);
        ByteBuffer.wrap(bytes).asDoubleBuffer().get(numbers);
        return new Observation(name, kind, shape, numbers, null);
    }
}
