package gradus.tokenizer.pretokenize;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tokenizer.pretokenize.PreSplit.AtText;
import gradus.tokenizer.pretokenize.PreSplit.Behavior;
import gradus.tokenizer.pretokenize.PreSplit.Metaspace;
import gradus.tokenizer.pretokenize.PreSplit.None;
import gradus.tokenizer.pretokenize.PreSplit.Prepend;
import gradus.tokenizer.pretokenize.PreSplit.Sequence;
import gradus.tokenizer.pretokenize.PreSplit.Whitespace;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PreSplitTest {
    /// As huggingface/tokenizers cuts; see make_split_golden.py.
    @Test
    void t5_everyBehaviourCutsAsTheReferenceDoes() throws Exception {
        List<String> lines;
        try (InputStream in = PreSplitTest.class.getResourceAsStream("/golden/split.tsv")) {
            lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
        assertThat(lines).hasSizeGreaterThan(200);
        for (String line : lines) {
            String[] fields = line.split("\t", -1);
            AtText cut = new AtText(
                    fields[0], Behavior.valueOf(fields[1].toUpperCase(Locale.ROOT)), Boolean.parseBoolean(fields[2]));
            List<String> expected = JsonMapper.shared()
                    .readTree(fields[4])
                    .valueStream()
                    .map(JsonNode::stringValue)
                    .toList();
            assertThat(cut.split(List.of(fields[3]), true)).as(line).isEqualTo(expected);
        }
    }

    /// `Metaspace` marks the first word of a text only where nothing was cut off before it, as huggingface/tokenizers
    /// has it, which looks at where in the text a part begins.
    @Test
    void aSequenceKnowsWhetherTheTextBegins() {
        PreSplit words = new Sequence(List.of(new Whitespace(), new Metaspace('▁', Prepend.FIRST, true)));
        assertThat(words.split(List.of("a b"), true)).containsExactly("▁a", "b");
        assertThat(words.split(List.of(" a b"), true)).containsExactly("a", "b");
        assertThat(words.split(List.of("a b"), false)).containsExactly("a", "b");
        assertThat(words.split(List.of("  "), true)).isEmpty();
        PreSplit thrice =
                new Sequence(List.of(new Whitespace(), new Whitespace(), new Metaspace('▁', Prepend.FIRST, true)));
        assertThat(thrice.split(List.of(" a b"), true)).containsExactly("a", "b"); // once cut off is cut off
    }

    @Test
    void noneLeavesEachPartWhole() {
        assertThat(new None().split(List.of("a b", " "), true)).containsExactly("a b", " ");
    }
}
