package gradus.tensor;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ShapeException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// What a wrong argument gets.
public final class Refused {
    private Refused() {}

    /// The call throws a ShapeException whose message has all these words.
    public static void refused(ThrowingCallable call, String... words) {
        var thrown = assertThatThrownBy(call).isInstanceOf(ShapeException.class);
        for (String word : words) {
            thrown.hasMessageContaining(word);
        }
    }
}
