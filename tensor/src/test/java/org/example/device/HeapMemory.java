package org.example.device;

import gradus.tensor.memory.Block;
import gradus.tensor.memory.Memory;
import gradus.tensor.type.DType;
import java.util.Arrays;

/// Memory in Java arrays. Fresh blocks hold NaN, so that whoever reads what nobody wrote sees it.
final class HeapMemory implements Memory {
    static final HeapMemory INSTANCE = new HeapMemory();

    private HeapMemory() {}

    @Override
    public String name() {
        return "heap";
    }

    @Override
    public long limit() {
        return 1L << 30;
    }

    @Override
    public Block allocate(DType dtype, long capacity) {
        return new Array(dtype, capacity);
    }

    /// Numbers in doubles, rounded to float where the type is float32.
    static final class Array extends Block {
        private final double[] values;

        Array(DType dtype, long capacity) {
            super(INSTANCE, dtype, capacity);
            values = new double[Math.toIntExact(capacity)];
            Arrays.fill(values, Double.NaN);
        }

        void set(int i, double value) {
            values[i] = dtype() == DType.FLOAT32 ? (float) value : value;
        }

        @Override
        public double get(int i) {
            return values[i];
        }

        @Override
        public void read(double[] to) {
            System.arraycopy(values, 0, to, 0, to.length);
        }

        @Override
        public void read(float[] to) {
            for (int i = 0; i < to.length; i++) {
                to[i] = (float) values[i];
            }
        }

        @Override
        public void write(double[] from) {
            for (int i = 0; i < from.length; i++) {
                set(i, from[i]);
            }
        }

        @Override
        public void write(float[] from) {
            for (int i = 0; i < from.length; i++) {
                set(i, from[i]);
            }
        }

        @Override
        protected void free() {}
    }
}
