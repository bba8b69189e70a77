package gradus.tokenizer.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KnownKeysTest {
    private final KnownKeys keys = KnownKeys.of("a test's file")
            .obeyed("size")
            .harmless("says who wrote it", "author")
            .only("bias", "biases are not read", false)
            .only("theta", "other bases are not built", 10000, "default")
            .refused("weights of 4 bits are not read", "quantization");

    private String fault(Map<String, Object> object) {
        return keys.fault(object.keySet(), object::get).orElse("");
    }

    @Test
    void obeyedAndHarmlessKeysPass() {
        assertThat(fault(Map.of("size", 3L, "author", List.of("a", "b")))).isEmpty();
    }

    @Test
    void anUnknownKeyIsRefusedByName() {
        assertThat(fault(Map.of("sizes", 1L))).contains("'sizes' is not known in a test's file");
    }

    @Test
    void aRefusedKeyIsRefusedWithItsReasonUnlessNull() {
        assertThat(fault(Map.of("quantization", Map.of())))
                .isEqualTo("the key 'quantization' is not supported in a test's file: weights of 4 bits are not read");
        var nothing = new LinkedHashMap<String, Object>();
        nothing.put("quantization", null);
        nothing.put("bias", null);
        assertThat(fault(nothing)).isEmpty();
    }

    @Test
    void someValuesOnly() {
        assertThat(fault(Map.of("bias", false, "theta", 10000.0))).isEmpty();
        assertThat(fault(Map.of("theta", "default"))).isEmpty();
        assertThat(fault(Map.of("bias", true)))
                .isEqualTo("'bias' = true is not supported in a test's file, only false: biases are not read");
        assertThat(fault(Map.of("theta", 10001L))).contains("only 10000 or default");
    }

    @Test
    void rulesOfOthersComeSecond() {
        var both = KnownKeys.of("both").refused("not here", "size").and(keys);
        assertThat(both.fault(List.of("size"), key -> 1L)).isPresent();
        assertThat(both.fault(List.of("author"), key -> 1L)).isEmpty();
        assertThat(both.rules()).hasSize(5);
    }

    @Test
    void aKeyCannotStandInTwoLists() {
        assertThatThrownBy(() -> keys.harmless("again", "size")).hasMessageContaining("'size' stands in two lists");
    }
}
