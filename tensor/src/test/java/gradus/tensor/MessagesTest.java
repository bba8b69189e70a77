package gradus.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Messages and printed tensors are the same whatever language the machine speaks.
class MessagesTest {
    private final Locale before = Locale.getDefault();

    @AfterEach
    void restore() {
        Locale.setDefault(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ar-EG-u-nu-arab", "de-DE", "fa-IR-u-nu-arabext", "hi-IN-u-nu-deva", "tr-TR", "en-US"})
    void f16_numbersAreAlikeInEveryLocale(String tag) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        refused(
                () -> Shape.of(70_000, 70_000),
                "a tensor can have at most 2,147,483,639 elements; [70000, 70000] has 4,900,000,000");
        refused(() -> Shape.of(2, 3).dim(5), "axis 5 is out of range for shape (2, 3) of rank 2");
        refused(
                () -> Tensor.ones(2, 3).add(Tensor.ones(2)),
                "shapes (2, 3) and (2,) do not broadcast: axis -1 has sizes 3");
        refused(() -> Indices.fromDoubles(1.5), "value 0 must be a whole number; got 1.5");
        refused(() -> Tensor.ones(2).embedding(Indices.of(1)), "the table must be (V, C); got (2,)");
        refused(() -> Tensor.ones(12, 2).embedding(Indices.of(12)), "index 12 at position 0 is outside 0..11");
        refused(() -> Tensor.ones(3).dropout(-0.5, Rng.of(1)), "must be in [0, 1]; got -0.5");
        assertThat(ConfigException.of("%,d of %.2f", 1234567, 0.5)).hasMessage("1,234,567 of 0.50");
        assertThat(Tensor.of(new float[] {1234.5f, -0.25f}, 2))
                .hasToString("Tensor(2,) FLOAT32 [1235., -0.2500]".replace("1235.", "1235"));
        String report =
                GradientCheck.of(in -> in[0].square(), Draw.normal(1, 12)).toString();
        assertThat(report).matches("gradient check passed: 12 derivatives, largest relative error [0-9.]+e-[0-9]+.*");
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String words) {
        assertThatThrownBy(call).isInstanceOf(ShapeException.class).hasMessageContaining(words);
    }
}
