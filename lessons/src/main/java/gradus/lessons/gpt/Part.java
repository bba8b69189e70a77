package gradus.lessons.gpt;

import gradus.tensor.Tensor;
import java.util.function.UnaryOperator;

/// A function in the place of a layer, shown to the learner by its formula.
record Part(String formula, UnaryOperator<Tensor> map) implements UnaryOperator<Tensor> {
    @Override
    public Tensor apply(Tensor x) {
        return map.apply(x);
    }

    @Override
    public String toString() {
        return formula;
    }
}
