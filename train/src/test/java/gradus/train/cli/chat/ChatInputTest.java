package gradus.train.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChatInputTest {
    private static List<String> messages(String typed, boolean terminal) {
        ChatInput input = new ChatInput(new BufferedReader(new StringReader(typed)), terminal);
        List<String> all = new ArrayList<>();
        for (String message = input.next(); message != null; message = input.next()) {
            all.add(message);
        }
        return all;
    }

    @Test
    void aLineOfAPipeIsAMessage() {
        assertThat(messages("a\n\nb", false)).containsExactly("a", "", "b");
        assertThat(messages("", false)).isEmpty();
    }

    @Test
    void linesThatComeAtOnceAreOne() {
        assertThat(messages("a\nb\n", true).getFirst()).startsWith("a\nb");
    }

    @Test
    void fencedLinesAreOne() {
        String fence = "\"\"\"";
        assertThat(messages(fence + "a\n\n b\n" + fence + "\nc\n", false)).containsExactly("a\n\n b", "c");
        assertThat(messages(fence + "a" + fence + "\n", false)).containsExactly("a");
        assertThat(messages(fence + "\na\nb", false)).containsExactly("a\nb"); // never closed
    }
}
