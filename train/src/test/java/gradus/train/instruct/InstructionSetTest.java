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
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
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

    /// Of one turn or several, with a system message or without, an even number of messages or an odd one:
    /// all are there, in the order of the files, each word as ChatML writes it, and the assistant's are
    /// learned.
    @Property(tries = 200)
    void everyConversationIsThere(
            @ForAll @Size(min = 1, max = 5) List<@IntRange(min = 1, max = 3) Integer> turns,
            @ForAll boolean systems,
            @ForAll boolean shareGpt)
            throws IOException {
        StringBuilder rows = new StringBuilder();
        List<String> expected = new ArrayList<>();
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < turns.size(); i++) {
            List<String> messages = new ArrayList<>();
            StringBuilder said = new StringBuilder();
            StringBuilder learned = new StringBuilder();
            if (systems && i % 2 == 0) {
                messages.add(message(shareGpt, "system", "s" + i));
                said.append(chatMl("system", "s" + i));
            }
            for (int turn = 0; turn < turns.get(i); turn++) {
                String id = i + "." + turn;
                messages.add(message(shareGpt, "user", "q" + id));
                messages.add(message(shareGpt, "assistant", "a" + id));
                said.append(chatMl("user", "q" + id)).append(chatMl("assistant", "a" + id));
                learned.append("a").append(id).append("<|im_end|>\n");
            }
            rows.append(
                    "{\"%s\": [%s]}\n".formatted(shareGpt ? "conversations" : "messages", String.join(", ", messages)));
            expected.add(said.toString());
            answers.add(learned.toString());
        }
        Path file = Files.createTempFile("rows", ".jsonl");
        try {
            Files.writeString(file, rows.toString().strip()); // the last line has no end
            InstructionSet set =
                    InstructionSet.read(List.of(file, file), ENCODER, new Rules(999, Overlong.DROP, Faulty.REFUSE, 0));
            expected.addAll(List.copyOf(expected)); // two files
            answers.addAll(List.copyOf(answers));
            assertThat(texts(set.train())).isEqualTo(expected);
            assertThat(learned(set.train())).isEqualTo(answers);
            assertThat(set.read()).isEqualTo(expected.size());
        } finally {
            Files.delete(file);
        }
    }

    private static String message(boolean shareGpt, String role, String text) {
        return (shareGpt ? "{\"from\": \"%s\", \"value\": \"%s\"}" : "{\"role\": \"%s\", \"content\": \"%s\"}")
                .formatted(role, text);
    }

    private static String chatMl(String role, String text) {
        return "<|im_start|>%s\n%s<|im_end|>\n".formatted(role, text);
    }

    private static List<String> texts(Examples examples) {
        return IntStream.range(0, examples.count())
                .mapToObj(i -> TOKENIZER.decode(examples.ids(i)))
                .toList();
    }

    @Test
    void toolsReachTheTemplate() throws IOException {
        Path file =
                file("{\"messages\": [%s, %s], \"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"f\"}}]}"
                        .formatted(message(false, "user", "q"), message(false, "assistant", "a")));
        ChatTokens.Encoder asks = ChatTokens.of(
                ChatTemplate.of(
                        "{% for tool in tools %}{{ tool.function.name }}{% endfor %}" + ChatFormat.CHATML.template()),
                TOKENIZER);
        InstructionSet set = InstructionSet.read(List.of(file), asks, new Rules(99, Overlong.DROP, Faulty.REFUSE, 0));
        assertThat(texts(set.train())).containsExactly("f" + chatMl("user", "q") + chatMl("assistant", "a"));
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
        assertThat(learned(set.heldOut())) // from anywhere
                .anyMatch(answer -> answer.length() == "a0<|im_end|>\n".length() || answer.startsWith("a1"))
                .anyMatch(answer -> answer.startsWith("a4") || answer.startsWith("a5"));
        assertThat(learned(read(file(rows.toString()), new Rules(99, Overlong.DROP, Faulty.REFUSE, 0.2))
                        .heldOut()))
                .isEqualTo(learned(set.heldOut()));
        for (int share = 0; share < 10; share++) {
            assertThat(read(file(rows.toString()), new Rules(99, Overlong.DROP, Faulty.REFUSE, share / 10.0))
                            .heldOut()
                            .count())
                    .isEqualTo(6 * share);
        }
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
        assertThat(texts(cut.train()).get(2)).startsWith("<|im_start|>user"); // the end is cut off
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
