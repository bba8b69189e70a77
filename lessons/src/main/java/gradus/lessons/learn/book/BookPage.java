package gradus.lessons.learn.book;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Lesson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.IdGenerator;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.html.AttributeProvider;
import org.commonmark.renderer.html.HtmlNodeRendererContext;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.html.HtmlWriter;

/// One lesson as a chapter of the book: its page, with formulas and pictures in it, and its exercises.
final class BookPage {
    private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());
    private static final Parser PARSER = Parser.builder()
            .extensions(EXTENSIONS)
            .customBlockParserFactory(new FormulaBlock.Factory())
            .customInlineContentParserFactory(new Formula.Factory())
            .build();
    private static final Pattern REFERENCE =
            Pattern.compile("(?<!`)\\[(?:\\w+\\.)*(#?\\w+[\\w#.]*(?:\\([^)]*\\))?)\\](?!\\()");

    private final Lesson lesson;
    private final Map<String, byte[]> pictures;
    private final IdGenerator ids;
    private final Map<Node, String> idOf = new IdentityHashMap<>();
    private final Map<String, String> sections = new LinkedHashMap<>(); // id → its heading, as HTML
    private final HtmlRenderer renderer;

    /// @param printed what the lesson's program has drawn
    BookPage(Lesson lesson, Printed printed) {
        this.lesson = lesson;
        this.pictures = printed.pictures();
        this.ids = IdGenerator.builder().prefix(lesson.name() + "-").build();
        this.renderer = HtmlRenderer.builder()
                .extensions(EXTENSIONS)
                .escapeHtml(true)
                .nodeRendererFactory(Parts::new)
                .attributeProviderFactory(context -> attributes())
                .build();
    }

    /// The chapter.
    ///
    /// @param number of the chapter
    /// @throws IllegalArgumentException if a formula is not understood or a picture is not there
    String html(int number) {
        StringBuilder html = new StringBuilder();
        html.append("<article id=\"").append(lesson.name()).append("\">\n");
        Node page = PARSER.parse(lesson.page());
        page.accept(new AbstractVisitor() {
            @Override
            public void visit(Heading heading) {
                String text = plain(heading);
                if (heading.getLevel() == 1) {
                    heading.prependChild(new Text(number + ". "));
                } else {
                    String id = ids.generateId(text);
                    idOf.put(heading, id);
                    if (heading.getLevel() == 2) {
                        sections.put(id, inner(heading));
                    }
                }
            }
        });
        html.append(renderer.render(page));
        if (!lesson.exercises().isEmpty()) {
            String id = ids.generateId("exercises");
            sections.put(id, "Exercises");
            html.append("<h2 id=\"").append(id).append("\">Exercises</h2>\n");
            lesson.exercises().forEach(each -> html.append(exercise(each)));
        }
        return html.append("</article>\n").toString();
    }

    /// The headings of the chapter's sections, as HTML, by the id under which they are found.
    Map<String, String> sections() {
        return sections;
    }

    private static String plain(Node node) {
        StringBuilder text = new StringBuilder();
        node.accept(new AbstractVisitor() {
            @Override
            public void visit(Text each) {
                text.append(each.getLiteral());
            }

            @Override
            public void visit(Code code) {
                text.append(code.getLiteral());
            }
        });
        return text.toString();
    }

    private String inner(Heading heading) {
        String html = renderer.render(heading).strip();
        return html.substring(html.indexOf('>') + 1, html.lastIndexOf('<'));
    }

    // --- exercises

    private String exercise(Exercise exercise) {
        String head = exercise.source().head();
        String code = head.lines()
                        .filter(line -> !line.strip().startsWith("///"))
                        .filter(line -> !line.startsWith("package ") && !line.startsWith("import "))
                        .collect(Collectors.joining("\n"))
                        .strip()
                + "\n        // your answer\n"
                + exercise.source().tail();
        Node task = PARSER.parse(task(head));
        return """
                <section class="exercise" id="%s">
                <h3><code>%s</code> %s</h3>
                %s%s<p class="reading">%s</p>
                </section>
                """.formatted(
                        lesson.name() + "-" + exercise.name(),
                        exercise.name(),
                        TexSymbols.escaped(exercise.title()),
                        renderer.render(task),
                        block("java", code),
                        exercise.reading().isBlank() ? "" : "To read: " + TexSymbols.escaped(exercise.reading()));
    }

    /// The documentation comments that stand before the gap, as Markdown.
    private static String task(String head) {
        List<String> lines = new ArrayList<>();
        for (String line : head.lines().map(String::strip).toList()) {
            if (line.startsWith("///")) {
                lines.add(line.substring(3).replaceFirst("^ ", ""));
            } else if (!lines.isEmpty() && !lines.getLast().isEmpty()) {
                lines.add("");
            }
        }
        return lines.stream()
                .map(line -> REFERENCE.matcher(line).replaceAll(found -> "`" + reference(found.group(1)) + "`"))
                .map(line -> line.replaceFirst("^@param (\\w+)", "- `$1`:")
                        .replaceFirst("^@return", "- Result:")
                        .replaceFirst("^@throws (?:[\\w.]+\\.)?(\\w+)", "- Throws `$1`"))
                .collect(Collectors.joining("\n"));
    }

    private static String reference(String name) {
        return name.replaceFirst("^#", "")
                .replace('#', '.')
                .replace("\\", "\\\\")
                .replace("$", "\\$");
    }

    private static String block(String language, String code) {
        boolean java = language.equals("java");
        return "<pre class=\"%s\"><code>%s</code></pre>\n"
                .formatted(
                        language.isEmpty() ? "plain" : TexSymbols.escaped(language),
                        java ? JavaCode.html(code) : TexSymbols.escaped(code));
    }

    // --- how parts of a page are drawn

    private AttributeProvider attributes() {
        return (node, tag, attributes) -> {
            String id = idOf.get(node);
            if (id != null) {
                attributes.put("id", id);
            }
        };
    }

    /// Formulas, pictures and code.
    private final class Parts implements NodeRenderer {
        private final HtmlWriter html;

        Parts(HtmlNodeRendererContext context) {
            this.html = context.getWriter();
        }

        @Override
        public Set<Class<? extends Node>> getNodeTypes() {
            return Set.of(Formula.class, FormulaBlock.class, Image.class, FencedCodeBlock.class);
        }

        @Override
        public void render(Node node) {
            switch (node) {
                case Formula formula -> html.raw(Tex.mathMl(formula.tex(), false));
                case FormulaBlock formula -> {
                    html.line();
                    html.raw(Tex.mathMl(formula.tex(), true));
                    html.line();
                }
                case Image image -> html.raw(picture(image));
                case FencedCodeBlock code -> {
                    html.line();
                    html.raw(block(code.getInfo().strip().split(" ")[0], code.getLiteral())
                            .strip());
                    html.line();
                }
                default -> throw new IllegalStateException(node.getClass().getName());
            }
        }
    }

    private String picture(Image image) {
        String name = image.getDestination().replaceFirst("\\.png$", "");
        byte[] png = pictures.get(name);
        if (png == null) {
            throw new IllegalArgumentException("the picture " + image.getDestination() + " was not drawn");
        }
        int[] size = size(png);
        return "<img alt=\"%s\" width=\"%s\" height=\"%s\" src=\"data:image/png;base64,%s\"/>"
                .formatted(
                        TexSymbols.escaped(plain(image)),
                        size[0],
                        size[1],
                        Base64.getEncoder().encodeToString(png));
    }

    private static int[] size(byte[] png) {
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(png))) {
            ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
            reader.setInput(in);
            int[] size = {reader.getWidth(0), reader.getHeight(0)};
            reader.dispose();
            return size;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
