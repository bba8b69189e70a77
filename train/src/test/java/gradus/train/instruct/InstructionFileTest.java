package gradus.train.instruct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.DataException;
import gradus.tokenizer.chat.ChatMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class InstructionFileTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String ROW =
            "{\"messages\": [{\"role\": \"user\", \"content\": \"q\"}, {\"role\": \"assistant\", \"content\": \"a\"}]}";

    @TempDir
    private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("data.jsonl"), text);
    }

    private static List<ChatMessage> read(Path file) {
        return InstructionFile.all(file).getFirst().messages();
    }

    // --- layouts

    @Test
    void readsMessages() throws IOException {
        Path file = file("""
                {"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "q"},
                """.strip() + """
                 {"role": "assistant", "content": null, "tool_calls": [{"function": {"name": "f", "arguments": {}}}]},\
                 {"role": "tool", "content": "7"}, {"role": "assistant", "content": "seven"}],\
                 "tools": [{"type": "function", "function": {"name": "f"}}], "id": 3, "source": "x"}
                """);
        Conversation conversation = InstructionFile.all(file).getFirst();
        assertThat(conversation.messages())
                .extracting(ChatMessage::role)
                .containsExactly("system", "user", "assistant", "tool", "assistant");
        assertThat(conversation.messages().getLast()).isEqualTo(ChatMessage.assistant("seven"));
        assertThat(conversation.tools().toString()).isEqualTo("[{type=function, function={name=f}}]");
        assertThat(conversation.place()).endsWith("data.jsonl:1");
        assertThat(InstructionFile.recognise(file)).isEqualTo(InstructionLayout.MESSAGES);
    }

    @Test
    void readsShareGpt() throws IOException {
        Path file = file("""
                {"system": "s", "conversations": [{"from": "human", "value": "q"}, {"from": "gpt", "value": "a"},\
                 {"from": "user", "value": "r"}, {"from": "assistant", "value": "b"}]}
                """);
        assertThat(read(file))
                .containsExactly(
                        ChatMessage.system("s"),
                        ChatMessage.user("q"),
                        ChatMessage.assistant("a"),
                        ChatMessage.user("r"),
                        ChatMessage.assistant("b"));
        assertThat(InstructionFile.recognise(file)).isEqualTo(InstructionLayout.SHAREGPT);
    }

    @Test
    void readsAlpaca() throws IOException {
        Path file = file("""
                [{"instruction": "Add.", "input": "1 and 2", "output": "3"},
                 {"instruction": "Say hi.", "input": "", "output": "hi", "system": "s", "history": [["q", "a"]]}]
                """);
        List<Conversation> all = InstructionFile.all(file);
        assertThat(all.get(0).messages())
                .containsExactly(ChatMessage.user("Add.\n1 and 2"), ChatMessage.assistant("3"));
        assertThat(all.get(1).messages())
                .containsExactly(
                        ChatMessage.system("s"),
                        ChatMessage.user("q"),
                        ChatMessage.assistant("a"),
                        ChatMessage.user("Say hi."),
                        ChatMessage.assistant("hi"));
        assertThat(all.get(1).place()).endsWith(":2");
        assertThat(InstructionFile.recognise(file)).isEqualTo(InstructionLayout.ALPACA);
    }

    @Test
    void textIsNoInstructionData() throws IOException {
        assertThat(InstructionFile.recognise(file("whale: a very large animal\n")))
                .isNull();
        assertThat(InstructionFile.recognise(file("{ braces: a text }\n"))).isNull();
        assertThat(InstructionFile.recognise(file("{\"text\": \"other data\"}\n")))
                .isNull();
        assertThat(InstructionFile.recognise(file("[1, 2]"))).isNull();
        assertThat(InstructionFile.recognise(file(""))).isNull();
        assertThat(InstructionFile.recognise(folder)).isNull();
    }

    /// Whatever messages say, JSON and JSONL in each layout give the same conversations.
    @Property(tries = 200)
    void layoutsAgree(@ForAll @Size(min = 1, max = 4) List<@StringLength(max = 20) String> drawn) throws IOException {
        List<String> texts =
                drawn.stream().map(text -> "x" + text.replaceAll("\\p{Cs}", "")).toList();
        ObjectNode messages = MAPPER.createObjectNode();
        ObjectNode turns = MAPPER.createObjectNode();
        ObjectNode alpaca = MAPPER.createObjectNode();
        alpaca.putArray("history");
        List<ChatMessage> expected = new ArrayList<>();
        messages.putArray("messages");
        turns.putArray("conversations");
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            messages.withArray("messages").addObject().put("role", "user").put("content", text);
            messages.withArray("messages").addObject().put("role", "assistant").put("content", text + "!");
            turns.withArray("conversations").addObject().put("from", "human").put("value", text);
            turns.withArray("conversations").addObject().put("from", "gpt").put("value", text + "!");
            if (i + 1 < texts.size()) {
                alpaca.withArray("history").addArray().add(text).add(text + "!");
            }
            expected.add(ChatMessage.user(text));
            expected.add(ChatMessage.assistant(text + "!"));
        }
        alpaca.put("instruction", texts.getLast()).put("output", texts.getLast() + "!");
        Path file = Files.createTempFile("layouts", ".json");
        try {
            for (ObjectNode row : List.of(messages, turns, alpaca)) {
                String json = MAPPER.writeValueAsString(row);
                for (String text : List.of(json, "\n" + json + "\n\n", "[" + json + "]", "\uFEFF[\n" + json + "\n]")) {
                    Files.writeString(file, text);
                    assertThat(read(file)).isEqualTo(expected);
                }
            }
        } finally {
            Files.delete(file);
        }
    }

    // --- faults

    private void refused(String text, String message) throws IOException {
        Path file = file(text);
        assertThatThrownBy(() -> InstructionFile.all(file))
                .isInstanceOf(DataException.class)
                .hasMessage(file + message);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
                    u a u     | message 3: the conversation ends with the user, and nothing answers
                    u u a     | message 2: the user cannot follow the user
                    u a a     | message 3: the assistant cannot follow the assistant
                    a u a     | message 1: a conversation cannot begin with the assistant
                    t u a     | message 1: a conversation cannot begin with the tool
                    u s a     | message 2: the system cannot follow the user
                    u t a     | message 2: the tool cannot follow the user
                    u a t a   | message 3: the tool cannot follow the assistant
                    s         | message 1: the conversation ends with the system, and nothing answers
                    s a       | message 2: the assistant cannot follow the system
                    """)
    void refusesConversationsThatDoNotAlternate(String turns, String message) throws IOException {
        ObjectNode row = MAPPER.createObjectNode();
        row.putArray("messages");
        for (String turn : turns.strip().split(" ")) {
            String role = switch (turn) {
                case "u" -> "user";
                case "a" -> "assistant";
                case "s" -> "system";
                default -> "tool";
            };
            row.withArray("messages").addObject().put("role", role).put("content", "x");
        }
        refused(ROW + "\n" + MAPPER.writeValueAsString(row), ":2: " + message);
    }

    @Test
    void refusesEmptyTurnsAndUnknownRoles() throws IOException {
        refused(ROW.replace("\"a\"", "\" \""), ":1: message 2: the assistant's turn is empty");
        refused(
                ROW.replace("\"user\"", "\"bot\""),
                ":1: message 1: the role bot is not known; system, user, assistant and tool are");
        refused(ROW.replace("\"role\": \"user\", ", ""), ":1: \"role\" must be a text; it is missing");
        refused(
                ROW.replace("\"content\": \"q\"", "\"content\": 3"),
                ":1: \"content\" must be a text or a list of parts; got 3");
        refused(
                "{\"conversations\": [{\"from\": \"alien\", \"value\": \"v\"}]}",
                ":1: \"from\": alien is not known; human, gpt and system are");
        refused("{\"messages\": []}", ":1: the conversation is empty");
        refused("{\"messages\": {}}", ":1: \"messages\" must be a list");
        refused("{\"instruction\": \"i\"}", ":1: \"output\" must be a text; it is missing");
        refused("{\"instruction\": \"i\", \"output\": \"\"}", ":1: message 2: the assistant's turn is empty");
        refused(
                "{\"instruction\": \"i\", \"output\": \"o\", \"history\": [[1, 2]]}",
                ":1: \"history\" must hold pairs of texts");
    }

    @Test
    void refusesKeysThatItDoesNotKnow() throws IOException {
        refused(
                ROW.replace("{\"messages\"", "{\"masks\": 1, \"messages\""),
                ":1: the key 'masks' is not known in a row with messages, so what it asks for would be passed over");
        refused(
                ROW.replace("\"content\": \"a\"", "\"content\": \"a\", \"weight\": 0"),
                ":1: the key 'weight' is not supported in a message: it says which turns are learned, and all of the"
                        + " assistant's are");
        refused(
                "{\"instruction\": \"i\", \"output\": \"o\", \"chosen\": \"c\"}",
                ":1: the key 'chosen' is not supported in a row with an instruction: it is for preference tuning");
    }

    @Test
    void refusesMixedLayouts() throws IOException {
        refused(
                ROW + "\n{\"instruction\": \"i\", \"output\": \"o\"}",
                ":2: is a row of the layout alpaca, and those before are of messages");
        refused(
                ROW + "\n{\"prompt\": \"i\"}",
                ":2: is no conversation: a row has \"messages\", or \"conversations\", or \"instruction\" and"
                        + " \"output\"");
    }

    @Test
    void refusesWhatIsNoJson() throws IOException {
        refused("", ": is empty; there is nothing to learn from"); // BAD-INPUT 89
        refused("[]", ": holds no row; there is nothing to learn from");
        refused("whale", ":1: is no JSON: instruction data are JSON objects, one a line, or a list of them");
        refused(ROW + "\n{\"messages\": [", ":2: is not valid JSON: it ends too early"); // BAD-INPUT 93
        refused(ROW + "\n" + ROW + " 7", ":2: is not valid JSON: something follows its end");
        refused("[" + ROW + ",\n{\"messages\" 1}]", ":2: is not valid JSON: '1' cannot stand there");
        refused("[" + ROW + "] 7", ":1: something follows the end of the list");
        refused(
                ROW.replace("{\"messages\"", "{\"messages\": 1, \"messages\""),
                ":1: is not valid JSON: the key 'messages' stands there twice");
    }

    @Test
    void refusesBadBytesAndGiantLines() throws IOException {
        Path file = folder.resolve("bytes.jsonl");
        byte[] row = (ROW + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] bad = new byte[2 * row.length];
        System.arraycopy(row, 0, bad, 0, row.length);
        System.arraycopy(row, 0, bad, row.length, row.length);
        bad[row.length + 45] = (byte) 0xFF;
        Files.write(file, bad); // BAD-INPUT 95
        assertThatThrownBy(() -> InstructionFile.all(file)).hasMessage(file + ":2: the line is not UTF-8");
        try (var in = Files.newInputStream(file)) { // BAD-INPUT 94
            var lines = new JsonLines(in, file, 50);
            assertThatThrownBy(lines::next)
                    .hasMessage(file + ":1: the line is longer than 50 bytes; each row is a line of its own");
        }
        assertThatThrownBy(() -> InstructionFile.all(folder)) // BAD-INPUT 97
                .hasMessage(folder + ": is a folder; instruction data are a .json or .jsonl file");
        Path none = folder.resolve("none"); // BAD-INPUT 88
        assertThatThrownBy(() -> InstructionFile.all(none)).hasMessage(none + ": there is no such file");
    }
}
