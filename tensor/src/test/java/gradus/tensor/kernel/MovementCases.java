package gradus.tensor.kernel;

import static gradus.tensor.kernel.KernelCases.shrunk;

import gradus.tensor.kernel.KernelCases.Call;
import gradus.tensor.kernel.KernelCases.Case;
import gradus.tensor.kernel.KernelCases.Output;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import gradus.tensor.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Copies, rows by number, rotations.
final class MovementCases {
    private MovementCases() {}

    static Stream<Case> moves() {
        return Stream.of(
                new Case("copy, permuted on either side", c -> {
                    int[] dims = {c.small(), c.rows(), c.small(), c.size()};
                    int n = Shape.of(dims).size();
                    Strided walkX = permuted(c, dims);
                    Strided walkY = permuted(c, dims);
                    Buffer x = c.input(n);
                    Destination y = c.destination("y", n);
                    return () -> c.kernels.movements().copy(x, walkX, 0.5, walkY, y);
                }),
                new Case("copy, transposed", c -> {
                    int rows = c.rows();
                    int columns = c.size();
                    Strided walk = new Strided(new int[] {columns, rows}, 0, new int[] {1, columns});
                    Buffer x = c.input(rows * columns);
                    Destination y = c.destination("y", rows * columns);
                    Strided plain = Strided.contiguous(Shape.of(columns, rows));
                    return () -> c.kernels.movements().copy(x, walk, 1, plain, y);
                }),
                new Case("copy, sliced", c -> {
                    int rows = c.rows();
                    int whole = 3 + c.size();
                    int part = whole - 2;
                    Strided cut = new Strided(new int[] {rows, part}, 1, new int[] {whole, 1});
                    Strided plain = Strided.contiguous(Shape.of(rows, part));
                    Buffer x = c.input(rows * whole);
                    Destination y = c.destination("y", rows * part);
                    Buffer back = c.input(rows * whole);
                    c.outputs.add(new Output("back", back, 0));
                    Buffer dy = c.input(rows * part);
                    return () -> {
                        c.kernels.movements().copy(x, cut, 1, plain, y);
                        c.kernels.movements().copy(dy, plain, 2, cut, new Destination(back, true));
                    };
                }),
                new Case("copy, broadcast", c -> {
                    Shape shape = Shape.of(c.small(), c.rows(), c.size());
                    Shape from = shrunk(c, shape);
                    Buffer x = c.input(from.size());
                    Destination y = c.destination("y", shape.size());
                    return () -> c.kernels
                            .movements()
                            .copy(x, Strided.broadcast(from, shape), 1, Strided.contiguous(shape), y);
                }),
                new Case("indexSelect", c -> {
                    int outer = c.small();
                    int n = c.size();
                    int inner = c.size();
                    int[] indices = c.indices(c.rows(), n);
                    Buffer x = c.input(outer * n * inner);
                    Buffer y = c.output("y", outer * indices.length * inner);
                    return () -> c.kernels.movements().gather(x, outer, n, inner, indices, y);
                }),
                new Case("scatterAdd", c -> {
                    int outer = c.small();
                    int n = c.size();
                    int inner = c.size();
                    int[] indices = c.indices(c.rows(), n);
                    Buffer dy = c.input(outer * indices.length * inner);
                    Destination dx = c.destination("dx", outer * n * inner, Math.sqrt(1.0 * indices.length / n));
                    return () -> c.kernels.movements().scatterAdd(dy, outer, n, inner, indices, dx);
                }));
    }

    static Stream<Case> rotations() {
        return Stream.of(RopePairs.values())
                .map(pairs -> new Case("rotate " + pairs, c -> {
                    int batch = c.flag() ? 1 : 2;
                    int time = c.rows();
                    int heads = c.flag() ? 1 : 3;
                    int half = c.size();
                    int n = batch * time * heads * 2 * half;
                    int table = c.size();
                    int[] positions = c.indices(c.flag() ? batch * time : time, table);
                    Buffer x = c.input(n);
                    Rotation rotation = new Rotation(
                            c.input(table * half), c.input(table * half), positions, heads, 2 * half, pairs, c.flag());
                    Destination y = c.destination("y", n);
                    return () -> c.kernels.rope().rotate(x, rotation, y);
                }));
    }

    /// A walk in the order of these dimensions through memory that is laid out in another order.
    private static Strided permuted(Call c, int[] dims) {
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3));
        java.util.Collections.shuffle(order, c.random);
        int[] strides = new int[4];
        int stride = 1;
        for (int axis : order) {
            strides[axis] = stride;
            stride *= dims[axis];
        }
        c.sizes.append(order).append(' ');
        return new Strided(dims, 0, strides);
    }
}
