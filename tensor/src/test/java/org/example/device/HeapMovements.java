package org.example.device;

import static org.example.device.Heap.get;
import static org.example.device.Heap.place;
import static org.example.device.Heap.put;

import gradus.tensor.kernel.MovementKernels;
import gradus.tensor.kernel.Strided;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;

final class HeapMovements implements MovementKernels {
    @Override
    public void copy(Buffer x, Strided walkX, double scale, Strided walkY, Destination y) {
        for (int i = 0; y != null && i < walkX.size(); i++) {
            put(y, place(walkY, i), scale * get(x, place(walkX, i)));
        }
    }

    @Override
    public void gather(Buffer x, int outer, int n, int inner, int[] indices, Buffer y) {
        int m = indices.length;
        for (int i = 0; i < outer * m * inner; i++) {
            int row = i / inner;
            put(y, i, get(x, (row / m * n + indices[row % m]) * inner + i % inner));
        }
    }

    @Override
    public void scatterAdd(Buffer dy, int outer, int n, int inner, int[] indices, Destination dx) {
        if (dx == null) {
            return;
        }
        int m = indices.length;
        double[] sums = new double[dx.buffer().length()];
        for (int i = 0; i < outer * m * inner; i++) {
            int row = i / inner;
            sums[(row / m * n + indices[row % m]) * inner + i % inner] += get(dy, i);
        }
        for (int i = 0; i < sums.length; i++) {
            put(dx, i, sums[i]);
        }
    }
}
