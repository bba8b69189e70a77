package gradus.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.TokenizerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BpePartsTest {
    private static BpeParts parts() {
        List<String> tokens = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            tokens.add(ByteAlphabet.spell(new byte[] {(byte) b}));
        }
        tokens.addAll(List.of("th", "the", "Ġthe", "<|endoftext|>"));
        return new BpeParts(tokens, List.of("t h", "th e", "Ġ the"), Set.of(259), "gpt2");
    }

    @Test
    void partsMakeATokenizerAndComeBack() {
        ByteLevelBpe tokenizer = parts().build();
        assertThat(tokenizer.encode("the the")).containsExactly(257, 258);
        assertThat(tokenizer.encode("<|endoftext|>", Set.of("<|endoftext|>"))).containsExactly(259);
        assertThat(BpeParts.of(tokenizer)).isEqualTo(parts());
    }

    @Test
    void partsThatDoNotFit() {
        BpeParts sound = parts();
        refused(new BpeParts(sound.tokens(), List.of("t q"), Set.of(), "gpt2"), "merge 0"); // BAD-INPUT 74
        refused(new BpeParts(sound.tokens(), List.of("th"), Set.of(), "gpt2"), "merge 0"); // BAD-INPUT 72
        refused(new BpeParts(sound.tokens(), List.of("qq x"), Set.of(), "gpt2"), "merge 0"); // BAD-INPUT 73
        refused(new BpeParts(List.of("a", "a"), List.of(), Set.of(), "gpt2"), "ids 0 and 1"); // BAD-INPUT 76
        refused(new BpeParts(List.of("a"), List.of(), Set.of(1), "gpt2"), "special id 1");
        refused(new BpeParts(List.of("a"), List.of(), Set.of(), "perl"), "perl"); // BAD-INPUT 82
        refused(new BpeParts(List.of("a".repeat(10_000)), List.of(), Set.of(), "gpt2"), "limit"); // BAD-INPUT 85
    }

    private static void refused(BpeParts parts, String reason) {
        assertThatThrownBy(parts::build).isInstanceOf(TokenizerException.class).hasMessageContaining(reason);
    }
}
