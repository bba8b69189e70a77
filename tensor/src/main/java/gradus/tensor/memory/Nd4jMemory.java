package gradus.tensor.memory;

import gradus.tensor.type.DType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/// The memory of ND4J's own backend: that of the GPU where its CUDA backend is on the class path.
public final class Nd4jMemory implements Memory {
    /// The only one.
    public static final Nd4jMemory INSTANCE = new Nd4jMemory();

    private Nd4jMemory() {}

    @Override
    public String name() {
        return "ND4J";
    }

    /// The device has a limit of its own.
    @Override
    public long limit() {
        return Long.MAX_VALUE;
    }

    @Override
    public Block allocate(DType dtype, long capacity) {
        Backend.start();
        return new Lent(dtype, capacity);
    }

    /// A block under a flat INDArray of its own. On a GPU nobody but ND4J looks at its memory.
    private static final class Lent extends Block {
        private final INDArray owner;

        Lent(DType dtype, long capacity) {
            super(INSTANCE, dtype, capacity);
            owner = Nd4j.createUninitialized(dtype.nd4j(), capacity);
        }

        @Override
        public void read(double[] values) {
            System.arraycopy(first(values.length).toDoubleVector(), 0, values, 0, values.length);
        }

        @Override
        public void read(float[] values) {
            System.arraycopy(first(values.length).toFloatVector(), 0, values, 0, values.length);
        }

        @Override
        public void write(double[] values) {
            first(values.length).assign(Nd4j.createFromArray(values).castTo(dtype().nd4j()));
        }

        @Override
        public void write(float[] values) {
            first(values.length).assign(Nd4j.createFromArray(values).castTo(dtype().nd4j()));
        }

        @Override
        public double get(int i) {
            return owner.getDouble(i);
        }

        @Override
        public INDArray view(long offset, long[] dims, long[] strides) {
            return Nd4j.create(owner.data(), dims, strides, offset, 'c', dtype().nd4j());
        }

        private INDArray first(int count) {
            return view(0, new long[] {count}, new long[] {1});
        }

        @Override
        protected void free() {
            owner.close();
        }

        @Override
        protected void freeWhenUnseen() {
            // ND4J does that itself.
        }
    }
}
