package gradus.tensor.kernel.nd4j;

import gradus.tensor.kernel.UnaryFunction;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/// The functions of one element and their derivatives, in ND4J's operations. Each returns a new array.
final class Nd4jUnary {
    private static final double CUBIC = 0.044715;
    private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);

    private Nd4jUnary() {}

    static INDArray value(UnaryFunction f, INDArray x) {
        return switch (f) {
            case EXP -> Transforms.exp(x, true);
            case LOG -> Transforms.log(x, true);
            case SQRT -> Transforms.sqrt(x, true);
            case SQUARE -> x.mul(x);
            case RECIPROCAL -> x.rdiv(1);
            case RSQRT -> Transforms.sqrt(x, true).rdivi(1);
            case ABS -> Transforms.abs(x, true);
            case SIGN -> x.gt(0).castTo(x.dataType()).subi(x.lt(0).castTo(x.dataType()));
            case EXPM1 -> each(x, StrictMath::expm1);
            case LOG1P -> each(x, StrictMath::log1p);
            case SIN -> Transforms.sin(x, true);
            case COS -> Transforms.cos(x, true);
            case TANH -> Transforms.tanh(x, true);
            case SIGMOID -> Transforms.sigmoid(x, true);
            case RELU -> Transforms.relu(x, true);
            case GELU -> phi(x).muli(x);
            case GELU_TANH -> gate(x).muli(x);
            case SILU -> Transforms.sigmoid(x, true).muli(x);
        };
    }

    static INDArray derivative(UnaryFunction f, INDArray x, INDArray y) {
        return switch (f) {
            case EXP -> y;
            case LOG -> x.rdiv(1);
            case SQRT -> y.rdiv(0.5);
            case SQUARE -> x.mul(2);
            case RECIPROCAL -> y.mul(y).negi();
            case RSQRT -> y.mul(y).muli(y.mul(-0.5));
            case ABS -> Transforms.sign(x, true);
            case SIGN -> x.ulike().assign(0);
            case EXPM1 -> Transforms.exp(x, true);
            case LOG1P -> x.add(1).rdivi(1);
            case SIN -> Transforms.cos(x, true);
            case COS -> Transforms.sin(x, true).negi();
            case TANH -> y.mul(y).rsubi(1);
            case SIGMOID -> y.rsub(1).muli(y);
            case RELU -> x.gt(0).castTo(x.dataType());
            case GELU -> {
                INDArray density = Transforms.exp(x.mul(x).muli(-0.5), false).muli(1 / Math.sqrt(2 * Math.PI));
                yield phi(x).addi(density.muli(x));
            }
            case GELU_TANH -> {
                INDArray s = gate(x); // y = x·s, so dy/dx = s + x·s(1 - s)·2du/dx
                INDArray slope = x.mul(x).muli(3 * CUBIC).addi(1).muli(2 * SQRT_2_OVER_PI);
                yield s.add(s.rsub(1).muli(s).muli(slope).muli(x));
            }
            case SILU -> {
                INDArray s = Transforms.sigmoid(x, true);
                yield s.rsub(1).muli(x).addi(1).muli(s);
            }
        };
    }

    /// A function that ND4J rounds too much: its `log1p(1e-10)` has but seven digits right.
    private static INDArray each(INDArray x, DoubleUnaryOperator f) {
        double[] values = x.dup('c').data().asDouble();
        Arrays.setAll(values, i -> f.applyAsDouble(values[i]));
        return Nd4j.createFromArray(values).castTo(x.dataType()).reshape(x.shape());
    }

    /// `Φ(x) = ½ erfc(-x/√2)`, which keeps its digits in the left tail where `½(1 + erf)` cancels.
    private static INDArray phi(INDArray x) {
        return Nd4j.math().erfc(x.mul(-Math.sqrt(0.5))).muli(0.5);
    }

    /// `½(1 + tanh u) = σ(2u)` with `u = √(2/π)(x + 0.044715x³)`, free of that cancellation too.
    private static INDArray gate(INDArray x) {
        INDArray u = x.mul(x).muli(CUBIC).addi(1).muli(x).muli(SQRT_2_OVER_PI);
        return Transforms.sigmoid(u.muli(2), false);
    }
}
