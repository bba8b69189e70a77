package gradus.tensor.kernel.cuda;

import gradus.tensor.memory.Block;
import gradus.tensor.type.DType;

/// A block of a card's memory. Reading it waits for the card.
final class CudaBlock extends Block {
    private final Card card;
    private final long start;

    CudaBlock(Card card, long capacity, long start) {
        super(card.memory, DType.FLOAT32, capacity);
        this.card = card;
        this.start = start;
    }

    /// Its address, which means something to the card alone.
    long start() {
        return start;
    }

    @Override
    public void read(float[] values) {
        card.staging.read(start, values);
    }

    @Override
    public void read(double[] values) {
        float[] floats = new float[values.length];
        read(floats);
        for (int i = 0; i < floats.length; i++) {
            values[i] = floats[i];
        }
    }

    @Override
    public double get(int i) {
        float[] value = new float[1];
        card.staging.read(start + 4L * i, value);
        return value[0];
    }

    @Override
    public void write(float[] values) {
        card.staging.write(values, start);
    }

    @Override
    public void write(double[] values) {
        card.staging.write(values, start);
    }

    @Override
    protected void free() {
        card.launches();
        card.driver.free(start); // which waits until the card has done what uses it
    }
}
