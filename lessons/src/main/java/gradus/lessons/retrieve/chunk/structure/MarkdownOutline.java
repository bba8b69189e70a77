package gradus.lessons.retrieve.chunk.structure;

import java.util.ArrayList;
import java.util.List;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/// Markdown as CommonMark reads it: paragraphs, lists, quotations and code blocks under their headings. A `#`
/// in a code block is none.
public final class MarkdownOutline implements Outline {
    private static final Parser PARSER =
            Parser.builder().includeSourceSpans(IncludeSourceSpans.BLOCKS).build();

    @Override
    public List<Part> parts(String document) {
        List<Part> parts = new ArrayList<>();
        Headings headings = new Headings();
        for (Node block = PARSER.parse(document).getFirstChild(); block != null; block = block.getNext()) {
            if (block.getSourceSpans().isEmpty()) {
                continue;
            }
            List<String> path = block instanceof Heading heading
                    ? headings.enter(heading.getLevel(), title(heading))
                    : headings.path();
            parts.add(new Part(block.getSourceSpans().getFirst().getInputIndex(), path));
        }
        return parts;
    }

    private static String title(Heading heading) {
        StringBuilder title = new StringBuilder();
        heading.accept(new AbstractVisitor() {
            @Override
            public void visit(Text text) {
                title.append(text.getLiteral());
            }

            @Override
            public void visit(Code code) {
                title.append(code.getLiteral());
            }
        });
        return title.toString();
    }
}
