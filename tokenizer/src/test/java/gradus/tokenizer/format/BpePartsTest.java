package gradus.tokenizer.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.TokenizerException;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.bpe.ByteAlphabet;
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

    /// Llama 3 looks a whole pre-token up before it merges. A tokenizer that does not can be told in these parts just
    /// where that comes to the same.
    @Test
    void aTokenThatTheMergesCannotMakeIsToldByTheRuleOnly() {
        BpeParts sound = parts();
        ByteLevelBpe merging = merging(sound.merges());
        ByteLevelBpe lookingUp = BpeParts.of(merging).build();
        assertThat(lookingUp.rules().ignoreMerges()).isTrue();
        for (String text : List.of("the", " the", "the the, oh the th ethe", "h e")) {
            assertThat(lookingUp.encode(text)).as(text).isEqualTo(merging.encode(text));
        }
        // Here "h e" comes before "th e", and "the" is spelt t he.
        ByteLevelBpe never = merging(List.of("h e", "t h", "th e", "Ġ the"), "he");
        assertThat(never.encode("the")).hasSize(2);
        assertThatThrownBy(() -> BpeParts.of(never)).hasMessageContaining("ignore_merges = false");
    }

    private static ByteLevelBpe merging(List<String> merges, String... further) {
        List<String> tokens = new ArrayList<>(parts().tokens());
        tokens.addAll(List.of(further));
        ByteLevelBpe built = new BpeParts(tokens, merges, Set.of(259), "llama3").build();
        return new ByteLevelBpe(built.vocabulary(), built.rules().withIgnoreMerges(false), built.frame());
    }

    private static void refused(BpeParts parts, String reason) {
        assertThatThrownBy(parts::build).isInstanceOf(TokenizerException.class).hasMessageContaining(reason);
    }
}
