package gradus.train.report;

import gradus.error.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import tools.jackson.databind.node.ObjectNode;

/// The page's text: a frame, its style, its program and the library that draws its curves, and the data. Its
/// first lines forbid the browser to load anything from elsewhere.
final class ReportPage {
    private static final String ECHARTS = "/META-INF/resources/webjars/echarts/5.3.1/dist/echarts.min.js";

    private ReportPage() {}

    static String html(String title, ObjectNode data, OptionalInt refresh) {
        String again =
                refresh.isPresent() ? "<meta http-equiv=\"refresh\" content=\"" + refresh.getAsInt() + "\"/>" : "";
        return resource("page.html")
                .replace("{{title}}", escaped(title))
                .replace("{{refresh}}", again)
                .replace("{{style}}", resource("page.css"))
                .replace("{{echarts}}", resource(ECHARTS))
                .replace("{{program}}", resource("page.js"))
                .replace("{{data}}", inScript(data.toString()));
    }

    /// JSON within a script: whatever texts hold, they end no script and begin no comment.
    private static String inScript(String json) {
        return json.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029");
    }

    private static String escaped(String text) {
        return Printable.message(text).replace("&", "&amp;").replace("<", "&lt;");
    }

    private static String resource(String name) {
        try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
