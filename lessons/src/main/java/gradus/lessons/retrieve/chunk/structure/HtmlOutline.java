package gradus.lessons.retrieve.chunk.structure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;

/// HTML as browsers read it, by jsoup: block elements under the headings `h1` to `h6` that stand before them.
/// Chunks are the source, tags included; the text of one is `Jsoup.parse(chunk.text()).text()`.
public final class HtmlOutline implements Outline {
    @Override
    public List<Part> parts(String document) {
        Parser parser = Parser.htmlParser().setTrackPosition(true);
        List<Element> blocks = new ArrayList<>();
        for (Element element : Jsoup.parse(document, "", parser).getAllElements()) {
            if (element.isBlock()
                    && element.sourceRange().isTracked()
                    && !element.sourceRange().isImplicit()) {
                blocks.add(element);
            }
        }
        blocks.sort(Comparator.comparingInt(HtmlOutline::start)); // misnested ones are moved in the tree
        Headings headings = new Headings();
        List<Part> parts = new ArrayList<>();
        for (Element block : blocks) {
            boolean heading = block.normalName().matches("h[1-6]");
            List<String> path =
                    heading ? headings.enter(block.normalName().charAt(1) - '0', block.text()) : headings.path();
            parts.add(new Part(start(block), path));
        }
        return parts;
    }

    private static int start(Element element) {
        return element.sourceRange().startPos();
    }
}
