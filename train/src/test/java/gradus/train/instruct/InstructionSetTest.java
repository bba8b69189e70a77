package gradus.train.instruct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.DataException;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.TokenizerPipeline.Frame;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.chat.ChatTemplate;
import gradus.tokenizer.chat.ChatTokens;
import gradus.tokenizer.normalize.NoNormalizer;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.train.instruct.InstructionSet.Faulty;
import gradus.train.instruct.InstructionSet.Overlong;
import gradus.train.instruct.InstructionSet.Rules;
import gradus.train.task.Examples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstructionSetTest {
    private static final Tokenizer TOKENIZER = tokenizer();
    private static final ChatTokens.Encoder ENCODER =
            ChatTokens.of(ChatTemplate.of(ChatFormat.CHATML.template()), TOKENIZER);

    @TempDir
    private Path folder;

    private static Tokenizer tokenizer() {
        ByteLevelBpe bpe = new BpeTrainer(BpeTrainerOptions.of(300)).train("who is it? it is me. ".repeat(40));
        int size = bpe.vocabularySize();
        return bpe.withFrame(Frame.of(
                List.of(AddedToken.special(size, "<|im_start|>"), AddedToken.special(size + 1, "<|im_end|>")),
                new NoNormalizer()));
    }

    private static String row(String question, String answer) {
        return "{\"instruction\": \"%s\", \"output\": \"%s\"}\n".formatted(question, answer);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("rows.jsonl"), text);
    }

    private static InstructionSet read(Path file, Rules rules) {
        return InstructionSet.read(List.of(file), ENCODER, rules);
    }

    private static List<String> learned(Examples examples) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < examples.count(); i++) {
            int example = i;
            texts.add(TOKENIZER.decode(IntStream.range(0, examples.length(i))
                    .filter(at -> examples.learned(example, at))
                    .map(at -> examples.ids(example)[at])
                    .toArray()));
        }
        return texts;
    }

    @Test
    void learnsTheAnswersWithWhatClosesThem() throws IOException {
        InstructionSet set = read(file(row("who is it?", "it is me.") + row("is it?", "it is.")), Rules.of(99));
        List<String> all = new ArrayList<>(learned(set.train()));
        all.addAll(learned(set.heldOut()));
        assertThat(all).containsExactlyInAnyOrder("it is me.<|im_end|>\n", "it is.<|im_end|>\n");
        assertThat(set.heldOut().count()).isEqualTo(1);
    }

    /// Which conversations are held out does not depend on what they say, and each is in one part.
    @Test
    void dividesByConversation() throws IOException {
        StringBuilder rows = new StringBuilder();
        IntStream.range(0, 60).forEach(i -> rows.append(row("q" + i, "a" + i)));
        InstructionSet set = read(file(rows.toString()), new Rules(99, Overlong.DROP, Faulty.REFUSE, 0.2));
        assertThat(set.heldOut().count()).isEqualTo(12);
        List<String> all = new ArrayList<>(learned(set.train()));
        all.addAll(learned(set.heldOut()));
        assertThat(all).hasSize(60).doesNotHaveDuplicates();
        assertThat(learned(read(file(rows.toString()), new Rules(99, Overlong.DROP, Faulty.REFUSE, 0.2))
                        .heldOut()))
                .isEqualTo(learned(set.heldOut()));
        assertThat(read(file(rows.toString()), new Rules(99, Overlong.DROP, Faulty.REFUSE, 0))
                        .heldOut()
                        .count())
                .isZero();
    }

    @Test
    void dropsOrCutsWhatIsLongerThanARow() throws IOException {
        Path file = file(row("is it?", "it is me.")
                + row("is it?", "it is.")
                + row("is it?", "me ".repeat(50).strip())
                + row("who is it? ".repeat(40), "it is."));
        InstructionSet dropped = read(file, new Rules(40, Overlong.DROP, Faulty.REFUSE, 0));
        assertThat(dropped.overlong()).isEqualTo(2);
        assertThat(dropped.train().count()).isEqualTo(2);
        InstructionSet cut = read(file, new Rules(40, Overlong.CUT, Faulty.REFUSE, 0));
        assertThat(cut.overlong()).isEqualTo(2);
        assertThat(cut.train().count()).isEqualTo(3); // of the longest question no answer is left
        assertThat(cut.train().length(2)).isEqualTo(41);
        assertThat(learned(cut.train()).get(2)).startsWith("me me").doesNotContain("<|im_end|>");
        assertThat(dropped.summary()).contains("2 longer than a row");
    }

    @Test
    void refusesOrDropsWhatIsNoConversation() throws IOException {
        Path file = file(row("is it?", "it is.") + row("is it?", "") + row("is it?", "me.") + "{\"prompt\": 1}\n");
        assertThatThrownBy(() -> read(file, Rules.of(99)))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ":2: message 2: the assistant's turn is empty");
        InstructionSet set = read(file, new Rules(99, Overlong.DROP, Faulty.DROP, 0.5));
        assertThat(set.dropped()).isEqualTo(2);
        assertThat(set.read()).isEqualTo(4);
        assertThat(set.summary()).contains("2 rows left out that are no conversations");
    }

    @Test
    void refusesTooFew() throws IOException {
        Path one = file(row("is it?", "it is."));
        assertThatThrownBy(() -> read(one, Rules.of(99)))
                .hasMessage(one + ": 1 of 1 rows can be learned, and 2 are needed: one to learn and one to hold out");
        assertThatThrownBy(() -> read(one, Rules.of(3)))
                .hasMessage(one + ": 0 of 1 rows can be learned, and 2 are needed: one to learn and one to hold out; 1"
                        + " are longer than 4 tokens");
    }

    /// What a template says is said with the place.
    @Test
    void namesTheRowThatATemplateRefuses() throws IOException {
        Path file = file(row("is it?", "it is.") + row("is it?", "it is me."));
        ChatTokens.Encoder asks = ChatTokens.of(
                ChatTemplate.of("{% if messages[-1].content | length > 6 %}{{ raise_exception('too long') }}{% endif %}"
                        + ChatFormat.CHATML.template()),
                TOKENIZER);
        assertThatThrownBy(() -> InstructionSet.read(List.of(file), asks, Rules.of(99)))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ":2: ")
                .hasMessageContaining("too long");
        ChatTokens.Encoder missing =
                ChatTokens.of(ChatTemplate.of("{{ date.today }}" + ChatFormat.CHATML.template()), TOKENIZER);
        assertThatThrownBy(() -> InstructionSet.read(List.of(file), missing, Rules.of(99)))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ":1: ")
                .hasMessageContaining("date");
        ChatTokens.Encoder nothing = ChatTokens.of(
                ChatTemplate.of(
                        "{% for m in messages %}{{ m.content }}{% endfor %}{% generation %}{% endgeneration %}"),
                TOKENIZER);
        assertThatThrownBy(() -> InstructionSet.read(List.of(file), nothing, Rules.of(99)))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ":1: "); // BAD-INPUT 99
    }

    @Test
    void filesOfTwoLayoutsAreRefused() throws IOException {
        Path alpaca = file(row("is it?", "it is."));
        Path other = Files.writeString(
                folder.resolve("other.jsonl"),
                "{\"conversations\": [{\"from\": \"human\", \"value\": \"q\"}, {\"from\": \"gpt\", \"value\": \"a\"}]}");
        assertThatThrownBy(() -> InstructionSet.read(Arrays.asList(alpaca, other), ENCODER, Rules.of(99)))
                .hasMessage(other + ": is of the layout sharegpt, and the files before are of alpaca");
    }
}
