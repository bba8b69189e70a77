package gradus.lessons.learn.report;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.folder.Progress;
import gradus.lessons.learn.grade.Verdict;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What the graders said of all exercises of a folder, for other programs.
public record Report(List<Line> lines) {
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /// One exercise.
    ///
    /// @param verdict of what stands in the file now
    /// @param entry   what the folder's `progress.txt` says: hints, and whether it was given up
    public record Line(Exercise exercise, Verdict verdict, Progress.Entry entry) {}

    public Report {
        lines = List.copyOf(lines);
    }

    private long passed() {
        return lines.stream().filter(each -> each.verdict.passed()).count();
    }

    public String json() {
        ObjectNode root = JSON.createObjectNode();
        root.put("exercises", lines.size());
        root.put("right", passed());
        ArrayNode results = root.putArray("results");
        for (Line line : lines) {
            ObjectNode result = results.addObject();
            result.put("exercise", line.exercise.toString());
            result.put("title", line.exercise.title());
            result.put("right", line.verdict.passed());
            result.put("verdict", line.verdict.kind().name().toLowerCase(java.util.Locale.ROOT));
            result.put("sentence", line.verdict.sentence());
            ArrayNode details = result.putArray("details");
            line.verdict.details().forEach(details::add);
            result.put("state", line.entry.state().toString());
            result.put("hints", line.entry.hints());
            if (line.entry.date() != null) {
                result.put("since", line.entry.date().toString());
            }
        }
        return JSON.writeValueAsString(root) + "\n";
    }

    /// One test for each exercise, in the form that build servers read.
    public String junit() {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeCharacters("\n");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", "gradus");
            xml.writeAttribute("tests", Integer.toString(lines.size()));
            xml.writeAttribute("failures", Long.toString(lines.size() - passed()));
            xml.writeAttribute("errors", "0");
            xml.writeAttribute("skipped", "0");
            for (Line line : lines) {
                xml.writeCharacters("\n  ");
                write(xml, line);
            }
            xml.writeCharacters("\n");
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e); // in memory nothing fails
        }
        return text + "\n";
    }

    private static void write(XMLStreamWriter xml, Line line) throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", line.exercise.lesson());
        xml.writeAttribute("name", line.exercise.name());
        if (!line.verdict.passed()) {
            xml.writeStartElement("failure");
            xml.writeAttribute("type", line.verdict.kind().name());
            xml.writeAttribute("message", allowed(line.verdict.sentence()));
            xml.writeCharacters(allowed(String.join("\n", line.verdict.details())));
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    /// Without the characters that XML has no way to write.
    private static String allowed(String text) {
        return text.codePoints()
                .map(c ->
                        c == '\n' || c == '\t' || c >= ' ' && c <= 0xD7FF || c >= 0xE000 && c <= 0xFFFD || c >= 0x10000
                                ? c
                                : 0xFFFD)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /// @throws ResourceException if it cannot be written
    public static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new ResourceException(file + " cannot be written: " + FileReason.of(e), e);
        }
    }
}
