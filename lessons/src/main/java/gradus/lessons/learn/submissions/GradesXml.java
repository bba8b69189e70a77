package gradus.lessons.learn.submissions;

import gradus.lessons.learn.grade.Verdict;
import java.io.StringWriter;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/// [Grades] as JUnit writes its results, for programs that read those: a suite for each submission, a case
/// for each exercise. What is wrong is a failure, what could not be run an error, what is not written is
/// skipped.
public final class GradesXml {
    private GradesXml() {}

    public static String of(Grades grades) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            line(xml, "");
            xml.writeStartElement("testsuites");
            for (Grades.Submission each : grades.submissions()) {
                suite(xml, each);
            }
            line(xml, "");
            xml.writeEndElement();
            line(xml, "");
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }

    private static void line(XMLStreamWriter xml, String indent) throws XMLStreamException {
        xml.writeCharacters("\n" + indent);
    }

    private static void suite(XMLStreamWriter xml, Grades.Submission submission) throws XMLStreamException {
        line(xml, "  ");
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", clean(submission.name()));
        xml.writeAttribute("tests", "" + submission.results().size());
        for (String element : new String[] {"failure", "error", "skipped"}) {
            long count = submission.results().stream()
                    .filter(each -> element.equals(element(each.verdict().kind())))
                    .count();
            xml.writeAttribute(
                    switch (element) {
                        case "failure" -> "failures";
                        case "error" -> "errors";
                        default -> element;
                    },
                    "" + count);
        }
        for (Grades.Result each : submission.results()) {
            result(xml, each);
        }
        line(xml, "  ");
        xml.writeEndElement();
    }

    private static void result(XMLStreamWriter xml, Grades.Result result) throws XMLStreamException {
        line(xml, "    ");
        xml.writeStartElement("testcase");
        int slash = result.exercise().indexOf('/');
        xml.writeAttribute("classname", result.exercise().substring(0, Math.max(0, slash)));
        xml.writeAttribute("name", result.exercise().substring(slash + 1));
        xml.writeAttribute("time", String.format(Locale.ROOT, "%.3f", result.millis() / 1000.0));
        Verdict verdict = result.verdict();
        String element = element(verdict.kind());
        if (!element.isEmpty()) {
            line(xml, "      ");
            xml.writeStartElement(element);
            xml.writeAttribute("message", clean(verdict.sentence()));
            if (!element.equals("skipped")) {
                xml.writeAttribute("type", verdict.kind().name().toLowerCase(Locale.ROOT));
            }
            xml.writeCharacters(clean(String.join("\n", verdict.details())));
            xml.writeEndElement();
            line(xml, "    ");
        }
        xml.writeEndElement();
    }

    private static String element(Verdict.Kind kind) {
        return switch (kind) {
            case PASSED -> "";
            case NAMED, WRONG -> "failure";
            case UNWRITTEN -> "skipped";
            case UNCOMPILED, FORBIDDEN, LIMIT, DIED -> "error";
        };
    }

    /// Without the characters that XML has no way to write: a learner's program may print any.
    private static String clean(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints()
                .map(c -> c == '\n' || c == '\t' || c >= 0x20 && c <= 0xD7FF || c >= 0xE000 && c <= 0xFFFD || c > 0xFFFF
                        ? c
                        : 0xFFFD)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }
}
