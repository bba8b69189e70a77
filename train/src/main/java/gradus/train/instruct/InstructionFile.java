package gradus.train.instruct;

import gradus.error.DataException;
import gradus.error.FileReason;
import gradus.error.TokenizerException;
import gradus.tokenizer.json.JsonFault;
import gradus.train.instruct.InstructionLayout.Row;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A file of conversations: JSONL, a JSON object a line, or JSON, a list of them. One row is in memory at a
/// time, so the file may be larger than that. Its layout is that of its first row, and all others must have
/// the same.
public final class InstructionFile {
    /// The longest row, in bytes.
    static final int LONGEST = 16 << 20;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxStringLength(LONGEST)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /// For a value that others follow.
    private static final JsonMapper ELEMENTS = MAPPER.rebuild()
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path path;
    private final Consumer<DataException> onFault;
    private InstructionLayout layout;
    private int rows;

    /// @param onFault hears of a row that is no conversation; one that throws it on ends the reading
    public InstructionFile(Path path, Consumer<DataException> onFault) {
        this.path = path;
        this.onFault = onFault;
    }

    /// A file in which every row must be a conversation.
    public static InstructionFile strict(Path path) {
        return new InstructionFile(path, fault -> {
            throw fault;
        });
    }

    /// The layout of a file whose first row is a conversation's, such as [InstructionLayout#ALPACA]; null for
    /// any other file, such as a text.
    public static InstructionLayout recognise(Path path) {
        try (InputStream in = open(path)) {
            int first = firstByte(in);
            if (first == '{') {
                var lines = new JsonLines(in, path, LONGEST);
                JsonLines.Line line = lines.next();
                return line == null
                        ? null
                        : InstructionLayout.of(MAPPER.readTree(line.text())).orElse(null);
            }
            if (first != '[') {
                return null;
            }
            try (JsonParser parser = MAPPER.createParser(in)) {
                parser.nextToken();
                return parser.nextToken() != JsonToken.START_OBJECT
                        ? null
                        : InstructionLayout.of(ELEMENTS.readTree(parser)).orElse(null);
            }
        } catch (JacksonException | DataException | IOException noRow) {
            return null;
        }
    }

    /// The file's layout, once a row has been read.
    public InstructionLayout layout() {
        return layout;
    }

    /// Reads all conversations in their order.
    ///
    /// @return how many rows there were
    /// @throws DataException naming file and line: for a row that is no conversation as `onFault` wants, for
    ///     what is no JSON always
    public int read(Consumer<Conversation> reader) {
        return readRows(row -> conversation(row, reader));
    }

    /// Reads the rows of a file of any layout, for readers of their own.
    ///
    /// @return how many rows there were
    /// @throws DataException naming file and line of what is no JSON
    public static int rows(Path path, Consumer<Row> reader) {
        return strict(path).readRows(reader);
    }

    private int readRows(Consumer<Row> reader) {
        try (InputStream in = open(path)) {
            int first = firstByte(in);
            switch (first) {
                case '[' -> readList(in, reader);
                case '{' -> readLines(in, reader);
                case -1 -> throw new DataException(path + ": is empty; there is nothing to learn from");
                default ->
                    throw new DataException(
                            path + ":1: is no JSON: instruction data are JSON objects, one a line, or a list of them");
            }
        } catch (IOException failure) {
            throw new DataException("%s: cannot be read: %s".formatted(path, FileReason.of(failure)), failure);
        }
        if (rows == 0) {
            throw new DataException(path + ": holds no row; there is nothing to learn from");
        }
        return rows;
    }

    private void readLines(InputStream in, Consumer<Row> reader) throws IOException {
        var lines = new JsonLines(in, path, LONGEST);
        for (JsonLines.Line line = lines.next(); line != null; line = lines.next()) {
            String place = path + ":" + line.number();
            try {
                row(place, MAPPER.readTree(line.text()), reader);
            } catch (JacksonException notJson) {
                throw notJson(place, notJson);
            }
        }
    }

    private void readList(InputStream in, Consumer<Row> reader) {
        long line = 1;
        try (JsonParser parser = MAPPER.createParser(in)) {
            parser.nextToken(); // [
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                line = parser.currentTokenLocation().getLineNr();
                row(path + ":" + line, ELEMENTS.readTree(parser), reader);
            }
            line = parser.currentTokenLocation().getLineNr();
            if (parser.nextToken() != null) {
                throw new DataException(path + ":" + line + ": something follows the end of the list");
            }
        } catch (JacksonException notJson) {
            long at =
                    notJson.getLocation() == null ? line : notJson.getLocation().getLineNr();
            throw notJson(path + ":" + Math.max(at, line), notJson);
        }
    }

    private static DataException notJson(String place, JacksonException fault) {
        return new DataException("%s: is not valid JSON: %s".formatted(place, JsonFault.reason(fault)), fault);
    }

    private void row(String place, JsonNode json, Consumer<Row> reader) {
        rows++;
        reader.accept(new Row(place, json));
    }

    private void conversation(Row row, Consumer<Conversation> reader) {
        Conversation conversation;
        try {
            conversation = conversation(row);
        } catch (DataException fault) {
            onFault.accept(fault);
            return;
        } catch (TokenizerException fault) { // what a message must have
            onFault.accept(new DataException(row.place() + ": " + fault.getMessage(), fault));
            return;
        }
        reader.accept(conversation);
    }

    private Conversation conversation(Row row) {
        InstructionLayout own = InstructionLayout.of(row.json())
                .orElseThrow(() -> row.fault("is no conversation: a row has \"messages\", or \"conversations\", or"
                        + " \"instruction\" and \"output\""));
        if (layout == null) {
            layout = own;
        }
        if (own != layout) {
            throw row.fault("is a row of the layout %s, and those before are of %s".formatted(own, layout));
        }
        row.check(row.json(), InstructionKeys.of(own));
        return own.read(row);
    }

    /// A JSON object that a message of a conversation can carry.
    static ObjectNode object(String role, JsonNode content) {
        ObjectNode object = MAPPER.createObjectNode().put("role", role);
        object.putArray("content").add(content);
        return object;
    }

    // --- the file

    private static InputStream open(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new DataException(path + ": is a folder; instruction data are a .json or .jsonl file");
        }
        if (!Files.exists(path)) {
            throw new DataException(path + ": there is no such file");
        }
        return new BufferedInputStream(Files.newInputStream(path));
    }

    /// The first byte that is no white space, which stays unread; a byte order mark is passed over.
    private static int firstByte(InputStream in) throws IOException {
        in.mark(3);
        if (in.read() != 0xEF || in.read() != 0xBB || in.read() != 0xBF) {
            in.reset();
        }
        in.mark(1 << 12);
        int c = in.read();
        for (int i = 1; i < 1 << 12 && (c == ' ' || c == '\t' || c == '\n' || c == '\r'); i++) {
            c = in.read();
        }
        in.reset(); // lines are counted from the beginning
        return c;
    }

    /// All conversations of a file, for small ones.
    public static List<Conversation> all(Path path) {
        List<Conversation> all = new ArrayList<>();
        strict(path).read(all::add);
        return all;
    }
}
