package gradus.lessons.retrieve.chunk.cli;

import gradus.lessons.retrieve.chunk.Chunk;
import gradus.lessons.retrieve.chunk.Units;
import gradus.train.cli.terminal.Console;
import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Shows chunks: on a terminal with colours as the document itself, each chunk on its own background and what
/// two share on a third; else as a list; or as JSON.
final class Display {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final List<String> BACKGROUNDS = List.of("\u001b[30;46m", "\u001b[30;43m");
    private static final String OVERLAP = "\u001b[4;30;45m";
    private static final String PLAIN = "\u001b[0m";

    private final Console console;
    private final String document;
    private final Units units;
    private final String unit;

    Display(Console console, String document, Units units, String unit) {
        this.console = console;
        this.document = document;
        this.units = units;
        this.unit = unit;
    }

    void show(List<Chunk> chunks) {
        if (console.colors()) {
            coloured(chunks);
        } else {
            listed(chunks);
        }
        console.err().println("%s chunks of %s %s".formatted(chunks.size(), units.between(0, document.length()), unit));
    }

    private void coloured(List<Chunk> chunks) {
        for (Region region : Region.of(document, chunks)) {
            String colour = region.count() == 0 ? PLAIN : region.count() > 1 ? OVERLAP : background(region.chunk());
            String[] lines = document.substring(region.start(), region.end()).split("\n", -1);
            for (int i = 0; i < lines.length; i++) {
                console.raw().print(colour);
                console.raw().flush();
                console.text().print(lines[i].replace("\r", ""));
                console.text().flush();
                console.raw().print(i + 1 < lines.length ? PLAIN + "\n" : PLAIN); // no colour to the end of the line
                console.raw().flush();
            }
        }
        console.raw().println();
    }

    private static String background(int chunk) {
        return BACKGROUNDS.get(chunk % BACKGROUNDS.size());
    }

    private void listed(List<Chunk> chunks) {
        for (int i = 0; i < chunks.size(); i++) {
            Chunk chunk = chunks.get(i);
            StringBuilder head = new StringBuilder(
                    "--- %s: %s to %s, %s %s".formatted(i + 1, chunk.start(), chunk.end(), length(chunk), unit));
            if (i > 0 && chunk.start() < chunks.get(i - 1).end()) {
                int shared = units.between(chunk.start(), chunks.get(i - 1).end());
                head.append(", %s of them shared".formatted(shared));
            }
            if (!chunk.path().isEmpty()) {
                head.append("; ").append(String.join(" > ", chunk.path()));
            }
            console.text().println(head);
            console.text().println(chunk.text());
        }
    }

    private int length(Chunk chunk) {
        return units.between(chunk.start(), chunk.end());
    }

    private record Row(int start, int end, int length, List<String> path, String text) {}

    /// An array of objects.
    void json(List<Chunk> chunks) {
        console.text()
                .println(JSON.writeValueAsString(chunks.stream()
                        .map(each -> new Row(each.start(), each.end(), length(each), each.path(), each.text()))
                        .toList()));
    }
}
