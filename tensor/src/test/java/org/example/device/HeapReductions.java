package org.example.device;

import static org.example.device.Heap.get;
import static org.example.device.Heap.place;
import static org.example.device.Heap.put;

import gradus.tensor.kernel.Reduction;
import gradus.tensor.kernel.ReductionKernels;
import gradus.tensor.kernel.Strided;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import java.util.List;

final class HeapReductions implements ReductionKernels {
    @Override
    public void reduce(Reduction reduction, Buffer x, int outer, int n, int inner, Buffer y) {
        for (int i = 0; i < outer * inner; i++) {
            int first = i / inner * n * inner + i % inner;
            double result = get(x, first);
            for (int j = 1; j < n; j++) {
                double next = get(x, first + j * inner);
                result = switch (reduction) {
                    case SUM -> result + next;
                    case MAX -> Math.max(result, next);
                    case MIN -> Math.min(result, next);
                };
            }
            put(y, i, result);
        }
    }

    @Override
    public void sumTo(Buffer x, Strided walkY, double scale, Destination y) {
        if (y == null) {
            return;
        }
        double[] sums = new double[y.buffer().length()];
        for (int i = 0; i < walkY.size(); i++) {
            sums[place(walkY, i)] += scale * get(x, i);
        }
        for (int i = 0; i < sums.length; i++) {
            put(y, i, sums[i]);
        }
    }

    @Override
    public double sumOfSquares(List<Buffer> xs) {
        double sum = 0;
        for (Buffer x : xs) {
            for (double value : x.toDoubles()) {
                sum += value * value;
            }
        }
        return sum;
    }
}
