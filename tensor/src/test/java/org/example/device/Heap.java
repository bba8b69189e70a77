package org.example.device;

import gradus.tensor.kernel.Strided;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;

/// How the kernels here reach their numbers.
final class Heap {
    private Heap() {}

    static HeapMemory.Array array(Buffer buffer) {
        return (HeapMemory.Array) buffer.block();
    }

    static double get(Buffer buffer, int i) {
        return array(buffer).get(i);
    }

    static void put(Buffer buffer, int i, double value) {
        buffer.changed();
        array(buffer).set(i, value);
    }

    static void put(Destination to, int i, double value) {
        HeapMemory.Array array = array(to.buffer());
        array.set(i, to.accumulate() ? array.get(i) + value : value);
    }

    /// Where the n-th element of a walk lies.
    static int place(Strided walk, int n) {
        int at = walk.offset();
        for (int axis = walk.dims().length - 1; axis >= 0; axis--) {
            at += n % walk.dims()[axis] * walk.strides()[axis];
            n /= walk.dims()[axis];
        }
        return at;
    }
}
