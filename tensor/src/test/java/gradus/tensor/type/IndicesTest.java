package gradus.tensor.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ShapeException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class IndicesTest {
    @Test
    void numbersThatAreNotWholeAreRefused() { // BAD-INPUT 16
        refused(() -> Indices.fromDoubles(1, Double.NaN), "value 1 must be a whole number; got NaN");
        refused(() -> Indices.fromDoubles(0.5), "value 0 must be a whole number; got 0.5");
        refused(() -> Indices.fromDoubles(3e9), "got 3.0E9");
        refused(() -> Indices.fromDoubles(Double.POSITIVE_INFINITY), "Infinity");
        refused(() -> Indices.fromDoubles((double[]) null), "null");
        assertThat(Indices.fromDoubles(3, -2).values()).containsExactly(3, -2);
    }

    @Test
    void countsThatDoNotFitAreRefused() { // BAD-INPUT 2, 9, 14
        refused(() -> Indices.of(Shape.of(2, 2), new int[3]), "shape (2, 2) needs 4 values; got 3");
        refused(() -> Indices.of(1, 2, 3).reshape(2), "needs 2 values; got 3");
        refused(() -> Indices.of((int[]) null), "null");
        refused(() -> Indices.of(Shape.of(1), null), "null");
        refused(() -> Indices.of(null, new int[1]), "null");
        refused(Indices::of, "at least 1");
    }

    @Test
    void theFirstValueOutOfRangeIsNamed() {
        refused(() -> Indices.of(0, 5, 7).requireBelow("gather", 5), "gather: index 5 at position 1 is outside 0..4");
        refused(() -> Indices.of(0, -1).requireBelow("gather", 5), "index -1 at position 1");
        Indices.of(0, 4).requireBelow("gather", 5);
    }

    @Test
    void printsItsShapeAndValues() {
        assertThat(Indices.of(1, 2).reshape(1, 2)).hasToString("Indices(1, 2)[1, 2]");
    }

    private static void refused(ThrowingCallable call, String words) {
        assertThatThrownBy(call).isInstanceOf(ShapeException.class).hasMessageContaining(words);
    }
}
