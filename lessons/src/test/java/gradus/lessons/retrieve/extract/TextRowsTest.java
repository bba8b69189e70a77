package gradus.lessons.retrieve.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.error.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextRowsTest {
    private static final TextRows ROWS = new TextRows("rows", List.of("a", "b"), Set.of("b"));

    @TempDir
    private Path folder;

    private List<List<String>> read(String text) throws Exception {
        Path file = Files.writeString(folder.resolve("f.jsonl"), text);
        return ROWS.read(file, row -> List.of(row.apply("a"), row.apply("b")));
    }

    @Test
    void aRowALine() throws Exception {
        assertThat(read("{\"a\": \"x\", \"b\": \"y\"}\r\n\n{\"a\": \"\"}"))
                .containsExactly(List.of("x", "y"), List.of("", ""));
    }

    @Test
    void whatIsWrongIsNamedWithItsLine() {
        String form = "; a line is {\"a\": …, \"b\": …}";
        String[][] wrong = {
            {"\n", " has no rows"},
            {"{\"a\": \"x\"}\n{\"a\": \"x\", \"c\": \"y\"}", ":2: c is not known" + form},
            {"{\"b\": \"x\"}", ":1: \"a\" must be a text" + form},
            {"{\"a\": \"x\", \"b\": 1}", ":1: \"b\" must be a text" + form},
            {"[\"a\"]", ":1: \"a\" must be a text" + form},
            {"{\"a\"", ":1: is no JSON object"},
        };
        for (String[] each : wrong) {
            assertThatThrownBy(() -> read(each[0]))
                    .isInstanceOf(DataException.class)
                    .hasMessage(folder.resolve("f.jsonl") + each[1]);
        }
    }

    @Test
    void whatARowCannotBeIsNamedToo() throws Exception {
        Path file = Files.writeString(folder.resolve("f.jsonl"), "{\"a\": \"x\"}");
        assertThatThrownBy(() -> ROWS.read(file, row -> {
                    throw ConfigException.of("a must be longer; got %s", row.apply("a"));
                }))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ":1: a must be longer; got x");
    }
}
